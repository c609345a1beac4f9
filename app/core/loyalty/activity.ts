/** What members earn for beside orders: what the merchant offers, and how often it can be earned. */
import { addMonths, dayFromIso, isoDate, startOfDay, type ShopCalendar } from "../calendar.ts";

/** Those that there is one of; `follow` and `custom` have as many as the merchant names. */
export const SINGLE_ACTIVITIES = ["join", "birthday", "anniversary", "newsletter", "profile"] as const;
type SingleKind = (typeof SINGLE_ACTIVITIES)[number];

export interface Activity {
  /** The kind's own name, where there is one of it. */
  key: string;
  kind: SingleKind | "follow" | "custom";
  /** The merchant's, as shoppers read it: of `follow` and `custom`. */
  name: string;
  points: number;
  /** Where `follow` leads. */
  url: string | null;
  /** How often one member can earn it. */
  most: number;
  per: "ever" | "year" | "month" | "day";
}

export const ACTIVITY_BOUNDS = {
  points: { least: 1, most: 100_000 },
  most: { least: 1, most: 1_000 },
  /** Letters. */
  name: { least: 1, most: 60 },
  url: { least: 1, most: 500 },
  /** Of each of `follow` and `custom`. */
  named: { least: 0, most: 20 },
} as const;

/** Beside `follow` and `custom`, whose limit is the merchant's. */
export const USUAL_LIMITS: Readonly<Record<SingleKind, Pick<Activity, "most" | "per">>> = {
  join: { most: 1, per: "ever" },
  // A birthday that is told anew is no second one.
  birthday: { most: 1, per: "year" },
  anniversary: { most: 1, per: "year" },
  newsletter: { most: 1, per: "ever" },
  profile: { most: 1, per: "ever" },
};

export function isSingle(kind: Activity["kind"]): kind is SingleKind {
  return kind !== "follow" && kind !== "custom";
}

/**
 * A deed's natural key in the ledger: what was earned for it has this name for ever. `occasion` tells two of one member apart: the year of a
 * birthday, the key that whoever asks for a custom one has made.
 */
export function deedOf({ key }: Pick<Activity, "key">, memberId: number, occasion: string): string {
  return `${deedsOf({ key })}${memberId}/${occasion}`;
}

/** The occasion of a deed, whoever's it was. */
export function occasionOf(sourceId: string): string {
  return sourceId.split("/").slice(2).join("/");
}

/** How all deeds of an activity begin. */
export function deedsOf({ key }: Pick<Activity, "key">): string {
  return `${key}/`;
}

/** Since when deeds count against the limit: the beginning of the shop's day, a month or a year before. */
function limitSince({ per }: Pick<Activity, "per">, now: number, calendar: ShopCalendar): number {
  if (per === "ever") return -Infinity;
  const today = calendar.dayOf(now);
  // A birthday on a Saturday and one that is found a few days late are a year apart.
  const first = { day: today, month: addMonths(today, -1) + 1, year: addMonths(today, -11) }[per];
  return startOfDay(first, calendar);
}

/** `past`: when the member earned it before. */
export function isWithinLimit(
  activity: Pick<Activity, "most" | "per">,
  past: readonly number[],
  now: number,
  calendar: ShopCalendar,
): boolean {
  const since = limitSince(activity, now, calendar);
  return past.filter((at) => at >= since).length < activity.most;
}

/** How many days a deed that comes with a day may be found late. */
const LATE_DAYS = 3;

/** The years of days of the last ones that are a month's day, `02-29` on the 28th where there is none. */
export function yearsOfDay(monthDay: string, now: number, calendar: ShopCalendar): number[] {
  const today = calendar.dayOf(now);
  const years: number[] = [];
  for (let day = today - LATE_DAYS + 1; day <= today; day += 1) {
    const date = isoDate(day);
    const isLastOfFebruary = date.endsWith("-02-28") && !isoDate(day + 1).endsWith("-02-29");
    if (date.slice(5) === monthDay || (monthDay === "02-29" && isLastOfFebruary))
      years.push(Number(date.slice(0, 4)));
  }
  return years;
}

/** Days on which members joined who have been so for whole years within the last days; by each, how many. */
export function anniversaryDays(
  now: number,
  firstDay: number,
  calendar: ShopCalendar,
): { day: number; years: number }[] {
  const today = calendar.dayOf(now);
  const found: { day: number; years: number }[] = [];
  for (let on = today - LATE_DAYS + 1; on <= today; on += 1) {
    for (let years = 1; addMonths(on, -12 * years) >= firstDay - 1; years += 1) {
      const day = addMonths(on, -12 * years);
      found.push({ day, years });
      // Who joined on the 29th of February has it on the 28th where there is no other.
      if (isoDate(day + 1).endsWith("-02-29") && !isoDate(on + 1).endsWith("-02-29"))
        found.push({ day: dayFromIso(isoDate(day + 1)), years });
    }
  }
  return found;
}
