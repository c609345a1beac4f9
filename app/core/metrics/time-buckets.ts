/** Days, ISO weeks and calendar months by table, because asking the calendar for each of a million orders is slow. */
import { firstDayOfMonth, isoDate, isoMonth, monthOf, weekOf } from "../calendar.ts";

export type Grain = "month" | "week";
export type TrendGrain = Grain | "day";

const NUMBER_OF: Record<TrendGrain, (day: number) => number> = {
  day: (day) => day,
  week: weekOf,
  month: monthOf,
};

export interface TimeBuckets {
  grain: TrendGrain;
  /** Bucket of the first day of the table. */
  first: number;
  count: number;
  fromDay: number;
  /** byDay[day - fromDay] = bucket - first. */
  byDay: Int32Array;
}

export function timeBuckets(grain: TrendGrain, fromDay: number, toDay: number): TimeBuckets {
  const number = NUMBER_OF[grain];
  const first = number(fromDay);
  const byDay = new Int32Array(toDay - fromDay + 1);
  for (let day = fromDay; day <= toDay; day++) byDay[day - fromDay] = number(day) - first;
  return { grain, first, count: number(toDay) - first + 1, fromDay, byDay };
}

/** First day of bucket `index` of the table. */
export function bucketStart({ grain, first }: TimeBuckets, index: number): number {
  if (grain === "day") return first + index;
  return grain === "month" ? firstDayOfMonth(first + index) : (first + index) * 7 - 3;
}

/** `2026-03` of a month, the Monday's date of a week, a day's own. */
export function bucketName(buckets: TimeBuckets, index: number): string {
  return buckets.grain === "month" ? isoMonth(buckets.first + index) : isoDate(bucketStart(buckets, index));
}
