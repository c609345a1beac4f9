import { expect, test } from "vitest";
import { forecastByAll } from "./candidates.ts";
import { customerValues } from "./customer-value.ts";
import { mbgNbd } from "./models/mbg-nbd.ts";
import { seededRandom } from "./numerics/random.ts";
import { purchaseStatistics, type PurchaseStatistics } from "./purchase-statistics.ts";

function shop(): PurchaseStatistics {
  const random = seededRandom(15);
  const draw = mbgNbd.customerDrawer([0.8, 6, 0.6, 1.5], random);
  const [customer, day, amount]: number[][] = [[], [], []];
  for (let who = 0; who < 1500; who++) {
    const first = random() * 20;
    for (const time of [0, ...draw()(39 - first)]) {
      customer?.push(who);
      day?.push(Math.floor(7 * (first + time)));
      amount?.push(20 + 40 * random());
    }
  }
  return purchaseStatistics(
    { customer: customer ?? [], day: day ?? [], amount: amount ?? [], customers: 1500 },
    { untilDay: 7 * 39 },
  );
}

test("the worked example of a rule", () => {
  const yearly = purchaseStatistics(
    { customer: [0, 0, 0, 0, 0], day: [0, 100, 200, 300, 365], amount: [10, 10, 10, 10, 10], customers: 1 },
    { untilDay: 365 },
  );
  const { fits, spendFit } = forecastByAll(yearly, 52);
  const outcome = customerValues(
    "past-rate",
    yearly,
    { fits, spendFit },
    { horizonDays: 365, yearlyDiscount: 0.15 },
  );
  expect(outcome.ok && outcome.values[0]).toBeCloseTo(37.33, 2);
  const free = customerValues(
    "past-rate",
    yearly,
    { fits, spendFit },
    { horizonDays: 365, yearlyDiscount: 0 },
  );
  expect(free.ok && free.values[0]).toBeCloseTo(40, 10);
  expect(
    customerValues("bg-nbd", yearly, { fits, spendFit }, { horizonDays: 365, yearlyDiscount: 0 }),
  ).toEqual({
    ok: false,
    reason: "not-fitted",
  });
});

test("without discount a value is what is forecast to be spent, with it less, and longer is more", () => {
  const statistics = shop();
  const { fits, spendFit, forecasts } = forecastByAll(statistics, 365 / 7);
  for (const { name, spend } of forecasts) {
    const valued = (horizonDays: number, yearlyDiscount: number) => {
      const outcome = customerValues(name, statistics, { fits, spendFit }, { horizonDays, yearlyDiscount });
      if (!outcome.ok) throw new Error(outcome.reason);
      return outcome.values;
    };
    const [plain, discounted, longer] = [valued(365, 0), valued(365, 0.15), valued(730, 0.15)];
    spend.forEach((value, i) => {
      // The blend's spend is the mean of products with one spend per purchase: the same.
      expect(plain[i]).toBeCloseTo(value, 8);
      if (value === 0) return;
      expect(discounted[i]).toBeLessThan(value);
      expect(discounted[i]).toBeGreaterThan(value / 1.15);
      expect(longer[i]).toBeGreaterThan(discounted[i] as number);
    });
  }
});
