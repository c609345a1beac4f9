/** The curve of the time to the second order at evenly spaced days, as a chart draws it. */
import type { TimeToSecondOrder } from "./second-order.ts";

type ReorderShare = TimeToSecondOrder["curve"][number];

/** So many days are drawn at most; the readings and the median go on. */
const DRAWN_DAYS = 730;
/** The widest draws two years in 53 points. */
const STEPS = [1, 2, 7, 14];
const MOST_POINTS = 60;

/** The share by each day drawn; between two of them it only grows, and beyond the last reorder it stays. */
export function evenReorderCurve(curve: readonly ReorderShare[]): ReorderShare[] {
  const last = Math.min(curve.at(-1)?.days ?? -1, DRAWN_DAYS);
  const step = STEPS.find((days) => last / days < MOST_POINTS) ?? 14;
  const points: ReorderShare[] = [];
  let place = -1;
  for (let days = 0; days < last + step && last >= 0; days += step) {
    while (place + 1 < curve.length && (curve[place + 1] as ReorderShare).days <= days) place++;
    const reached = curve[place];
    points.push(reached ? { ...reached, days } : { days, share: 0, low: null, high: null });
  }
  return points;
}
