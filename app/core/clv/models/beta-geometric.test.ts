import { expect, test } from "vitest";
import { expectForecastsOfSimulated, expectGradient } from "../../../../tests/support/clv-models.ts";
import { expectedPurchases } from "../purchase-model.ts";
import { bgNbd } from "./bg-nbd.ts";
import { mbgCnbd } from "./mbg-cnbd-k.ts";
import { mbgNbd } from "./mbg-nbd.ts";
import { nbd } from "./nbd.ts";

test.each([
  ["BG/NBD", bgNbd],
  ["MBG/NBD", mbgNbd],
  ["MBG/CNBD-2", mbgCnbd(2)],
  ["MBG/CNBD-5", mbgCnbd(5)],
])("%s: the gradient is that of the likelihood", (_, model) => {
  expectGradient(model, [0.243, 4.414, 0.793, 2.426]);
  expectGradient(model, [3, 1.5, 0.02, 0.7]);
});

test("NBD: the gradient is that of the likelihood", () => {
  expectGradient(nbd, [0.385, 12.07]);
});

test("the worked examples of the headers", () => {
  const bg = bgNbd.forecaster([0.243, 4.414, 0.793, 2.426]);
  expect(expectedPurchases(bg, 2, 30.43, 38.86, 39)).toBeCloseTo(1.226, 3);
  expect(expectedPurchases(bg, 0, 0, 0, 52)).toBeCloseTo(1.446, 3);
  expect(bg.probabilityAlive(0, 0, 38)).toBe(1);
  const mbg = mbgNbd.forecaster([0.524838, 6.18299, 0.891356, 1.614]);
  expect(expectedPurchases(mbg, 2, 30.43, 38.86, 39)).toBeCloseTo(1.2627, 4);
  expect(mbgCnbd(2).forecaster([1, 4, 0.5, 2]).probabilityAlive(0, 0, 10)).toBeCloseTo(0.6621, 4);
  expect(nbd.forecaster([0.385, 12.07]).purchasesIfAlive(2, 3, 38.86, 39)).toBeCloseTo(1.826, 3);
});

test("k = 1 is MBG/NBD, and a = 0 is NBD", () => {
  const [one, mbg] = [mbgCnbd(1), mbgNbd].map((model) => model.forecaster([0.5, 6, 0.9, 1.6]));
  const [limit, plain] = [bgNbd.forecaster([0.4, 12, 0, 1]), nbd.forecaster([0.4, 12])];
  const nearly = bgNbd.forecaster([0.4, 12, 1e-9, 1]);
  for (const [x, tx, T, horizon] of [
    [0, 0, 20, 39],
    [3, 12, 30, 52],
    [40, 30, 31, 5],
  ] as const) {
    expect(one && expectedPurchases(one, x, tx, T, horizon)).toBe(
      mbg && expectedPurchases(mbg, x, tx, T, horizon),
    );
    expect(expectedPurchases(limit, x, tx, T, horizon)).toBe(expectedPurchases(plain, x, tx, T, horizon));
    expect(
      expectedPurchases(nearly, x, tx, T, horizon) / expectedPurchases(plain, x, tx, T, horizon),
    ).toBeCloseTo(1, 5);
  }
});

/** C/(A - 1) (1 - (1 - z)^R 2F1(R, B; C; z)), equation 10 of the paper, with the plain series: fine where A is not near 1. */
function byThePaper(r: number, alpha: number, a: number, b: number, x: number, T: number, horizon: number) {
  const z = horizon / (alpha + T + horizon);
  let [term, sum] = [1, 1];
  for (let i = 0; i < 20_000; i++) {
    term *= ((r + x + i) * (b + x + i) * z) / ((a + b + x - 1 + i) * (i + 1));
    sum += term;
  }
  return ((a + b + x - 1) / (a - 1)) * (1 - (1 - z) ** (r + x) * sum);
}

test("expected purchases equal the paper's hypergeometric form in every corner", () => {
  for (const [r, alpha, a, b] of [
    [0.243, 4.414, 0.793, 2.426],
    [2, 0.1, 3, 0.4],
    [30, 40, 0.3, 900],
    [0.02, 90, 5, 0.02],
  ] as const) {
    const bg = bgNbd.forecaster([r, alpha, a, b]);
    for (const x of [0, 1, 7, 60]) {
      for (const T of [3, 38.86, 200]) {
        for (const horizon of [0.1, 39, 104]) {
          const expected = byThePaper(r, alpha, a, b, x, T, horizon);
          expect(bg.purchasesIfAlive(x, 2, T, horizon) / expected).toBeCloseTo(1, 8);
        }
      }
    }
  }
  const atOne = [1 - 1e-7, 1, 1 + 1e-7].map((a) =>
    bgNbd.forecaster([0.3, 5, a, 2]).purchasesIfAlive(3, 2, 20, 39),
  );
  expect((atOne[1] as number) / ((atOne[0] as number) / 2 + (atOne[2] as number) / 2)).toBeCloseTo(1, 9);
});

test.each([1, 2, 3])("k = %i: forecasts are the means of simulated customers", (k) => {
  expectForecastsOfSimulated(mbgCnbd(k), [1.2, 3 * k, 0.6, 2.2], 10 + k);
});

test("BG/NBD: forecasts are the means of simulated customers", () => {
  expectForecastsOfSimulated(bgNbd, [1.2, 3, 0.6, 2.2], 11);
});
