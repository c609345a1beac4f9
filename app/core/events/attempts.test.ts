import { expect, test } from "vitest";
import { MOST_ATTEMPTS, nextAttemptAt } from "./attempts.ts";

test("a delivery is tried for a day, each time after a longer pause, and then given up", () => {
  let at = 0;
  let pause = 0;
  for (let failures = 1; failures < MOST_ATTEMPTS; failures++) {
    const next = nextAttemptAt(failures, at, 0.5);
    if (next === null) throw new Error("given up too early");
    expect(next - at).toBeGreaterThan(pause);
    pause = next - at;
    at = next;
  }
  expect(nextAttemptAt(MOST_ATTEMPTS, at, 0.5)).toBeNull();
  expect(at).toBeGreaterThan(24 * 3_600_000);
  expect(at).toBeLessThan(26 * 3_600_000);
});
