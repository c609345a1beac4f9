/** Do intervals hold what they promise? Over 200 simulated shops, and at the size of the largest shops. */
import { expect, test } from "vitest";
import { fitGroups, fitPurchases } from "../../app/core/clv/fit-purchases.ts";
import { forecastPurchases } from "../../app/core/clv/forecast-customers.ts";
import { groupHistories } from "../../app/core/clv/histories.ts";
import { bgNbd } from "../../app/core/clv/models/bg-nbd.ts";
import { forecasterOf } from "../../app/core/clv/models.ts";
import { asymptoticParameters, bootstrapParameters } from "../../app/core/clv/parameter-draws.ts";
import { customerCoverage, ORDINARY, parameterCoverage, spendCoverage } from "../support/clv-coverage.ts";
import { simulatedHistories } from "../support/simulated-histories.ts";

test.each(ORDINARY)("$name: 95% intervals of the parameters over 200 shops", ({ model, truth }) => {
  const covered = parameterCoverage(model, truth, { seeds: 200, customers: 5000 });
  for (const times of Object.values(covered)) {
    expect(times).toBeGreaterThanOrEqual(181);
    expect(times).toBeLessThanOrEqual(199);
  }
});

test("Gamma-Gamma: 95% intervals of the parameters over 200 shops", () => {
  for (const times of Object.values(spendCoverage({ seeds: 200, customers: 5000 }))) {
    expect(times).toBeGreaterThanOrEqual(181);
    expect(times).toBeLessThanOrEqual(199);
  }
});

test.each(ORDINARY)("$name: 80% intervals of customers over 200 shops", ({ model, truth }) => {
  expect(customerCoverage(model, truth, { seeds: 200, customers: 500, futures: 60 })).toBeGreaterThan(0.78);
});

test("the bootstrap's errors agree with the normal approximation's within 5% at 20,000 customers", () => {
  const { groups } = groupHistories(
    simulatedHistories(bgNbd, [0.5, 6, 0.8, 2.5], { customers: 20_000, seed: 77, unitDays: 7 }),
  );
  const outcome = fitGroups(bgNbd, groups);
  if (!outcome.ok) throw new Error(outcome.reason);
  const { fit } = outcome;
  const resamples = Array.from({ length: 4000 }, (_, resample) =>
    bootstrapParameters(fit, groups, 5, resample),
  );
  const normal = asymptoticParameters(fit, 5, 20_000) ?? [];
  const deviation = (draws: readonly number[][], parameter: number) => {
    const logs = draws.map((draw) => Math.log(draw[parameter] as number));
    const mean = logs.reduce((a, b) => a + b) / logs.length;
    return Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length);
  };
  for (let parameter = 0; parameter < 4; parameter++) {
    expect(Math.abs(deviation(resamples, parameter) / deviation(normal, parameter) - 1)).toBeLessThan(0.05);
  }
});

test("ten million customers are fitted and forecast", () => {
  const customers = 10_000_000;
  const few = simulatedHistories(bgNbd, [0.5, 6, 0.8, 2.5], { customers: 100_000, seed: 1, unitDays: 7 });
  const many = (column: Float64Array) =>
    new Float64Array(customers).map((_, i) => column[i % column.length] as number);
  const histories = { repeats: many(few.repeats), recency: many(few.recency), tenure: many(few.tenure) };
  const outcome = fitPurchases(bgNbd, histories);
  if (!outcome.ok) throw new Error(outcome.reason);
  expect(outcome.fit).toMatchObject({ converged: true, customers });
  const purchases = forecastPurchases(forecasterOf(outcome.fit), histories, 52);
  expect(purchases.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
});
