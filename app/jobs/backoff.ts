/** How long a failed job waits for its next attempt. */

const FIRST_MS = 5_000;
const LONGEST_MS = 3_600_000;

/**
 * min(5 s x 2^(attempt - 1), 1 h), times a factor from 0.75 to 1.25, so that jobs that failed together do not come back
 * together. `random` is in [0, 1).
 */
export function backoffMs(attempt: number, random: number, firstMs = FIRST_MS): number {
  const middle = Math.min(firstMs * 2 ** Math.max(attempt - 1, 0), LONGEST_MS);
  return Math.round(middle * (0.75 + random / 2));
}
