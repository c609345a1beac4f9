/** The models against the figures that their papers print, and that other programs find, for the CDNOW data. */
import { beforeAll, describe, expect, test } from "vitest";
import { dayFromIso } from "../../app/core/calendar.ts";
import { fitPurchases, parameterVector, type PurchaseFit } from "../../app/core/clv/fit-purchases.ts";
import { bgNbd } from "../../app/core/clv/models/bg-nbd.ts";
import { expectedSpend, fitSpending } from "../../app/core/clv/models/gamma-gamma.ts";
import { mbgNbd } from "../../app/core/clv/models/mbg-nbd.ts";
import { nbd } from "../../app/core/clv/models/nbd.ts";
import { discountedResidual, paretoNbd } from "../../app/core/clv/models/pareto-nbd.ts";
import { correlation } from "../../app/core/clv/numerics/correlation.ts";
import { expectedPurchases, type PurchaseModel } from "../../app/core/clv/purchase-model.ts";
import {
  holdoutOf,
  purchaseStatistics,
  type Holdout,
  type PurchaseStatistics,
} from "../../app/core/clv/purchase-statistics.ts";
import { calibrationByRepeats } from "../../app/core/clv/scores.ts";
import { actualCumulative, expectedCumulative } from "../../app/core/clv/tracking.ts";
import { publicFile, readCdnow, readNumbers } from "./clv-files.ts";

const SUMMARY = publicFile("cdnow_customers_summary_with_transactions.csv");
const SAMPLE = publicFile("cdnow_sample.csv");
const CALIBRATION_END = dayFromIso("1997-09-30");
const HOLDOUT_END = dayFromIso("1998-06-30");

function expectAll(values: readonly number[], expected: readonly number[], tolerance: number) {
  expected.forEach((value, i) => expect(Math.abs((values[i] as number) / value - 1)).toBeLessThan(tolerance));
  expect(values).toHaveLength(expected.length);
}

function fitted(
  model: PurchaseModel,
  histories: Parameters<typeof fitPurchases>[1],
): { fit: PurchaseFit; vector: number[]; errors: number[] } {
  const outcome = fitPurchases(model, histories);
  if (!outcome.ok) throw new Error(outcome.reason);
  const { fit } = outcome;
  return {
    fit,
    vector: parameterVector(model, fit.parameters),
    errors: Object.values(fit.standardErrors).map(Number),
  };
}

