import { expect, it } from "vitest";
import { statedReport } from "../../app/core/questions/shop-metrics.ts";
import { sampleColumns } from "../../tests/support/order-columns.ts";
import { money, reportText } from "./display.ts";

it("writes money exactly in its own decimals", () => {
  expect(money(123_456, "USD")).toBe("1,234.56 USD");
  expect(money(1200, "JPY")).toBe("1,200 JPY");
  expect(money(-5, "KWD")).toBe("-0.005 KWD");
  expect(money(null, "USD")).toBe("-");
});

it("shows every figure and the cohorts by month", () => {
  const figures = {
    currency: "GBP",
    orders: 1234,
    customers: 3,
    guestOrders: 17,
    repeatCustomers: 1,
    repeatPurchaseRate: 1 / 3,
    grossMinor: 1_000_000,
    refundsMinor: 5,
    netMinor: 999_995,
    aovMinor: 81_037,
    purchaseFrequency: 1.5,
    medianDaysBetweenOrders: 30.5,
    cohorts: [
      { month: "2026-01", customers: 2, retention: [1, 0.5], cumulativeNetMinor: [400, 1000] },
      { month: "2026-02", customers: 1, retention: [1], cumulativeNetMinor: [300] },
    ],
  };
  const text = reportText({ ...statedReport(sampleColumns([])), figures });
  for (const part of [
    "1,234, of which 17 by guests",
    "33.3%",
    "9,999.95 GBP",
    "810.37 GBP",
    "1.50",
    "30.5 days",
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toMatch(/2026-01 +2 +100% +50% +5\.00 GBP/);
  expect(text).toMatch(/2026-02 +1 +100% +3\.00 GBP/);
});

it("says when it was true, and that figures without the whole history may be wrong", () => {
  const said = (facts: { syncComplete?: boolean; readableFromDay?: number }) =>
    reportText(
      statedReport(
        sampleColumns([{ on: "2026-01-01", customer: 1, grossMinor: 8, costedNetMinor: 2 }], {
          readAt: 60_000,
          ...facts,
        }),
      ),
    );
  expect(said({})).toContain("As of 1970-01-01 00:01 UTC. Counted from the shop's whole history.");
  expect(said({})).toContain("Unit costs are known for 25.0% of net revenue.");
  expect(said({ syncComplete: false })).toContain("The sync is not complete: returning customers may be");
  expect(said({ readableFromDay: 31 })).toContain("Orders before 1970-02-01 cannot be read: returning");
});
