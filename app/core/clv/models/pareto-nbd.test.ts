import { expect, test } from "vitest";
import { expectForecastsOfSimulated, expectGradient } from "../../../../tests/support/clv-models.ts";
import { emptyMoments, integrateDecay } from "../numerics/decay-integral.ts";
import { tricomiU1 } from "../numerics/tricomi.ts";
import { expectedPurchases } from "../purchase-model.ts";
import { nbd } from "./nbd.ts";
import { paretoNbd } from "./pareto-nbd.ts";

const PAPER = [0.553, 10.578, 0.606, 11.669];

test("the worked examples", () => {
  const pareto = paretoNbd.forecaster(PAPER);
  expect(expectedPurchases(pareto, 2, 30.43, 38.86, 39)).toBeCloseTo(1.455, 3);
  expect(pareto.probabilityAlive(26, 30.86, 31)).toBeCloseTo(0.9979, 4);
  expect(tricomiU1(1, 1)).toBeCloseTo(0.5963473624, 8);
  expect(tricomiU1(0, 0.25)).toBeCloseTo(4, 10);
  const moments = emptyMoments();
  integrateDecay(1, 1, 1, 1, 0, 1, moments);
  expect(Math.exp(moments.log)).toBeCloseTo(0.5, 12);
});

/** Simpson's rule on a fine grid in ln(t + 1e-3), as a check that shares nothing with the nodes. */
function slowly(alpha: number, beta: number, p: number, q: number, from: number, to: number): number {
  const steps = 200_000;
  const [low, high] = [Math.log(from + 1e-3), Math.log(to + 1e-3)];
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const shifted = Math.exp(low + ((high - low) * i) / steps);
    const t = shifted - 1e-3;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum +=
      weight *
      shifted *
      Math.exp(-p * Math.log((alpha + t) / (alpha + from)) - q * Math.log((beta + t) / (beta + from)));
  }
  return (sum * (high - low)) / (3 * steps);
}

test.each([
  [10.578, 11.669, 0.553, 1.606, 0, 39],
  [10.578, 11.669, 26.55, 1.606, 1, 39],
  [0.05, 400, 0.2, 9, 0, 150],
  [300, 0.05, 4, 1.1, 0, 150],
  [5, 5, 130, 2, 3, 80],
  [40, 1e6, 700, 1e5, 20, 80],
])("the integral for alpha %f, beta %f, powers %f and %f", (alpha, beta, p, q, from, to) => {
  const moments = emptyMoments();
  integrateDecay(alpha, beta, p, q, from, to, moments);
  expect(Math.exp(moments.log) / slowly(alpha, beta, p, q, from, to)).toBeCloseTo(1, 8);
});

test.each([
  ["alpha below beta", PAPER],
  ["alpha above beta", [0.4, 30, 2, 0.7]],
  ["hardly any churn", [0.9, 12, 0.01, 300]],
])("the gradient is that of the likelihood: %s", (_, parameters) => {
  expectGradient(paretoNbd, parameters);
});

test("forecasts are the means of simulated customers", () => {
  expectForecastsOfSimulated(paretoNbd, [1.2, 3, 0.8, 9], 21);
});

test("s = 0 is NBD, and frequent buyers and long silences stay finite", () => {
  const [limit, plain] = [paretoNbd.forecaster([0.4, 12, 0, 1]), nbd.forecaster([0.4, 12])];
  expect(expectedPurchases(limit, 3, 12, 30, 52)).toBeCloseTo(expectedPurchases(plain, 3, 12, 30, 52), 10);
  const pareto = paretoNbd.forecaster(PAPER);
  for (const [x, tx, T] of [
    [5000, 700, 720],
    [5000, 1, 720],
    [0, 0, 0],
    [1, 5, 5],
  ] as const) {
    const alive = pareto.probabilityAlive(x, tx, T);
    expect(alive).toBeGreaterThanOrEqual(0);
    expect(alive).toBeLessThanOrEqual(1);
    expect(pareto.purchasesIfAlive(x, tx, T, 104)).toSatisfy(Number.isFinite);
    expect(pareto.returnIfAlive(x, tx, T, 104)).toSatisfy((chance: number) => chance > 0 && chance <= 1);
  }
});
