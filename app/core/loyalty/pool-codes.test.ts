import { expect, test } from "vitest";
import { poolCodes } from "./pool-codes.ts";

test.each([
  ["A1\r\nB2\n\n C3 \nA1", ["A1", "B2", "C3"]],
  ['\uFEFFCode,valid until\n"A-1",2027\n\'x;y\tz', ["A-1", "'x"]],
  ["", []],
])("%j", (text, codes) => {
  expect(poolCodes(text)).toEqual({ ok: true, codes });
});

test("a line that can be no code is named", () => {
  expect(poolCodes("A1\nB 2")).toEqual({ ok: false, line: 2, because: "odd" });
  expect(poolCodes(`A1\n${"B".repeat(65)}`)).toEqual({ ok: false, line: 2, because: "too-long" });
  expect(poolCodes("A1\nü")).toEqual({ ok: false, line: 2, because: "odd" });
});
