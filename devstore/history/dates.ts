/**
 * Finds out how a file writes its dates, from the evidence of all of them, and reads them. 03/04/2026 alone says nothing:
 * where no date decides between day and month first, that is an error and not a guess.
 */
import type { Zone } from "./zone.ts";

export type DateForm = "iso" | "dmy" | "mdy" | "epoch";

export type DetectedForm = { ok: true; form: DateForm } | { ok: false; reason: string };

const TIME = String.raw`(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp][Mm])?)?`;
const ISO = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${TIME}\s*(Z|UTC|[+-]\d{2}:?\d{2})?$`);
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const NUMERIC = new RegExp(String.raw`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})${TIME}$`);
const EPOCH = /^\d{9,13}$/;

function familyOf(value: string): "iso" | "numeric" | "epoch" | null {
  if (ISO.test(value) || COMPACT.test(value)) return "iso";
  if (NUMERIC.test(value)) return "numeric";
  return EPOCH.test(value) ? "epoch" : null;
}

export interface DateFormDetector {
  see(value: string): void;
  /** By all that was seen. `told` (`--dates dmy`) decides where the dates do not; values of no form are ignored. */
  form(told?: "dmy" | "mdy"): DetectedForm;
}

export function dateFormDetector(): DateFormDetector {
  const counts = { iso: 0, numeric: 0, epoch: 0 };
  let dayFirst: string | null = null;
  let monthFirst: string | null = null;
  let sample = "";
  return {
    see(value) {
      const family = familyOf(value);
      if (!family) {
        sample ||= value;
        return;
      }
      counts[family] += 1;
      if (family !== "numeric") return;
      const [, first = "", second = ""] = NUMERIC.exec(value) ?? [];
      if (Number(first) > 12) dayFirst ??= value;
      if (Number(second) > 12) monthFirst ??= value;
      sample = value;
    },
    form(told) {
      const most = Math.max(counts.iso, counts.numeric, counts.epoch);
      if (most === 0)
        return { ok: false, reason: `no date is understood (the first is ${JSON.stringify(sample)})` };
      if (counts.iso === most) return { ok: true, form: "iso" };
      if (counts.epoch === most) return { ok: true, form: "epoch" };
      if (told) return { ok: true, form: told };
      if (dayFirst !== null && monthFirst !== null) {
        return {
          ok: false,
          reason: `dates contradict each other: ${dayFirst} has the day first, ${monthFirst} the month; pass --dates dmy or --dates mdy and the others are skipped`,
        };
      }
      if (dayFirst !== null) return { ok: true, form: "dmy" };
      if (monthFirst !== null) return { ok: true, form: "mdy" };
      return {
        ok: false,
        reason: `dates such as ${sample} could have the day or the month first; pass --dates dmy or --dates mdy`,
      };
    },
  };
}

export function detectDateForm(values: Iterable<string>, told?: "dmy" | "mdy"): DetectedForm {
  const detector = dateFormDetector();
  for (const value of values) detector.see(value);
  return detector.form(told);
}

const NOON_HOUR = 12;

/**
 * The instant of a date, `null` where it is not one. Times without an offset are the zone's own; a date without a time
 * is its noon, so that no zone moves it to another day.
 */
export function readDate(value: string, form: DateForm, zone: Zone): number | null {
  if (form === "epoch") return EPOCH.test(value) ? Number(value) * (value.length <= 10 ? 1000 : 1) : null;
  if (form === "iso") {
    const [, year, month, day, hour, minute, second, half, offset] =
      ISO.exec(value) ?? COMPACT.exec(value) ?? [];
    return instantOf([year, month, day], [hour, minute, second, half], offset, zone);
  }
  const [, first, second, year, ...time] = NUMERIC.exec(value) ?? [];
  if (year === undefined) return null;
  const fullYear = year.length === 4 ? year : `${Number(year) < 70 ? 20 : 19}${year}`;
  const [day, month] = form === "dmy" ? [first, second] : [second, first];
  return instantOf([fullYear, month, day], time, undefined, zone);
}

type Part = string | undefined;

function instantOf(date: Part[], time: Part[], offset: Part, zone: Zone): number | null {
  const [year, month, day] = date.map(Number);
  const [hourText, minuteText = "0", secondText = "0", half] = time;
  if (year === undefined || month === undefined || day === undefined) return null;
  const hour = hourOfDay(hourText, half);
  if (hour === null) return null;
  const wall = Date.UTC(year, month - 1, day, hour, Number(minuteText), Number(secondText));
  const read = new Date(wall);
  const isReal =
    read.getUTCMonth() === month - 1 &&
    read.getUTCDate() === day &&
    read.getUTCHours() === hour &&
    read.getUTCMinutes() === Number(minuteText) &&
    Number(secondText) < 60;
  if (!isReal) return null;
  if (offset === undefined) return zone.instantOf(wall);
  return wall - offsetMinutes(offset) * 60_000;
}

function hourOfDay(text: Part, half: Part): number | null {
  if (text === undefined) return NOON_HOUR;
  const hour = Number(text);
  if (!half) return hour < 24 ? hour : null;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
}

function offsetMinutes(offset: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(offset) ?? [];
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === "-" ? -size : size;
}
