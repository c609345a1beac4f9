import { expect, test } from "vitest";
import { customerCoverage, ORDINARY, parameterCoverage } from "../../../tests/support/clv-coverage.ts";
import { simulatedHistories } from "../../../tests/support/simulated-histories.ts";
import { fitPurchases, fitGroups, parameterVector } from "./fit-purchases.ts";
import { forecastPurchases } from "./forecast-customers.ts";
import { groupHistories } from "./histories.ts";
import { drawSpend, expectedSpend, fitSpending } from "./models/gamma-gamma.ts";
import { bgNbd } from "./models/bg-nbd.ts";
import { nbd } from "./models/nbd.ts";
import { forecasterOf } from "./models.ts";
import { drawGamma, seededRandom } from "./numerics/random.ts";
import {
  asymptoticParameters,
  asymptoticSpendParameters,
  bootstrapParameters,
  bootstrapSpendParameters,
  needsBootstrap,
  possibleParameters,
  possibleSpendParameters,
} from "./parameter-draws.ts";
import { intervalOf, simulateFutures } from "./simulated-futures.ts";

test.each(ORDINARY)("$name: 95% intervals of the parameters hold the truth", ({ model, truth }) => {
  const covered = parameterCoverage(model, truth, { seeds: 10, customers: 2500 });
  for (const times of Object.values(covered)) expect(times).toBeGreaterThanOrEqual(8);
});

test.each(ORDINARY)("$name: 80% intervals of customers hold their futures", ({ model, truth }) => {
  const share = customerCoverage(model, truth, { seeds: 10, customers: 400, futures: 30 });
  expect(share).toBeGreaterThan(0.78);
});

function bgShop(customers: number) {
  const histories = simulatedHistories(bgNbd, [0.5, 6, 0.8, 2.5], { customers, seed: 77, unitDays: 7 });
  const { groups } = groupHistories(histories);
  const outcome = fitGroups(bgNbd, groups);
  if (!outcome.ok) throw new Error(outcome.reason);
  return { histories, groups, fit: outcome.fit };
}

const deviationOfLogs = (draws: readonly number[][], parameter: number) => {
  const logs = draws.map((draw) => Math.log(draw[parameter] as number));
  const mean = logs.reduce((a, b) => a + b) / logs.length;
  return Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length);
};

test("the bootstrap and the normal approximation agree for many customers", () => {
  const { groups, fit } = bgShop(20_000);
  const resamples = Array.from({ length: 150 }, (_, resample) =>
    bootstrapParameters(fit, groups, 5, resample),
  );
  const normal = asymptoticParameters(fit, 5, 4000) ?? [];
  for (let parameter = 0; parameter < 4; parameter++) {
    // 150 resamples tell a deviation within 6%, and this is three times that; tests/soak looks closer.
    expect(
      Math.abs(deviationOfLogs(resamples, parameter) / deviationOfLogs(normal, parameter) - 1),
    ).toBeLessThan(0.18);
  }
});

test("few customers are resampled, many are not", () => {
  const [few, many] = [bgShop(1000), bgShop(20_000)];
  expect([few, many].map(({ fit }) => needsBootstrap(fit))).toEqual([true, false]);
  expect(possibleParameters(few.fit, few.groups, 5, 3)).toEqual(
    [0, 1, 2].map((resample) => bootstrapParameters(few.fit, few.groups, 5, resample)),
  );
  expect(possibleParameters(many.fit, many.groups, 5, 3)).toEqual(asymptoticParameters(many.fit, 5, 3));
});

test("resamples of a small shop keep the prior that it was fitted with", () => {
  const { groups, fit } = bgShop(60);
  expect(fit.shrunk).toBe(true);
  for (const draw of possibleParameters(fit, groups, 2, 40)) {
    Object.values(fit.parameters).forEach((value, i) => {
      expect(Math.abs(Math.log((draw[i] as number) / value))).toBeLessThan(2.5);
    });
  }
});

test("a resample is the same wherever it is computed, and others differ", () => {
  const { groups, fit } = bgShop(2000);
  const again = bootstrapParameters(fit, groups, 5, 3);
  expect(bootstrapParameters(fit, groups, 5, 3)).toEqual(again);
  expect(bootstrapParameters(fit, groups, 5, 4)).not.toEqual(again);
  expect(bootstrapParameters(fit, groups, 6, 3)).not.toEqual(again);
});

test("in the limit without churn every draw is without churn", () => {
  const histories = simulatedHistories(nbd, [0.7, 8], { customers: 3000, seed: 2 });
  const outcome = fitPurchases(bgNbd, histories);
  if (!outcome.ok) throw new Error(outcome.reason);
  expect(outcome.fit.limit).toBe("no-churn");
  for (const draw of asymptoticParameters(outcome.fit, 1, 20) ?? [[]]) expect(draw.slice(2)).toEqual([0, 1]);
  const { groups } = groupHistories(histories);
  expect(bootstrapParameters(outcome.fit, groups, 1, 1).slice(2)).toEqual([0, 1]);
});

