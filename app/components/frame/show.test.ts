import { expect, test } from "vitest";
import { dayFromIso } from "../../core/calendar.ts";
import { createShow } from "./show.ts";

const british = createShow({ locale: "en-GB", currency: "GBP", timeZone: "Europe/London" });
const german = createShow({ locale: "de", currency: "EUR", timeZone: "Europe/Berlin" });

test("money keeps every digit, in the currency's own decimals and the merchant's way of writing", () => {
  expect(british.money(123_456_789_012_345)).toBe("£1,234,567,890,123.45");
  expect(british.money(-5)).toBe("-£0.05");
  expect(german.money(123_456)).toBe("1.234,56\u00a0€");
  expect(british.money(1_234, "JPY")).toBe("JP¥1,234");
  expect(british.money(1_234_567, "KWD")).toBe("KWD\u00a01,234.567");
  expect(british.money(null)).toBe("–");
});

test("shares, numbers, days and times", () => {
  expect([british.share(0.1234), german.share(0.1234), british.share(null)]).toEqual([
    "12.3%",
    "12,3\u00a0%",
    "–",
  ]);
  expect([british.shareShort(0.1), british.shareShort(0.025)]).toEqual(["10%", "2.5%"]);
  expect([british.counted(1, "order", "orders"), british.counted(1_200, "order", "orders")]).toEqual([
    "1 order",
    "1,200 orders",
  ]);
  expect(british.number(1.005, 2)).toBe("1.01");
  expect(british.day(dayFromIso("2026-03-31"))).toBe("31 Mar 2026");
  expect(british.time(Date.parse("2026-07-01T12:00:00Z"))).toBe("1 Jul 2026, 13:00");
  const days = { firstDay: dayFromIso("2025-11-22"), lastDay: dayFromIso("2026-11-21") };
  expect(british.period(days)).toBe("22 Nov 2025 – 21 Nov 2026");
});

test("a change is relative for amounts and in points for shares, and missing without anything before", () => {
  expect(british.change(110, 100)).toEqual({ text: "+10%", direction: "up" });
  expect(british.change(-50, -100)).toEqual({ text: "+50%", direction: "up" });
  expect(british.change(5, 0)).toBeNull();
  expect(british.change(null, 5)).toBeNull();
  expect(british.changeOfShare(0.25, 0.3)).toEqual({ text: "-5.0 pts", direction: "down" });
  expect(british.changeOfShare(0.25, 0.25)).toMatchObject({ direction: "same" });
});

test("a language that nobody knows falls back to English", () => {
  expect(createShow({ locale: "!!", currency: "USD", timeZone: "UTC" }).count(1234)).toBe("1,234");
});
