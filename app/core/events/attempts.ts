/** When a delivery that failed is tried again: soon at first, for a day in all, and then it is given up. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Pauses after the first, second, ... failed attempt. */
const PAUSES_MS = [15_000, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 16 * HOUR] as const;

export const MOST_ATTEMPTS = PAUSES_MS.length + 1;

/** `failures` attempts have failed, the last of them now; `random` is in [0, 1) and keeps those that failed together apart. `null`: give it up. */
export function nextAttemptAt(failures: number, now: number, random: number): number | null {
  const pause = PAUSES_MS[failures - 1];
  return pause === undefined ? null : now + Math.round(pause * (0.85 + 0.3 * random));
}
