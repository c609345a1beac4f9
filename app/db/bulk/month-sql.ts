/** Calendar months of a shop in SQL that both databases understand: neither knows the shop's zone. */

/** A calendar month of the shop and the moment at which it begins. */
export interface MonthStart {
  month: number;
  at: number;
}

/**
 * The month of a time, found by halves as in a sorted list. `months` are in the order of time and without gaps; what lies outside
 * counts with the month next to it. `time` is SQL of ours.
 */
export function monthSql(time: string, months: readonly MonthStart[]): string {
  const half = Math.floor(months.length / 2);
  const [only, middle] = [months[0], months[half]];
  if (!only || !middle) throw new Error("there are no months");
  if (half === 0) return String(only.month);
  const [earlier, later] = [months.slice(0, half), months.slice(half)];
  return `CASE WHEN ${time} < ${middle.at} THEN ${monthSql(time, earlier)} ELSE ${monthSql(time, later)} END`;
}
