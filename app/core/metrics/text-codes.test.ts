import { expect, test } from "vitest";
import { codeOfText, textCodes, textDictionary } from "./text-codes.ts";

test("a text keeps its number, and no text is 0", () => {
  const codes = textCodes();
  expect(["google", null, "direct", "", "google"].map((text) => codeOfText(codes, text))).toEqual([
    1, 0, 2, 0, 1,
  ]);
  expect(codes.texts).toEqual(["google", "direct"]);
});

test("a dictionary holds what is used, once and sorted, whatever the numbers were", () => {
  const { texts, index } = textDictionary(Int32Array.of(3, 0, 1, 4, 1), [
    "google",
    "unused",
    "direct",
    "google",
  ]);
  expect(texts).toEqual(["direct", "google"]);
  expect([...index]).toEqual([0, -1, 1, 1, 1]);
});
