/** What holds of every model of purchasing: its gradient is its likelihood's, and its forecasts are the means of what it simulates. */
import { expect } from "vitest";
import { groupHistories, type Histories } from "../../app/core/clv/histories.ts";
import { seededRandom } from "../../app/core/clv/numerics/random.ts";
import { expectedPurchases, type PurchaseModel } from "../../app/core/clv/purchase-model.ts";

/** New, silent, lapsed, recent and very frequent customers. */
const HISTORIES: Histories = {
  repeats: [0, 0, 1, 2, 5, 26, 400],
  recency: [0, 0, 3, 30.43, 20, 30.86, 38],
  tenure: [0, 12, 38.86, 38.86, 39, 31, 39],
  sumLogGaps: 17,
};

/** Derivatives against differences. */
export function expectGradient(model: PurchaseModel, parameters: readonly number[]): void {
  const objective = model.objective(groupHistories(HISTORIES).groups);
  const theta = Float64Array.from(parameters, Math.log);
  const [gradient, unused] = [new Float64Array(theta.length), new Float64Array(theta.length)];
  expect(objective(theta, gradient)).toSatisfy(Number.isFinite);
  theta.forEach((middle, i) => {
    theta[i] = middle + 1e-5;
    const up = objective(theta, unused);
    theta[i] = middle - 1e-5;
    const down = objective(theta, unused);
    theta[i] = middle;
    const slope = gradient[i] as number;
    expect(Math.abs((up - down) / 2e-5 - slope)).toBeLessThan(1e-6 + 1e-5 * Math.abs(slope));
  });
}

/** Of many simulated customers those with two repeats by week 15: what they do in the 20 weeks after it, and what was forecast. */
export function expectForecastsOfSimulated(
  model: PurchaseModel,
  parameters: readonly number[],
  seed: number,
): void {
  const [customers, T, horizon] = [60_000, 15, 20];
  const forecaster = model.forecaster(parameters);
  const random = seededRandom(seed);
  const draw = model.customerDrawer(parameters, random);
  const seen = { expected: 0, actual: 0, back: 0, expectedBack: 0, drawn: 0, population: 0 };
  for (let i = 0; i < customers; i++) {
    const times = draw()(T + horizon);
    const x = times.filter((time) => time <= T).length;
    const tx = x === 0 ? 0 : (times[x - 1] as number);
    seen.population += x;
    if (x !== 2) continue;
    seen.actual += times.length - x;
    seen.back += Number(times.length > x);
    seen.expected += expectedPurchases(forecaster, x, tx, T, horizon);
    seen.expectedBack += forecaster.probabilityAlive(x, tx, T) * forecaster.returnIfAlive(x, tx, T, horizon);
    seen.drawn += forecaster.drawPurchases(x, tx, T, horizon, random);
  }
  expect(seen.expected / seen.actual).toBeCloseTo(1, 1);
  expect(seen.drawn / seen.actual).toBeCloseTo(1, 1);
  expect(seen.expectedBack / seen.back).toBeCloseTo(1, 1);
  expect(expectedPurchases(forecaster, 0, 0, 0, T) / (seen.population / customers)).toBeCloseTo(1, 1);
}
