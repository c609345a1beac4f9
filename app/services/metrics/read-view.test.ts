import { expect, test } from "vitest";
import { dayFromIso } from "../../core/calendar.ts";
import { readView } from "./read-view.server.ts";

const NOW = Date.parse("2024-03-31T02:00:00Z");
const BOUNDS = { firstDay: dayFromIso("2021-05-04"), lastDay: dayFromIso("2024-03-29") };
const SHOP = {
  timeZone: "America/New_York",
  countsTax: true,
  countsShipping: false,
  countsGiftCards: false,
  refundBasis: "refund date",
};
const read = (query: string) => readView(new Request(`http://app/app${query}`), SHOP, BOUNDS, NOW);

test("an address without parameters shows the default, in the shop's days and with the shop's switches", () => {
  expect(read("")).toEqual({
    preset: "last-30-days",
    // In New York it is still the 30th.
    today: dayFromIso("2024-03-30"),
    period: { firstDay: dayFromIso("2024-02-29"), lastDay: dayFromIso("2024-03-29") },
    compareKind: "preceding",
    compare: { firstDay: dayFromIso("2024-01-30"), lastDay: dayFromIso("2024-02-28") },
    included: { tax: true, shipping: false, giftCards: false },
    basis: "refund date",
    notice: null,
  });
});

test("custom dates are taken as they are, and end today", () => {
  expect(read("?period=custom&from=2024-01-01&to=2024-01-31&compare=none")).toMatchObject({
    preset: "custom",
    period: { firstDay: dayFromIso("2024-01-01"), lastDay: dayFromIso("2024-01-31") },
    compare: null,
    notice: null,
  });
  const late = read("?period=custom&from=2024-03-01&to=2025-01-01");
  expect(late.period.lastDay).toBe(late.today);
  expect(late.notice).toMatch(/ends today/);
});

test.each([
  "?period=tomorrow",
  "?period=custom",
  "?period=custom&from=2024-02-30&to=2024-03-01",
  "?period=custom&from=2024-03-02&to=2024-03-01",
  "?period=custom&from=0001-01-01&to=2024-03-01",
  "?period=custom&from=2025-01-01&to=2025-03-01",
  "?compare=everything",
])("%s falls back and says so", (query) => {
  const view = read(query);
  expect(view).toMatchObject({ preset: "last-30-days", compareKind: "preceding" });
  expect(view.notice).toMatch(/./);
});
