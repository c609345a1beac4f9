/** Dates in the shopper's language and the shop's time zone: Shopify's named formats, and strftime's letters. */
import { StorefrontError } from "./thing.ts";

const NAMED: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  abbreviated_date: { year: "numeric", month: "short", day: "numeric" },
  basic: { year: "numeric", month: "numeric", day: "numeric" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_at_time: { year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit" },
  default: { dateStyle: "full", timeStyle: "short" },
  on_date: { year: "numeric", month: "short", day: "numeric" },
};

interface DateOptions {
  locale: string;
  timeZone: string;
  /** strftime's. */
  format: string;
  /** One of Shopify's names. */
  style: string | null;
}

export function localDate(value: unknown, { locale, timeZone, format, style }: DateOptions): unknown {
  if (value === null || value === undefined || value === "") return value;
  const dayOnly = typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value.trim());
  const at =
    value === "now" || value === "today"
      ? new Date()
      : typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value))
        ? new Date(Number(value) * 1000)
        : new Date(typeof value === "string" ? value : Number.NaN);
  if (Number.isNaN(at.getTime())) return value;
  // A day without a time is that day everywhere.
  const zone = dayOnly ? "UTC" : timeZone;
  if (style !== null) {
    const options = NAMED[style];
    if (!options) throw new StorefrontError(`there is no date format ${style}`);
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }).format(at);
  }
  return strftime(at, format === "" ? "%Y-%m-%d %H:%M:%S %z" : format, locale, zone);
}

function strftime(at: Date, format: string, locale: string, timeZone: string): string {
  const part = (options: Intl.DateTimeFormatOptions, type: Intl.DateTimeFormatPartTypes, language = "en") =>
    new Intl.DateTimeFormat(language, { ...options, timeZone })
      .formatToParts(at)
      .find((each) => each.type === type)?.value ?? "";
  const two = (text: string) => text.padStart(2, "0");
  const year = () => part({ year: "numeric" }, "year");
  const month = () => two(part({ month: "numeric" }, "month"));
  const day = () => part({ day: "numeric" }, "day");
  const hour = () => two(part({ hour: "numeric", hourCycle: "h23" }, "hour"));
  const minute = () => two(part({ minute: "numeric" }, "minute"));
  const second = () => two(part({ second: "numeric" }, "second"));
  const inLanguage = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(at);
  const letters: Readonly<Record<string, () => string>> = {
    "%": () => "%",
    A: () => inLanguage({ weekday: "long" }),
    B: () => part({ month: "long", day: "numeric" }, "month", locale),
    D: () => `${month()}/${two(day())}/${year().slice(-2)}`,
    F: () => `${year()}-${month()}-${two(day())}`,
    H: hour,
    I: () => two(part({ hour: "numeric", hourCycle: "h12" }, "hour")),
    M: minute,
    S: second,
    Y: year,
    Z: () => "UTC",
    a: () => inLanguage({ weekday: "short" }),
    b: () => part({ month: "short", day: "numeric" }, "month", locale),
    d: () => two(day()),
    e: () => day().padStart(2, " "),
    m: month,
    p: () => (Number(hour()) < 12 ? "AM" : "PM"),
    s: () => String(Math.floor(at.getTime() / 1000)),
    y: () => year().slice(-2),
    z: () => part({ timeZoneName: "longOffset" }, "timeZoneName").replace(/GMT|:/g, "") || "+0000",
  };
  return format.replace(/%(-?)([A-Za-z%])/g, (_all, dash: string, letter: string) => {
    const write = letters[letter];
    if (!write) throw new StorefrontError(`the date format %${letter} is not simulated`);
    return dash ? write().replace(/^[0 ]+(?=.)/, "") : write();
  });
}
