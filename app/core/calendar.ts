/** The shop's own days: epoch milliseconds to local day numbers in any IANA zone, daylight saving included. */

const DAY_MS = 86_400_000;
const STEP_MS = 900_000;
const STEPS_A_DAY = DAY_MS / STEP_MS;

/** Converts times to day numbers (days since 1970-01-01) in one time zone. */
export interface ShopCalendar {
  readonly timeZone: string;
  /** Local day number of an instant given in epoch milliseconds. */
  dayOf(timeMs: number): number;
}

/**
 * A calendar for an IANA zone. Asking Intl for each of a million orders takes minutes, so offsets are remembered: of whole
 * UTC days where nothing changes in them, and else of steps of 15 minutes, on which every zone's changes since 1970 fall.
 * Throws a RangeError on an unknown zone.
 */
export function shopCalendar(timeZone: string): ShopCalendar {
  const format = formatOf(timeZone);
  const offsets = new Map<number, number>();

  function offsetAt(timeMs: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(timeMs)) parts[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - timeMs;
  }

  /** Offset at a step's start, remembered. */
  function offsetOfStep(step: number): number {
    let offset = offsets.get(step);
    if (offset === undefined) {
      offset = offsetAt(step * STEP_MS);
      offsets.set(step, offset);
    }
    return offset;
  }

  function dayOf(timeMs: number): number {
    const start = Math.floor(timeMs / DAY_MS) * STEPS_A_DAY;
    let offset = offsetOfStep(start);
    if (offset !== offsetOfStep(start + STEPS_A_DAY)) offset = offsetOfStep(Math.floor(timeMs / STEP_MS));
    return Math.floor((timeMs + offset) / DAY_MS);
  }

  return { timeZone, dayOf };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than all that is asked of it for an order. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(timeZone, format);
  return format;
}

/** ISO date (`2026-03-31`) of a day number. */
export function isoDate(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Day number of an ISO date; throws on anything else. */
export function dayFromIso(date: string): number {
  const time = Date.parse(`${date}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(time)) throw new Error(`not a date: ${date}`);
  return time / DAY_MS;
}

/** Months since January 1970 of a day number. */
export function monthOf(day: number): number {
  const date = new Date(day * DAY_MS);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** `2026-03` of a month number. */
export function isoMonth(month: number): string {
  return `${1970 + Math.floor(month / 12)}-${String((((month % 12) + 12) % 12) + 1).padStart(2, "0")}`;
}

/** First day number of a month number. */
export function firstDayOfMonth(month: number): number {
  return Date.UTC(1970 + Math.floor(month / 12), month % 12, 1) / DAY_MS;
}

/** The day so many months later; of a month that is too short its last one. */
export function addMonths(day: number, months: number): number {
  const month = monthOf(day);
  const first = firstDayOfMonth(month + months);
  return Math.min(first + day - firstDayOfMonth(month), firstDayOfMonth(month + months + 1) - 1);
}

/** The first moment of a local day, also where its midnight does not exist. */
export function startOfDay(day: number, { dayOf }: Pick<ShopCalendar, "dayOf">): number {
  // Zones are at most 14 hours ahead and 12 behind; all their changes fall on quarters of an hour.
  let before = day * DAY_MS - 16 * 3_600_000;
  let inside = day * DAY_MS + 16 * 3_600_000;
  while (inside - before > STEP_MS) {
    const middle = before + Math.floor((inside - before) / STEP_MS / 2) * STEP_MS;
    if (dayOf(middle) >= day) inside = middle;
    else before = middle;
  }
  return inside;
}

/** ISO weeks since the one that holds 1970-01-01 (weeks start on Monday). */
export function weekOf(day: number): number {
  return Math.floor((day + 3) / 7);
}
