/** What an import says, in words. */
import type { ImportField } from "../../core/loyalty/import-columns.ts";
import { NOT_GIVEN, type ImportReport, type NotGiven } from "../../core/loyalty/import-report.ts";
import type { DateOrder } from "../../core/loyalty/import-row.ts";

export const FIELD_WORDS: Readonly<Record<ImportField, { label: string; help: string }>> = {
  email: { label: "E-mail address", help: "Customers are found by it." },
  customerId: { label: "Shopify customer id", help: "Finds customers whose e-mail address has changed." },
  points: { label: "Points", help: "What can be spent now." },
  expiry: { label: "End of points", help: "Points can be spent to the end of that day." },
  tier: { label: "Tier", help: "By name; entering it brings nothing." },
  tierExpiry: { label: "End of tier", help: "The tier holds to the end of that day." },
  birthday: { label: "Birthday", help: "Month and day go to Shopify; the year is left aside." },
  referrals: { label: "Referrals", help: "Counted in the report, and not taken over." },
};

export const REASON_WORDS: Readonly<Record<NotGiven, string>> = {
  unmatched: "No customer of the shop",
  duplicate: "The customer stands in the file before",
  already: "An earlier import had the customer",
  "no-customer": "No e-mail address or customer id",
  "not-points": "Points are no whole number",
  "negative-points": "Points below zero",
  "too-many-points": "More than 1,000,000,000 points",
  "not-a-date": "A date that is none in the chosen order",
  "not-a-count": "Referrals are no number",
  "too-few-columns": "Fewer columns than the heading",
};

export const DATE_WORDS: Readonly<Record<DateOrder, string>> = {
  ymd: "Year, month, day: 2026-12-31",
  dmy: "Day, month, year: 31/12/2026",
  mdy: "Month, day, year: 12/31/2026",
};

export const SEPARATOR_WORDS = { ",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical line" } as const;

/** Why rows are not given, those reasons that there are. */
export function reasonsIn({ notGiven }: ImportReport): NotGiven[] {
  return NOT_GIVEN.filter((reason) => notGiven[reason].rows > 0);
}