test("sums of futures lie around the forecast, by cohort too", () => {
  const { histories, fit } = bgShop(3000);
  const vectors = asymptoticParameters(fit, 3, 200) ?? [];
  const of = histories.tenure.map((T) => Number(T > 33));
  const { sums } = simulateFutures(histories, {
    forecasters: vectors.map((vector) => bgNbd.forecaster(vector)),
    horizon: 26,
    seed: 1,
    wholeOf: { of, wholes: 2 },
  });
  const expected = [0, 0];
  forecastPurchases(forecasterOf(fit), histories, 26).forEach((value, i) => {
    expected[of[i] as number] = (expected[of[i] as number] as number) + value;
  });
  sums.forEach((sum, whole) => {
    const { low, high } = intervalOf(sum.toSorted(), 0.99);
    expect(expected[whole]).toBeGreaterThan(low);
    expect(expected[whole]).toBeLessThan(high);
    expect(high / low).toBeLessThan(1.6);
  });
  expect(parameterVector(bgNbd, fit.parameters)).toHaveLength(4);
});

test("intervals of spend hold the spend model's uncertainty, and are 0 for who may not come", () => {
  const { histories, fit } = bgShop(1000);
  const random = seededRandom(12);
  const truth = { p: 6, q: 4, gamma: 15 };
  const meanSpend = histories.repeats.map((x) => (x === 0 ? 0 : drawSpend(truth, 0, 0, x, random)));
  const spendFit = fitSpending({ repeats: histories.repeats, meanSpend });
  if (!spendFit.ok) throw new Error(spendFit.reason);
  const parameters = asymptoticSpendParameters(spendFit.fit, 4, 50);
  const vectors = asymptoticParameters(fit, 3, 50);
  if (!parameters || !vectors) throw new Error("both have a covariance");
  const futures = { forecasters: vectors.map((vector) => bgNbd.forecaster(vector)), horizon: 26, seed: 1 };
  const purchases = simulateFutures(histories, futures);
  const spend = simulateFutures(histories, { ...futures, spend: { parameters, meanSpend } });
  spend.high.forEach((high, i) => {
    expect(high).toSatisfy(Number.isFinite);
    expect(spend.low[i]).toBeLessThanOrEqual(high);
    expect(high > 0).toBe((purchases.high[i] as number) > 0);
  });
});

test("where the likelihood does not tell, no normal curve is drawn", () => {
  const { histories } = bgShop(1000);
  const steady = fitSpending({
    repeats: histories.repeats,
    meanSpend: histories.repeats.map((x, i) => (x === 0 ? 0 : 20 + (i % 17))),
  });
  if (!steady.ok) throw new Error(steady.reason);
  expect(steady.fit.limit).toBe("steady-spending");
  expect(asymptoticSpendParameters(steady.fit, 1, 10)).toBeNull();
});

test("of very many customers few resamples tell of their sum what many tell", () => {
  const random = seededRandom(17);
  // All spend alike: q has no bound, and no normal curve describes it.
  const repeats = Float64Array.from({ length: 600 }, (_, i) => 1 + (i % 3));
  const spending = { repeats, meanSpend: repeats.map((x) => drawGamma(4 * x, random) / x) };
  const outcome = fitSpending(spending);
  if (!outcome.ok) throw new Error(outcome.reason);
  const { fit } = outcome;
  expect(asymptoticSpendParameters(fit, 1, 10)).toBeNull();
  const all = possibleSpendParameters(spending, fit, 3, 400);
  expect(new Set(all).size).toBe(400);
  // The few are chosen by the number of customers; how sure they are does not depend on it.
  const few = possibleSpendParameters(spending, { ...fit, customers: 20_000 }, 3, 400);
  expect(few).toEqual(Array.from({ length: 400 }, (_, i) => all[i % 40]));
  const total = (draw: (typeof all)[number]) =>
    repeats.reduce((sum, x, i) => sum + (expectedSpend(draw, x, spending.meanSpend[i] ?? NaN) ?? NaN), 0);
  const deviation = (draws: typeof all) =>
    deviationOfLogs(
      draws.map((draw) => [total(draw)]),
      0,
    );
  // Three times 11%.
  expect(Math.abs(deviation(few) / deviation(all) - 1)).toBeLessThan(0.34);
});

test("resamples of spending lie around the fit, each the same wherever it is computed", () => {
  const random = seededRandom(13);
  const repeats = Float64Array.from({ length: 2000 }, (_, i) => i % 4);
  const truth = { p: 6, q: 4, gamma: 15 };
  const spending = {
    repeats,
    meanSpend: repeats.map((x) => (x === 0 ? 0 : drawSpend(truth, 0, 0, x, random))),
  };
  const outcome = fitSpending(spending);
  if (!outcome.ok) throw new Error(outcome.reason);
  const { fit } = outcome;
  const draws = Array.from({ length: 60 }, (_, resample) =>
    bootstrapSpendParameters(spending, fit, 3, resample),
  );
  expect(bootstrapSpendParameters(spending, fit, 3, 7)).toEqual(draws[7]);
  for (const name of ["p", "q", "gamma"] as const) {
    const deviation = deviationOfLogs(
      draws.map((draw) => [draw[name]]),
      0,
    );
    const error = Number(fit.standardErrors[name]) / fit.parameters[name];
    expect(Math.abs(deviation / error - 1)).toBeLessThan(0.3);
  }
});