describe.skipIf(SUMMARY.missing)("the papers' weekly table of the sample", () => {
  let histories: Parameters<typeof fitPurchases>[1];
  let meanSpend: number[];
  beforeAll(() => {
    const [, repeats = [], recency = [], tenure = [], zbar = []] = readNumbers(SUMMARY.place);
    histories = { repeats, recency, tenure };
    meanSpend = zbar;
  });

  test("BG/NBD", () => {
    const { fit, vector, errors } = fitted(bgNbd, histories);
    expectAll(vector, [0.242593, 4.413532, 0.792886, 2.425753], 1e-5);
    expect(fit.logLikelihood).toBeCloseTo(-9582.4256, 3);
    expectAll(errors, [0.01256, 0.3782, 0.1857, 0.7054], 0.0005);
    expect(fit).toMatchObject({
      customers: 2357,
      repeaters: 946,
      converged: true,
      limit: null,
      shrunk: false,
    });
    const bg = bgNbd.forecaster(vector);
    expect(expectedPurchases(bg, 2, 30.43, 38.86, 39)).toBeCloseTo(1.22591, 4);
    expect(expectedPurchases(bg, 0, 0, 0, 52)).toBeCloseTo(1.444021, 4);
    expect(expectedPurchases(bg, 26, 30.86, 31, 52)).toBeCloseTo(25.7595, 3);
    expect(bg.probabilityAlive(26, 30.86, 31)).toBeCloseTo(0.96892, 4);
  });

  test("MBG/NBD", () => {
    const { fit, vector } = fitted(mbgNbd, histories);
    expectAll(vector, [0.524838, 6.18299, 0.891356, 1.614], 1e-4);
    expect(fit.logLikelihood).toBeCloseTo(-9582.1327, 3);
    expect(expectedPurchases(mbgNbd.forecaster(vector), 2, 30.43, 38.86, 39)).toBeCloseTo(1.26267, 4);
  });

  test("Pareto/NBD", () => {
    const { vector } = fitted(paretoNbd, histories);
    const pareto = paretoNbd.forecaster(vector);
    expect(expectedPurchases(pareto, 2, 30.43, 38.86, 39)).toBeCloseTo(1.45511, 4);
    expect(expectedPurchases(pareto, 0, 0, 0, 52)).toBeCloseTo(1.473441, 4);
    expect(expectedPurchases(pareto, 26, 30.86, 31, 52)).toBeCloseTo(25.4565, 3);
    expect(pareto.probabilityAlive(26, 30.86, 31)).toBeCloseTo(0.99792, 4);
  });

  test("Gamma-Gamma", () => {
    const outcome = fitSpending({ repeats: histories.repeats, meanSpend });
    if (!outcome.ok) throw new Error(outcome.reason);
    const { parameters, customers } = outcome.fit;
    expect(customers).toBe(946);
    expectAll(Object.values(parameters), [6.2493, 3.7443, 15.4443], 1e-3);
    const logPurchases = Array.from(histories.repeats).reduce((sum, x) => sum + (x > 0 ? Math.log(x) : 0), 0);
    expect(Math.abs(outcome.fit.logLikelihood - logPurchases + 4659.296)).toBeLessThan(5e-3);
    const expected = meanSpend.map(
      (m, i) => expectedSpend(parameters, histories.repeats[i] as number, m) ?? NaN,
    );
    expectAll(
      expected.slice(0, 10),
      [24.6586, 18.9115, 35.171, 35.171, 35.171, 71.4629, 18.9115, 35.171, 27.2824, 35.171],
      1e-3 / 35,
    );
    expect(expected.reduce((a, b) => a + b) / expected.length).toBeCloseTo(35.253, 3);
  });
});

