/** What a change of points for many orders would come to: for the programme, and for its members. */

/** Of one customer, over all orders in question. */
export interface CustomerChange {
  /** Less than zero: taken back. */
  points: number;
  /** Orders whose points change. */
  orders: number;
  /** Otherwise the points wait until the customer joins. */
  isMember: boolean;
}

export interface DryRunReport {
  orders: number;
  /** Whose balance changes. */
  members: number;
  points: number;
  /** What is given and what is taken, by member. */
  given: number;
  taken: number;
  /** Customers who get less than their orders come to. */
  capped: number;
  /** Of customers who have not joined. */
  waitingPoints: number;
  /** Of the members' changes, whatever their sign. */
  medianPoints: number;
  largestPoints: number;
  /** Of all points that change: those of the tenth of members with the largest changes. */
  topTenthShare: number;
}

/** `most`: what one customer can get; `null`: there is no limit. */
export function dryRunReport(all: readonly CustomerChange[], most: number | null = null): DryRunReport {
  const changes = all.map((change) => ({ ...change, points: Math.min(change.points, most ?? Infinity) }));
  const changed = changes.filter(({ points, isMember }) => isMember && points !== 0);
  const sizes = Float64Array.from(changed, ({ points }) => Math.abs(points)).sort();
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const top = sizes
    .subarray(sizes.length - Math.ceil(sizes.length / 10))
    .reduce((sum, size) => sum + size, 0);
  const sumOf = (some: readonly CustomerChange[]) => some.reduce((sum, { points }) => sum + points, 0);
  return {
    orders: changes.reduce((sum, { orders }) => sum + orders, 0),
    members: changed.length,
    points: sumOf(changed),
    given: sumOf(changed.filter(({ points }) => points > 0)),
    taken: 0 - sumOf(changed.filter(({ points }) => points < 0)),
    capped: all.filter(({ points }) => most !== null && points > most).length,
    waitingPoints: sumOf(changes.filter(({ isMember }) => !isMember)),
    medianPoints: median(sizes),
    largestPoints: sizes.at(-1) ?? 0,
    topTenthShare: total === 0 ? 0 : top / total,
  };
}

/** Of sorted numbers. */
function median(sorted: Float64Array): number {
  const middle = sorted.length / 2;
  const [below = 0, above = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (below + above) / 2;
}
