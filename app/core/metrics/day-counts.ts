/** Exact order statistics of whole numbers of days from their counts, without sorting a million of them. */

/** counts[d] = how often d days occurred. */
export interface DayCounts {
  counts: Float64Array;
  total: number;
  sum: number;
}

export function dayCounts(): DayCounts {
  return { counts: new Float64Array(512), total: 0, sum: 0 };
}

export function addDays(into: DayCounts, days: number): void {
  if (days >= into.counts.length) {
    const larger = new Float64Array(Math.max(days + 1, into.counts.length * 2));
    larger.set(into.counts);
    into.counts = larger;
  }
  into.counts[days] = (into.counts[days] as number) + 1;
  into.total++;
  into.sum += days;
}

/** The value at a rank counted from 0. */
function atRank({ counts }: DayCounts, rank: number): number {
  let seen = 0;
  for (let days = 0; days < counts.length; days++) {
    seen += counts[days] as number;
    if (seen > rank) return days;
  }
  throw new Error(`no rank ${rank}`);
}

/**
 * Quantile by linear interpolation between closest ranks (type 7 of Hyndman and Fan, 1996), which for one half is the
 * median as everybody takes it.
 */
export function quantileOf(counts: DayCounts, probability: number): number | null {
  if (counts.total === 0) return null;
  const position = (counts.total - 1) * probability;
  const low = atRank(counts, Math.floor(position));
  const high = atRank(counts, Math.ceil(position));
  return low + (high - low) * (position - Math.floor(position));
}
