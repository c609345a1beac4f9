/** A row of another app's file, read by what the merchant has said of the file: nothing in it is guessed. */
import { dayFromIso, startOfDay, type ShopCalendar } from "../calendar.ts";
import type { ImportColumns, ImportField } from "./import-columns.ts";

export const DATE_ORDERS = ["ymd", "dmy", "mdy"] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

export interface ImportFormat {
  columns: ImportColumns;
  /** What stands before the decimals; the other one groups digits. */
  decimal: "." | ",";
  dates: DateOrder;
}

/** Of one customer: more is a mistake in the file. */
const MOST_POINTS = 1_000_000_000;

export const ROW_FAULTS = [
  "no-customer", "not-points", "negative-points", "too-many-points", "not-a-date", "not-a-count", "too-few-columns",
] as const; // prettier-ignore
type RowFault = (typeof ROW_FAULTS)[number];

export interface ImportedRow {
  /** As Shopify writes it: lower case, without blanks around it. */
  email: string | null;
  customerId: number | null;
  /** Whole ones; fractions are dropped. */
  points: number;
  /** The points had a fraction. */
  isRounded: boolean;
  /** The end of a day of the shop; `null`: as the programme's rules say. */
  expiresAt: number | null;
  tier: string | null;
  tierUntil: number | null;
  /** `MM-DD`. */
  birthday: string | null;
  referrals: number;
}

export type RowRead =
  | { ok: true; row: ImportedRow }
  /** `points`: of the row, where they could be read. `isOtherOrder`: the date could be read in another order. */
  | { ok: false; fault: RowFault; points: number; isOtherOrder: boolean };

export function readImportRow(
  cells: readonly string[],
  { columns, decimal, dates }: ImportFormat,
  calendar: Pick<ShopCalendar, "dayOf">,
): RowRead {
  const cell = (field: ImportField): string => {
    const at = columns[field];
    return at === undefined ? "" : (cells[at] ?? "").trim();
  };
  const refused = (fault: RowFault, points = 0, isOtherOrder = false): RowRead => ({
    ...{ ok: false, fault, points, isOtherOrder },
  });
  if (Math.max(...Object.values(columns)) >= cells.length) return refused("too-few-columns");
  const points = readPoints(cell("points"), decimal);
  if (typeof points === "string") return refused(points);
  const { whole, isRounded } = points;
  const email = readEmail(cell("email"));
  const customerId = readCustomerId(cell("customerId"));
  if (email === null && customerId === null) return refused("no-customer", whole);
  const referrals = readPoints(cell("referrals"), decimal);
  if (typeof referrals === "string") return refused("not-a-count", whole);
  const expiry = readDate(cell("expiry"), dates);
  const tierExpiry = readDate(cell("tierExpiry"), dates);
  const birthday = readMonthDay(cell("birthday"), dates);
  if (expiry === undefined || tierExpiry === undefined || birthday === undefined) {
    const others = DATE_ORDERS.filter((order) => order !== dates);
    const isOtherOrder = others.some(
      (order) =>
        readDate(cell("expiry"), order) !== undefined &&
        readDate(cell("tierExpiry"), order) !== undefined &&
        readMonthDay(cell("birthday"), order) !== undefined,
    );
    return refused("not-a-date", whole, isOtherOrder);
  }
  const endOf = (iso: string | null) => (iso === null ? null : startOfDay(dayFromIso(iso) + 1, calendar));
  const row: ImportedRow = {
    ...{ email, customerId, points: whole, isRounded, birthday, referrals: referrals.whole },
    ...{ expiresAt: endOf(expiry), tier: cell("tier") || null, tierUntil: endOf(tierExpiry) },
  };
  return { ok: true, row };
}

function readEmail(text: string): string | null {
  const email = text.normalize("NFC").toLowerCase();
  return /^[^\s@]+@[^\s@]+$/.test(email) ? email : null;
}

function readCustomerId(text: string): number | null {
  const [, digits] = /^(?:gid:\/\/shopify\/Customer\/)?(\d{1,15})$/.exec(text) ?? [];
  return digits === undefined ? null : Number(digits);
}

const NUMBERS = {
  ".": /^(-?)(\d{1,3}(?:[, '’\u00A0\u202F]\d{3})+|\d+)(?:\.(\d+))?$/,
  ",": /^(-?)(\d{1,3}(?:[. '’\u00A0\u202F]\d{3})+|\d+)(?:,(\d+))?$/,
} as const;

function readPoints(
  text: string,
  decimal: ImportFormat["decimal"],
): { whole: number; isRounded: boolean } | RowFault {
  if (text === "") return { whole: 0, isRounded: false };
  const [, sign, digits, fraction = ""] = NUMBERS[decimal].exec(text) ?? [];
  if (digits === undefined) return "not-points";
  const whole = Number(digits.replace(/\D/g, ""));
  const isRounded = /[1-9]/.test(fraction);
  if (sign === "-" && (whole > 0 || isRounded)) return "negative-points";
  return whole > MOST_POINTS ? "too-many-points" : { whole, isRounded };
}

/** `YYYY-MM-DD`; `null`: none is there; `undefined`: it is no date in this order. A time of day behind it is left aside. */
export function readDate(text: string, order: DateOrder): string | null | undefined {
  if (text === "") return null;
  const [date = ""] = text.split(/[T ]/);
  const parts = date.split(/[-/.]/);
  if (parts.length !== 3) return undefined;
  const [year, month, day] = placed(parts, order);
  if (!/^\d{4}$/.test(year) || !isOneOrTwoDigits(month) || !isOneOrTwoDigits(day)) return undefined;
  return existing(`${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`);
}

/** `MM-DD` of a date with its year or without. */
export function readMonthDay(text: string, order: DateOrder): string | null | undefined {
  if (text === "") return null;
  const parts = text.split(/[-/.]/);
  // A leap year, so that the 29th of February is a day.
  const [first = "", second = ""] = parts;
  const whole =
    parts.length === 2
      ? { ymd: `2000-${first}-${second}`, dmy: `${first}-${second}-2000`, mdy: `${first}-${second}-2000` }[
          order
        ]
      : text;
  const date = readDate(whole, order);
  return date ? date.slice(5) : date;
}

function placed(parts: readonly string[], order: DateOrder): [string, string, string] {
  const [first = "", second = "", third = ""] = parts;
  if (order === "ymd") return [first, second, third];
  return order === "dmy" ? [third, second, first] : [third, first, second];
}

function isOneOrTwoDigits(text: string): boolean {
  return /^\d{1,2}$/.test(text);
}

/** `undefined` where the calendar has no such day. */
function existing(iso: string): string | undefined {
  const time = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso) ? iso : undefined;
}

/** The one order in which all of these are dates; `null`: none or several are. */
export function guessDates(samples: readonly string[]): DateOrder | null {
  const told = samples.map((text) => text.trim()).filter((text) => text !== "");
  if (told.length === 0) return null;
  const fitting = DATE_ORDERS.filter((order) =>
    told.every((text) => readMonthDay(text, order) !== undefined),
  );
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}
