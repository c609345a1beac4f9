import { expect, test } from "vitest";
import { cholesky, inverseFromCholesky, timesVector } from "./cholesky.ts";
import { gaussLegendre } from "./gauss-legendre.ts";
import { digamma, digammaRise, logGamma, logGammaRise } from "./log-gamma.ts";
import { curvatureAt, invertedCurvature, maximize } from "./maximize.ts";
import { drawBeta, drawExponential, drawGamma, drawNormal, drawPoisson, seededRandom } from "./random.ts";
import { sortedPlaces } from "./sorted-places.ts";

test("ln Gamma and digamma at known places", () => {
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14);
  expect(logGamma(1)).toBeCloseTo(0, 14);
  expect(logGamma(2)).toBeCloseTo(0, 14);
  expect(logGamma(21)).toBeCloseTo(Math.log(2_432_902_008_176_640_000), 12);
  expect(logGamma(1e-8)).toBeCloseTo(-Math.log(1e-8) - 0.5772156649e-8, 12);
  expect(
    logGamma(1e6) / (1e6 * (Math.log(1e6) - 1) - 0.5 * Math.log(1e6) + 0.5 * Math.log(2 * Math.PI)),
  ).toBeCloseTo(1, 13);
  expect(logGamma(0)).toBeNaN();
  expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 14);
  expect(digamma(0.5)).toBeCloseTo(-0.5772156649015329 - 2 * Math.LN2, 14);
  for (const x of [0.03, 0.7, 3.2, 9.99, 10, 55]) {
    const slope = (logGamma(x * 1.0001) - logGamma(x / 1.0001)) / (x * 1.0001 - x / 1.0001);
    expect(digamma(x) / slope).toBeCloseTo(1, 6);
    expect(digamma(x + 1)).toBeCloseTo(digamma(x) + 1 / x, 12);
  }
});

test("the rise of ln Gamma and of digamma over some steps is their sum, however far out", () => {
  for (const x of [0.01, 0.7, 9.99, 10, 41.5, 1e4, 3e8]) {
    for (const steps of [0, 1, 3, 40]) {
      let [logs, inverses] = [0, 0];
      for (let i = 0; i < steps; i++) {
        logs += Math.log(x + i);
        inverses += 1 / (x + i);
      }
      expect(Math.abs(logGammaRise(x, steps) - logs)).toBeLessThan(1e-13 * (1 + Math.abs(logs)));
      const rounded = x < 10 ? 1e-13 * Math.max(1, 1 / x) : (1e-15 * steps) / x;
      expect(Math.abs(digammaRise(x, steps) - inverses)).toBeLessThanOrEqual(rounded);
    }
  }
  expect(logGammaRise(NaN, 1)).toBeNaN();
  expect(logGammaRise(-1, 1)).toBeNaN();
});

test("Gauss and Legendre's nodes integrate an exponential", () => {
  const integral = (count: number) => {
    const { nodes, weights } = gaussLegendre(count);
    return nodes.reduce((sum, node, i) => sum + (weights[i] as number) * Math.exp(node), 0);
  };
  expect(integral(4)).toBeCloseTo(1.7182818, 7);
  expect(integral(8)).toBeCloseTo(Math.E - 1, 15);
  expect(integral(128)).toBeCloseTo(Math.E - 1, 13);
});

test("a matrix times its inverse is nothing but ones on the diagonal", () => {
  const matrix = [4, 2, 0.6, 2, 5, 1, 0.6, 1, 3];
  const lower = cholesky(matrix, 3);
  const inverse = lower && inverseFromCholesky(lower, 3);
  if (!inverse) throw new Error("positive definite");
  for (let column = 0; column < 3; column++) {
    const product = timesVector(matrix, inverse.slice(column * 3, column * 3 + 3));
    product.forEach((value, row) => expect(value).toBeCloseTo(row === column ? 1 : 0, 14));
  }
  expect(cholesky([1, 2, 2, 1], 2)).toBeNull();
  expect(cholesky([NaN], 1)).toBeNull();
});

test("the top of a bent ridge is found from afar, and its curvature", () => {
  const ridge = (theta: Float64Array, gradient: Float64Array) => {
    const [u = NaN, v = NaN] = theta;
    const off = v - u * u;
    gradient[0] = -2 * (u - 1) + 40 * off * u;
    gradient[1] = -20 * off;
    return -((u - 1) ** 2) - 10 * off * off;
  };
  for (const start of [
    [-1, 1],
    [4, -7],
    [1, 1],
  ]) {
    const top = maximize(ridge, start, { tolerance: 1e-9 });
    expect(top).toMatchObject({ converged: true });
    expect(top.theta[0]).toBeCloseTo(1, 8);
    expect(top.theta[1]).toBeCloseTo(1, 8);
  }
  const curvature = curvatureAt(ridge, Float64Array.of(1, 1));
  [82, -40, -40, 20].forEach((value, i) => expect((curvature[i] as number) / value).toBeCloseTo(1, 4));
  expect(invertedCurvature(curvature, 2)?.[0]).toBeCloseTo(0.5, 2);
});

test("a function without a top is said not to have converged", () => {
  const endless = maximize(
    (theta, gradient) => {
      gradient[0] = 1;
      return theta[0] ?? NaN;
    },
    [0],
  );
  expect(endless.converged).toBe(false);
});

test("draws have the means and variances of their distributions", () => {
  const random = seededRandom(7);
  const check = (draw: () => number, mean: number, variance: number) => {
    const values = Array.from({ length: 40_000 }, draw);
    const average = values.reduce((a, b) => a + b, 0) / values.length;
    const spread = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(variance / values.length));
    expect(Math.abs(spread / variance - 1)).toBeLessThan(0.1);
  };
  check(() => random(), 0.5, 1 / 12);
  check(() => drawNormal(random), 0, 1);
  check(() => drawExponential(random), 1, 1);
  for (const shape of [0.2, 1, 7.5]) check(() => drawGamma(shape, random), shape, shape);
  check(() => drawBeta(0.8, 2.5, random), 0.8 / 3.3, (0.8 * 2.5) / (3.3 ** 2 * 4.3));
  for (const mean of [0.3, 12, 31, 4000]) check(() => drawPoisson(mean, random), mean, mean);
});

test("the same seed draws the same, another seed or stream something else", () => {
  const first = (seed: number, stream?: number) => Array.from({ length: 4 }, seededRandom(seed, stream));
  expect(first(3, 1)).toEqual(first(3, 1));
  expect(first(3, 1)).not.toEqual(first(3, 2));
  expect(first(3)).not.toEqual(first(4));
});

test("values in order, equal ones as they stood", () => {
  expect([...sortedPlaces([3, -1, 3, 0])]).toEqual([1, 3, 0, 2]);
  expect([...sortedPlaces([0, -0, 0])]).toEqual([0, 1, 2]);
  expect([...sortedPlaces([])]).toEqual([]);
  const random = seededRandom(6);
  const values = Array.from({ length: 5000 }, (_, i) => {
    if (random() < 0.3) return 0;
    // Some so close together that only the last digits tell them apart, few and many in a place.
    if (i % 3 === 0) return Math.sign(random() - 0.5) * (1 + Math.floor(300 * random()) * 1e-13);
    if (i % 3 === 1) return Math.floor(400 * random()) + Math.floor(3 * random()) * 1e-13;
    return (random() - 0.5) * 10 ** (40 * random() - 20);
  });
  const compared = values
    .map((_, i) => i)
    .sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  expect([...sortedPlaces(values)]).toEqual(compared);
});
