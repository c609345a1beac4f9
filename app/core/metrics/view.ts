/** The period that a page looks at, what it is compared with, and what counts: read from the address, shared by its parts. */
import { dayFromIso, firstDayOfMonth, isoDate, monthOf } from "../calendar.ts";
import type { Included, RefundBasis } from "./amounts.ts";
import { daysOf, precedingPeriod, type Period } from "./period.ts";
import type { TrendGrain } from "./time-buckets.ts";

/** Named periods, in the order in which a merchant chooses from them. All but `year-to-date` and the like end yesterday: today is not over. */
export const PRESETS = [
  "last-7-days",
  "last-30-days",
  "last-90-days",
  "last-365-days",
  "month-to-date",
  "last-month",
  "year-to-date",
  "last-year",
  "all-time",
] as const;

export type Preset = (typeof PRESETS)[number];

export const COMPARE_KINDS = ["preceding", "year", "none"] as const;
export type CompareKind = (typeof COMPARE_KINDS)[number];

/** First and last day on which anything happened; `null` in an empty shop. */
export interface Bounds {
  firstDay: number | null;
  lastDay: number | null;
}

export interface View {
  preset: Preset | "custom";
  period: Period;
  compareKind: CompareKind;
  /** `null`: nothing to compare with. */
  compare: Period | null;
  included: Included;
  basis: RefundBasis;
  /** The shop's day now. */
  today: number;
  /** Why the view is another one than the address asked for. */
  notice: string | null;
}

/** No figure looks further back: orders are not older than online trade. */
export const EARLIEST_DAY = dayFromIso("1990-01-01");

/** The period of a preset. `last-30-days` is the 30 days up to yesterday, because today is not over. */
export function presetPeriod(preset: Preset, today: number, bounds: Bounds): Period {
  const yesterday = today - 1;
  const month = monthOf(today);
  const januaryOf = (year: number) => firstDayOfMonth((year - 1970) * 12);
  const year = yearOf(today);
  switch (preset) {
    case "last-7-days":
      return { firstDay: today - 7, lastDay: yesterday };
    case "last-30-days":
      return { firstDay: today - 30, lastDay: yesterday };
    case "last-90-days":
      return { firstDay: today - 90, lastDay: yesterday };
    case "last-365-days":
      return { firstDay: today - 365, lastDay: yesterday };
    case "month-to-date":
      return { firstDay: firstDayOfMonth(month), lastDay: today };
    case "last-month":
      return { firstDay: firstDayOfMonth(month - 1), lastDay: firstDayOfMonth(month) - 1 };
    case "year-to-date":
      return { firstDay: januaryOf(year), lastDay: today };
    case "last-year":
      return { firstDay: januaryOf(year - 1), lastDay: januaryOf(year) - 1 };
    case "all-time":
      return { firstDay: bounds.firstDay ?? today, lastDay: bounds.lastDay ?? bounds.firstDay ?? today };
  }
}

/** A page's usual period, or all time where nothing happened in it: a new shop, or one that has closed. */
export function defaultPreset(usual: Preset, today: number, { firstDay, lastDay }: Bounds): Preset {
  if (lastDay === null || firstDay === null) return usual;
  const period = presetPeriod(usual, today, { firstDay, lastDay });
  return lastDay < period.firstDay || firstDay > period.lastDay ? "all-time" : usual;
}

/** What a period is compared with. Whole months and years stand beside whole months and years, others beside as many days. */
export function comparedPeriod(
  preset: Preset | "custom",
  period: Period,
  kind: CompareKind,
  today: number,
): Period | null {
  if (kind === "none" || preset === "all-time") return null;
  if (kind === "year") return monthsEarlier(period, 12);
  switch (preset) {
    case "month-to-date":
      return monthsEarlier(period, 1);
    case "last-month":
      return { firstDay: firstDayOfMonth(monthOf(today) - 2), lastDay: period.firstDay - 1 };
    case "year-to-date":
    case "last-year":
      return monthsEarlier(period, 12);
    default:
      return precedingPeriod(period);
  }
}

/** The same days of the calendar in an earlier month; the 31st of a shorter month is its last day. */
function monthsEarlier({ firstDay, lastDay }: Period, months: number): Period {
  return { firstDay: dayMonthsEarlier(firstDay, months), lastDay: dayMonthsEarlier(lastDay, months) };
}

function dayMonthsEarlier(day: number, months: number): number {
  const month = monthOf(day);
  const target = firstDayOfMonth(month - months);
  return Math.min(target + (day - firstDayOfMonth(month)), firstDayOfMonth(month - months + 1) - 1);
}

function yearOf(day: number): number {
  return Number(isoDate(day).slice(0, 4));
}

/** So fine that a trend has a shape and so coarse that it can be read. */
export function trendGrain(period: Period): TrendGrain {
  const days = daysOf(period);
  if (days <= 45) return "day";
  return days <= 200 ? "week" : "month";
}

/** The address parameters under which a view is found again. */
export function viewParameters(
  chosen: { preset: Preset } | { period: Period },
  compareKind: CompareKind,
): Record<"period" | "from" | "to" | "compare", string | null> {
  const isCustom = "period" in chosen;
  return {
    period: isCustom ? "custom" : chosen.preset,
    from: isCustom ? isoDate(chosen.period.firstDay) : null,
    to: isCustom ? isoDate(chosen.period.lastDay) : null,
    compare: compareKind,
  };
}
