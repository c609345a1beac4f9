/** Writes amounts, counts, shares, days and times in a language, currency and zone. The same text on server and in browser. */
import { currencyDecimals, formatMinor } from "../../core/money.ts";
import { firstDayOfMonth } from "../../core/calendar.ts";

export interface Show {
  locale: string;
  /** Of the shop. */
  currency: string;
  timeZone: string;
  /** An amount with all its decimals; exact at any size. A dash says that there is nothing to tell. */
  money: (minor: number | null, currency?: string) => string;
  /** An amount that was computed and not paid: it has a fraction of a minor unit, which is not told. */
  estimate: (minor: number | null) => string;
  /** `2.35×`. */
  times: (ratio: number | null) => string;
  /** An amount for an axis: `£12K`. */
  moneyShort: (minor: number, currency?: string) => string;
  count: (count: number | null) => string;
  /** `1 order`, `2 orders`: with the noun that goes with the count. */
  counted: (count: number, one: string, many: string) => string;
  /** `12.3%` of 0.123. */
  share: (share: number | null) => string;
  /** A share for an axis: `10%`. */
  shareShort: (share: number) => string;
  number: (value: number | null, decimals: number) => string;
  /** `31 Mar 2026` of a day number. */
  day: (day: number) => string;
  /** `31 Mar` of a day number, for axes. */
  dayShort: (day: number) => string;
  /** `Mar 2026` of a month number (core/calendar.ts). */
  month: (month: number) => string;
  /** `1 Mar 2026 – 31 Mar 2026`; runtimes do not agree on how to leave the first year out. */
  period: (period: { firstDay: number; lastDay: number }) => string;
  time: (timeMs: number) => string;
  /** `31 Mar 2026` of a moment, on the shop's own day. */
  date: (timeMs: number) => string;
  /** How much more or less than before, of what was; `null` where there is nothing to compare with. */
  change: (now: number | null, before: number | null | undefined) => Change | null;
  /** The same of shares, in percentage points; the word is kept short for small cards. */
  changeOfShare: (now: number | null, before: number | null | undefined) => Change | null;
}

export interface Change {
  text: string;
  direction: "up" | "down" | "same";
}

export interface ShowFacts {
  locale: string;
  currency: string;
  timeZone: string;
}

/**
 * Making one of these takes longer than rendering a card, and every component that writes a figure asks for some: all pages of a
 * server share them.
 */
const numberFormat = remembered(
  (locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
);
const dateFormat = remembered(
  (locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
);
/** Languages, currencies and zones of the shops last seen. */
const FORMATS_KEPT = 300;

function remembered<Options, Format>(make: (locale: string, options: Options) => Format) {
  const kept = new Map<string, Format>();
  return (locale: string, options: Options): Format => {
    const key = `${locale} ${JSON.stringify(options)}`;
    const known = kept.get(key);
    if (known) return known;
    const format = make(locale, options);
    kept.set(key, format);
    const [oldest] = kept.keys();
    if (kept.size > FORMATS_KEPT && oldest !== undefined) kept.delete(oldest);
    return format;
  };
}

const DASH = "–";
const DAY_MS = 86_400_000;

export function createShow({ locale, currency, timeZone }: ShowFacts): Show {
  return showOf(locale, { currency, timeZone });
}

const showOf = remembered(makeShow);

function makeShow(asked: string, { currency: shopCurrency, timeZone }: Omit<ShowFacts, "locale">): Show {
  const locale = knownLocale(asked);
  const number = (options: Intl.NumberFormatOptions) => (value: number | Intl.StringNumericLiteral) =>
    unbroken(numberFormat(locale, options).format(value));
  const date = (options: Intl.DateTimeFormatOptions) => (timeMs: number) =>
    plainSpaces(dateFormat(locale, options).format(timeMs));
  const counted = number({ maximumFractionDigits: 0 });
  const percent = number({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const roundPercent = number({ style: "percent", maximumFractionDigits: 1 });
  const day = date({ timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
  const dayShort = date({ timeZone: "UTC", day: "numeric", month: "short" });
  const month = date({ timeZone: "UTC", month: "short", year: "numeric" });
  const time = date({ timeZone, dateStyle: "medium", timeStyle: "short" });
  const ofTime = date({ timeZone, day: "numeric", month: "short", year: "numeric" });
  const signed = number({
    style: "percent",
    signDisplay: "exceptZero",
    maximumFractionDigits: 1,
  });
  const points = number({ signDisplay: "exceptZero", minimumFractionDigits: 1, maximumFractionDigits: 1 });

  function money(minor: number | null, currency = shopCurrency): string {
    if (minor === null) return DASH;
    const decimals = currencyDecimals(currency);
    const exact = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    // Written as text, an amount of any size keeps its last digit.
    const amount = formatMinor(minor, currency) as Intl.StringNumericLiteral;
    return number({ style: "currency", currency, ...exact })(amount);
  }

  const decimal = (value: number, decimals: number) =>
    number({ minimumFractionDigits: decimals, maximumFractionDigits: decimals })(value);

  function moneyShort(minor: number, currency = shopCurrency): string {
    const short = { notation: "compact", maximumFractionDigits: 1 } as const;
    return number({ style: "currency", currency, ...short })(minor / 10 ** currencyDecimals(currency));
  }

  return {
    locale,
    currency: shopCurrency,
    timeZone,
    money,
    estimate: (minor) => money(minor === null ? null : Math.round(minor)),
    moneyShort,
    times: (ratio) => (ratio === null ? DASH : `${decimal(ratio, ratio < 10 ? 2 : 1)}×`),
    count: (value) => (value === null ? DASH : counted(value)),
    counted: (value, one, many) => `${counted(value)} ${value === 1 ? one : many}`,
    share: (share) => (share === null ? DASH : percent(share)),
    shareShort: roundPercent,
    number: (value, decimals) => (value === null ? DASH : decimal(value, decimals)),
    day: (dayNumber) => day(dayNumber * DAY_MS),
    dayShort: (dayNumber) => dayShort(dayNumber * DAY_MS),
    month: (monthNumber) => month(firstDayOfMonth(monthNumber) * DAY_MS),
    period: ({ firstDay, lastDay }) =>
      firstDay === lastDay ? day(firstDay * DAY_MS) : `${day(firstDay * DAY_MS)} – ${day(lastDay * DAY_MS)}`,
    time,
    date: ofTime,
    change(now, before) {
      if (now === null || before === null || before === undefined || before === 0) return null;
      const relative = (now - before) / Math.abs(before);
      return { text: signed(relative), direction: directionOf(relative, 0.0005) };
    },
    changeOfShare(now, before) {
      if (now === null || before === null || before === undefined) return null;
      const difference = (now - before) * 100;
      return { text: `${points(difference)} pts`, direction: directionOf(difference, 0.05) };
    },
  };
}

function directionOf(difference: number, atLeast: number): Change["direction"] {
  if (Math.abs(difference) < atLeast) return "same";
  return difference > 0 ? "up" : "down";
}

/** A language that this runtime can write; the admin may name one that it cannot. */
function knownLocale(asked: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(asked)[0] ?? "en";
  } catch {
    return "en";
  }
}

/**
 * Runtimes differ in the spaces that they put into dates, and one that differs would make the browser draw the page anew. In a
 * number they must not break.
 */
function plainSpaces(text: string): string {
  return text.replace(/[\u00a0\u2009\u202f]/g, " ");
}

function unbroken(text: string): string {
  return text.replace(/[\u2009\u202f]/g, "\u00a0");
}