describe.skipIf(SAMPLE.missing)("the sample's purchases in exact days", () => {
  let statistics: PurchaseStatistics;
  let holdout: Holdout;
  beforeAll(() => {
    const transactions = readCdnow(SAMPLE.place);
    statistics = purchaseStatistics(transactions, { untilDay: CALIBRATION_END });
    holdout = holdoutOf(transactions, statistics, HOLDOUT_END);
  });
  const forecastOf = (model: PurchaseModel, vector: number[], horizon: number) => {
    const forecaster = model.forecaster(vector);
    return statistics.repeats.map((x, i) =>
      expectedPurchases(
        forecaster,
        x,
        statistics.recency[i] as number,
        statistics.tenure[i] as number,
        horizon,
      ),
    );
  };

  test("BG/NBD, Pareto/NBD and NBD", () => {
    const bg = fitted(bgNbd, statistics);
    expectAll(bg.vector, [0.242595, 4.413602, 0.79292, 2.425888], 1e-4);
    expect(bg.fit.logLikelihood).toBeCloseTo(-9582.4292, 3);
    const pareto = fitted(paretoNbd, statistics);
    expectAll(pareto.vector.slice(0, 3), [0.55327, 10.5778, 0.60602], 5e-4);
    expectAll(pareto.vector.slice(3), [11.6639], 2e-3);
    expect(Math.abs(pareto.fit.logLikelihood + 9594.976)).toBeLessThan(2e-3);
    expectAll(pareto.errors, [0.0476, 0.8427, 0.187, 6.2], 0.01);
    const plain = fitted(nbd, statistics);
    expectAll(plain.vector, [0.38477, 12.072], 1e-4);
    expect(plain.fit.logLikelihood).toBeCloseTo(-9763.658, 3);
  });

  test("Gamma-Gamma", () => {
    const outcome = fitSpending(statistics);
    if (!outcome.ok) throw new Error(outcome.reason);
    expectAll(Object.values(outcome.fit.parameters), [6.2493, 3.7443, 15.4443], 1e-3);
    expect(Math.abs(outcome.fit.logLikelihood + 4055.918)).toBeLessThan(5e-3);
  });

  test.each([
    ["BG/NBD", bgNbd, 0.6256, -4.11, [0.225, 0.523, 1.044, 1.52, 2.164, 2.654, 3.504, 6.157]],
    ["Pareto/NBD", paretoNbd, 0.6302, -1.59, [0.138, 0.599, 1.196, 1.714, 2.398, 2.907, 3.819, 6.403]],
  ])(
    "%s: expected against actual purchases of the holdout, and of all 78 weeks",
    (_, model, related, week78, byRepeats) => {
      const { vector } = fitted(model, statistics);
      const expected = forecastOf(model, vector, 39);
      expect(correlation(expected, holdout.purchases)).toBeCloseTo(related, 3);
      const bins = calibrationByRepeats(statistics.repeats, expected, holdout.purchases);
      const actualByRepeats = [0.237, 0.697, 1.393, 1.56, 2.532, 2.947, 3.862, 6.359];
      bins.forEach((bin, repeats) => {
        expect(Math.abs(bin.forecast - (byRepeats[repeats] as number))).toBeLessThan(6e-4);
        expect(bin.actual).toBeCloseTo(actualByRepeats[repeats] as number, 3);
      });
      const forecaster = model.forecaster(vector);
      const sum = (values: Float64Array) => values.reduce((a, b) => a + b);
      const tracked = sum(statistics.tenure.map((T) => expectedPurchases(forecaster, 0, 0, 0, T + 39)));
      const actual = sum(statistics.repeats) + sum(holdout.purchases);
      expect(Math.abs(100 * (tracked / actual - 1) - week78)).toBeLessThan(0.1);
    },
  );
});

const TRACKING = publicFile("cdnow_btyd_cum_tracking.csv");
test.skipIf(SAMPLE.missing || TRACKING.missing)(
  "cumulative repeats week by week, actual and expected",
  () => {
    const transactions = readCdnow(SAMPLE.place);
    const statistics = purchaseStatistics(transactions, { untilDay: CALIBRATION_END });
    const actual = actualCumulative(transactions, statistics, 78);
    expect([...actual]).toEqual(readNumbers(TRACKING.place)[1]);
    for (const [model, week78] of [
      [bgNbd, -4.11],
      [paretoNbd, -1.59],
    ] as const) {
      const { vector } = fitted(model, statistics);
      const expected = expectedCumulative(model.forecaster(vector), statistics.firstDay, 78, 7);
      expect(Math.abs(100 * ((expected[77] as number) / (actual[77] as number) - 1) - week78)).toBeLessThan(
        0.1,
      );
    }
  },
);

const COHORT = publicFile("cdnow.csv.gz");
test.skipIf(COHORT.missing)("the iso-value paper's worth of customers without a repeat", () => {
  const statistics = purchaseStatistics(readCdnow(COHORT.place), { untilDay: HOLDOUT_END });
  const perPurchase = 0.3 * (expectedSpend({ p: 4.683, q: 4.19, gamma: 24.391 }, 0, 0) ?? NaN);
  const worths = Array.from(statistics.tenure).flatMap((T, i) =>
    statistics.repeats[i] === 0
      ? [perPurchase * discountedResidual([0.563, 12.559, 0.408, 10.515], 0, 0, T, Math.log(1.15) / 52)]
      : [],
  );
  expect(worths).toHaveLength(12_054);
  const together = worths.reduce((a, b) => a + b);
  expect(together / worths.length).toBeCloseTo(4.4, 1);
  expect(Math.abs(together / 53_080 - 1)).toBeLessThan(1e-3);
});
