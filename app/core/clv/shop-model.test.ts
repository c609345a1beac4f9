import { beforeAll, describe, expect, test } from "vitest";
import { sampleColumns, type SampleOrder } from "../../../tests/support/order-columns.ts";
import { dayFromIso, isoDate, monthOf } from "../calendar.ts";
import { countOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import { partEstimate } from "./cohort-interval.ts";
import { bgNbd } from "./models/bg-nbd.ts";
import { modelOf } from "./models.ts";
import { drawGamma, seededRandom } from "./numerics/random.ts";
import { purchaseStatistics } from "./purchase-statistics.ts";
import { fitShopModel, type ShopModel } from "./shop-model.ts";
import { shopPurchases } from "./shop-purchases.ts";
import { shopValue, type ShopValue } from "./shop-value.ts";
import { simulateFutures } from "./simulated-futures.ts";

const START = dayFromIso("2024-01-01");
const DAYS = 728;
const TODAY = START + DAYS;
/** Of every fourth customer nobody knows where they came from. */
const SOURCES = [undefined, "google", "direct", "google"];

/** Two years of orders of customers who come in the first of them and buy, leave and spend by known laws; and what they do in the year after. */
function lawfulShop(customers: number, seed: number): { orders: SampleOrder[]; nextYearMinor: number } {
  const random = seededRandom(seed);
  const draw = bgNbd.customerDrawer([0.6, 6, 0.7, 2.5], random);
  const orders: SampleOrder[] = [];
  let nextYearMinor = 0;
  for (let customer = 1; customer <= customers; customer++) {
    const first = START + Math.floor(random() * 364);
    const spend = () => Math.round((1000 * drawGamma(6, random)) / rate);
    const rate = drawGamma(4, random) / 3;
    const times = draw()((TODAY + 365 - first) / 7);
    for (const day of [first, ...times.map((time) => first + Math.floor(7 * time))]) {
      const grossMinor = spend();
      const source = SOURCES[customer % 4];
      const order = { on: isoDate(day), customer, product: 1 + (customer % 3), grossMinor };
      if (day <= TODAY) orders.push({ ...order, ...(source && { source }) });
      else nextYearMinor += grossMinor;
    }
  }
  return { orders, nextYearMinor };
}

describe("a shop whose customers follow known laws", () => {
  let columns: OrderColumns;
  let model: ShopModel;
  let value: ShopValue;
  let nextYearMinor: number;

  beforeAll(() => {
    const shop = lawfulShop(1_500, 11);
    nextYearMinor = shop.nextYearMinor;
    columns = sampleColumns(shop.orders, { flatMarginBasisPoints: 4_000 });
    const fitted = fitShopModel(shopPurchases(columns), { untilDay: TODAY, seed: 1 });
    if (!fitted) throw new Error("nobody has bought");
    // As it comes back from where it is stored.
    model = JSON.parse(JSON.stringify(fitted)) as ShopModel;
    const options = { model, months: 12, yearlyDiscount: 0, today: TODAY } as const;
    value = shopValue(columns, countOrders(columns), options);
  });

  test("is understood: a model is chosen over the rules, and tracks what came", () => {
    expect(model.customers).toBe(1_500);
    expect(model.backtest.ok).toBe(true);
    expect(["bg-nbd", "mbg-nbd", "pareto-nbd", "blend", "mbg-cnbd-k"]).toContain(model.chosen.purchases);
    const { actual = [], expected = [], knownWeeks = 0 } = model.tracking ?? {};
    expect(actual).toHaveLength(expected.length);
    expect(knownWeeks).toBeLessThan(actual.length);
    expect(Math.abs((expected.at(-1) ?? NaN) / (actual.at(-1) ?? NaN) - 1)).toBeLessThan(0.1);
  });

  test("is worth what its customers spend in the year after, within the interval", () => {
    const { meanMinor, lowMinor, highMinor } = value.total;
    expect(Math.abs(meanMinor / nextYearMinor - 1)).toBeLessThan(0.2);
    expect(lowMinor).toBeLessThan(nextYearMinor * 1.1);
    expect(highMinor).toBeGreaterThan(nextYearMinor * 0.9);
    expect(lowMinor).toBeLessThan(meanMinor);
    // Thousands of customers are far surer than one.
    expect((highMinor ?? NaN) / (lowMinor ?? NaN)).toBeLessThan(1.6);
  });

  test("has parts that add up to the whole", () => {
    const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
    const total = value.total.meanMinor;
    expect(sum(value.cohorts.map(({ expectedMinor }) => expectedMinor))).toBeCloseTo(total, 3);
    expect(sum(value.firstProducts.map(({ expectedMinor }) => expectedMinor))).toBeCloseTo(total, 3);
    expect(sum(value.tenths.map(({ customers, meanMinor }) => customers * meanMinor))).toBeCloseTo(total, 3);
    expect(sum(value.cohorts.map(({ customers }) => customers))).toBe(value.customers);
    expect(value.topTenthShare).toBeCloseTo(((value.tenths[0]?.meanMinor ?? NaN) * 150) / total, 9);
    expect((value.marginMinor ?? NaN) / total).toBeCloseTo(0.4, 6);
    expect(value.broughtMinor).toBe(sum(Array.from(columns.grossMinor)));
    const year = value.forecast.at(-1);
    expect(year).toMatchObject({ month: 12 });
    expect(year?.expectedMinor).toBeCloseTo(total, 3);
  });

  test("tells customers apart by where they came from, those of whom it is not known last", () => {
    expect(value.firstSources.map(({ key, customers }) => [key, customers])).toEqual([
      ["google", 750],
      ["direct", 375],
      [null, 375],
    ]);
    const sum = value.firstSources.reduce((total, { expectedMinor }) => total + expectedMinor, 0);
    expect(sum).toBeCloseTo(value.total.meanMinor, 3);
    expect(value.discountUses).toEqual([
      {
        key: "never",
        customers: 1_500,
        broughtMinor: value.broughtMinor,
        expectedMinor: expect.closeTo(value.total.meanMinor, 3) as number,
      },
    ]);
  });

  test("has cohorts that are as unsure as their own futures", () => {
    const { uncertainty } = model;
    if (!uncertainty || "range" in uncertainty || !uncertainty.spendParameters)
      throw new Error("a model was chosen");
    const { fit, parameters, spendParameters, relativeDeviation } = uncertainty;
    const statistics = purchaseStatistics(shopPurchases(columns), { untilDay: TODAY, unitDays: 7 });
    const { sums } = simulateFutures(statistics, {
      forecasters: parameters.map((vector) => modelOf(fit).forecaster(vector)),
      ...{ horizon: 365 / 7, seed: 3 },
      spend: { parameters: spendParameters, meanSpend: statistics.meanSpend },
      wholeOf: { of: statistics.firstDay.map((day) => monthOf(day) - monthOf(START)), wholes: 12 },
    });
    const [year] = relativeDeviation;
    if (!year) throw new Error("a year is always told");
    expect(year.common).toBeGreaterThan(0);
    expect(year.common).toBeLessThan(year.deviation);
    const widths = sums.map((futures, cohort) => {
      const sorted = futures.toSorted();
      const simulated = Math.log((sorted[179] ?? NaN) / (sorted[20] ?? NaN));
      const { expectedMinor = NaN } = value.cohorts[cohort] ?? {};
      const { low, high } = partEstimate(expectedMinor, value.total.meanMinor, year);
      return Math.log(high / low) / simulated;
    });
    for (const width of widths) {
      expect(width).toBeGreaterThan(0.7);
      expect(width).toBeLessThan(1.45);
    }
    const mean = widths.reduce((sum, width) => sum + width, 0) / widths.length;
    expect(Math.abs(mean - 1)).toBeLessThan(0.2);
  });

  test("is worth less the later the spend comes, and the more a year costs", () => {
    const counted = countOrders(columns);
    const at = (months: 12 | 24, yearlyDiscount: number) =>
      shopValue(columns, counted, { model, months, yearlyDiscount, today: TODAY }).total.meanMinor;
    expect(at(24, 0)).toBeGreaterThan(value.total.meanMinor);
    expect(at(12, 0.15)).toBeLessThan(value.total.meanMinor);
    expect(at(12, 0.15)).toBeGreaterThan(value.total.meanMinor / 1.15);
  });

  test("knows of each order at once, without another fit", () => {
    const later = shopValue(columns, countOrders(columns), {
      model,
      months: 12,
      yearlyDiscount: 0,
      today: TODAY + 180,
    });
    expect(later.total.meanMinor).toBeLessThan(value.total.meanMinor);
  });
});

describe("purchases", () => {
  test("are orders that count and have a customer, less what was given back", () => {
    const columns = sampleColumns([
      {
        on: "2026-01-01",
        customer: 1,
        grossMinor: 1_000,
        discountMinor: 100,
        refunds: [{ on: "2026-02-01", productMinor: 300 }],
      },
      { on: "2026-01-02", grossMinor: 500 },
      { on: "2026-01-03", customer: 2, grossMinor: 200, refunds: [{ on: "2026-01-04", productMinor: 250 }] },
    ]);
    const { customers, customer, day, amount } = shopPurchases(columns);
    expect(customers).toBe(2);
    expect([...customer]).toEqual([0, 1]);
    expect([...day].map(isoDate)).toEqual(["2026-01-01", "2026-01-03"]);
    expect([...amount]).toEqual([600, 0]);
  });
});

describe("a shop with little to learn from", () => {
  test("without a customer has no model", () => {
    const columns = sampleColumns([{ on: "2026-01-01", grossMinor: 500 }]);
    expect(fitShopModel(shopPurchases(columns), { untilDay: TODAY, seed: 1 })).toBeNull();
  });

  test("is told by a rule, without an interval", () => {
    const columns = sampleColumns([
      { on: "2024-01-01", customer: 1, grossMinor: 1_000 },
      { on: "2024-02-01", customer: 1, grossMinor: 1_000 },
      { on: "2024-01-05", customer: 2, grossMinor: 500 },
    ]);
    const model = fitShopModel(shopPurchases(columns), { untilDay: START + 40, seed: 1 });
    if (!model) throw new Error("two have bought");
    expect(model.uncertainty).toBeNull();
    const value = shopValue(columns, countOrders(columns), {
      model,
      months: 12,
      yearlyDiscount: 0.15,
      today: START + 40,
    });
    expect(value.total.lowMinor).toBeNull();
    expect(value.total.meanMinor).toBeGreaterThanOrEqual(0);
    expect(value.customers).toBe(2);
  });
});
