import { expect, test } from "vitest";
import { createHealth } from "./health.server.ts";

test("ready when every check is content", async () => {
  expect(await createHealth([async () => null, async () => null]).faults()).toEqual([]);
});

test("says what is wrong, without what an error quotes", async () => {
  const health = createHealth(
    [
      async () => "not migrated",
      async () => Promise.reject(new Error("password=secret refused")),
      () => new Promise(() => undefined),
      async () => null,
    ],
    20,
  );
  expect(await health.faults()).toEqual(["not migrated", "a check failed", "a check did not answer in time"]);
});

test("not ready once stopping", async () => {
  const health = createHealth([]);
  health.stop();
  expect(await health.faults()).toEqual(["stopping"]);
});
