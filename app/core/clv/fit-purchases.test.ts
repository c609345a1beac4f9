import { expect, test } from "vitest";
import { fitPurchases, parameterVector } from "./fit-purchases.ts";
import { forecastPurchases } from "./forecast-customers.ts";
import type { Histories } from "./histories.ts";
import { bgNbd } from "./models/bg-nbd.ts";
import { mbgCnbd } from "./models/mbg-cnbd-k.ts";
import { mbgNbd } from "./models/mbg-nbd.ts";
import { nbd } from "./models/nbd.ts";
import { paretoNbd } from "./models/pareto-nbd.ts";
import { forecasterOf } from "./models.ts";
import { simulatedHistories } from "../../../tests/support/simulated-histories.ts";

const MODELS = [nbd, bgNbd, mbgNbd, paretoNbd, mbgCnbd(2)];

const TRUTH = {
  nbd: [0.6, 8],
  "bg-nbd": [0.5, 6, 0.8, 2.5],
  "mbg-nbd": [0.8, 6, 0.6, 1.5],
  "pareto-nbd": [0.6, 10, 0.7, 12],
  "mbg-cnbd-k": [0.8, 4, 0.6, 1.8],
};

function fitted(model: (typeof MODELS)[number], histories: Histories) {
  const outcome = fitPurchases(model, histories);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.fit;
}

test.each(MODELS)(
  "$name: the parameters behind simulated customers come out within their errors",
  (model) => {
    const truth = TRUTH[model.name];
    const fit = fitted(model, simulatedHistories(model, truth, { customers: 20_000, seed: 31 }));
    expect(fit).toMatchObject({ converged: true, limit: null, shrunk: false, customers: 20_000 });
    model.parameterNames.forEach((name, i) => {
      const error = Number(fit.standardErrors[name]);
      expect(Math.abs((fit.parameters[name] ?? NaN) - (truth[i] as number))).toBeLessThan(3.5 * error);
      expect(error).toBeLessThan(0.3 * (truth[i] as number));
    });
  },
);

test("the unit of time changes the scales and nothing else", () => {
  const weeks = simulatedHistories(paretoNbd, TRUTH["pareto-nbd"], { customers: 4000, seed: 5 });
  const inDays = (times: ArrayLike<number>) => Array.from(times, (time) => 7 * time);
  const days = { ...weeks, recency: inDays(weeks.recency), tenure: inDays(weeks.tenure) };
  for (const [model, scales] of [
    [paretoNbd, ["alpha", "beta"]],
    [bgNbd, ["alpha"]],
  ] as const) {
    const [a, b] = [fitted(model, weeks), fitted(model, days)];
    for (const name of model.parameterNames) {
      const factor = (scales as readonly string[]).includes(name) ? 7 : 1;
      expect((b.parameters[name] ?? NaN) / (a.parameters[name] ?? NaN) / factor).toBeCloseTo(1, 3);
    }
    const [weekly, daily] = [
      forecastPurchases(forecasterOf(a), weeks, 39),
      forecastPurchases(forecasterOf(b), days, 273),
    ];
    weekly.slice(0, 50).forEach((value, i) => expect((daily[i] as number) / value).toBeCloseTo(1, 4));
  }
});

test.each([bgNbd, mbgNbd, paretoNbd])("$name without churn: the boundary is found and said", (model) => {
  const histories = simulatedHistories(nbd, [0.7, 8], { customers: 3000, seed: 2 });
  const fit = fitted(model, histories);
  const plain = fitted(nbd, histories);
  if (fit.limit === null) {
    // Chance may suggest a little churn; then it must be better than none.
    expect(fit.logLikelihood).toBeGreaterThan(plain.logLikelihood);
    return;
  }
  expect(fit).toMatchObject({ limit: "no-churn", model: model.name, logLikelihood: plain.logLikelihood });
  expect(fit.parameters).toMatchObject(plain.parameters);
  const expected = forecastPurchases(forecasterOf(plain), histories, 20);
  forecastPurchases(forecasterOf(fit), histories, 20).forEach((value, i) => {
    expect(value / (expected[i] as number)).toBeCloseTo(1, 12);
  });
});

test("customers who are all alike are said to be", () => {
  const outcome = fitPurchases(nbd, simulatedHistories(nbd, [1e7, 1e8], { customers: 3000, seed: 4 }));
  expect(outcome).toMatchObject({ ok: true, fit: { limit: "alike-rates" } });
});

test.each([
  [mbgNbd, [1e7, 1.2e8, 1e8, 2e8]],
  [bgNbd, [1e7, 1.2e8, 1e8, 2e8]],
  [paretoNbd, [1e7, 1.8e8, 1e7, 3.6e8]],
] as const)("$name: a climb along a ridge without end stops where only rounding is left", (model, truth) => {
  for (const seed of [1, 2, 3]) {
    let passes = 0;
    const counted: typeof model = {
      ...model,
      objective: (groups) => {
        const objective = model.objective(groups);
        return (theta, gradient) => {
          passes++;
          return objective(theta, gradient);
        };
      },
    };
    const fit = fitted(counted, simulatedHistories(model, truth, { customers: 3000, seed, unitDays: 7 }));
    expect(fit.limit).toMatch("alike");
    expect(passes).toBeLessThan(1000);
  }
});

test("few customers are drawn towards what is typical, and it is said", () => {
  const histories = simulatedHistories(bgNbd, TRUTH["bg-nbd"], { customers: 120, seed: 9 });
  const fit = fitted(bgNbd, histories);
  expect(fit).toMatchObject({ shrunk: true, converged: true });
  for (const value of forecastPurchases(forecasterOf(fit), histories, 52))
    expect(value).toSatisfy(Number.isFinite);
});

test("what cannot be fitted is said", () => {
  const all = (count: number, x: number, tx: number, T: number): Histories => ({
    repeats: new Float64Array(count).fill(x),
    recency: new Float64Array(count).fill(tx),
    tenure: new Float64Array(count).fill(T),
  });
  for (const model of MODELS) {
    expect(fitPurchases(model, all(0, 0, 0, 0))).toEqual({ ok: false, reason: "no-customers" });
    expect(fitPurchases(model, all(1, 0, 0, 0))).toEqual({ ok: false, reason: "no-time" });
    expect(fitPurchases(model, all(500, 0, 0, 30))).toEqual({ ok: false, reason: "no-repeat-purchases" });
    expect(fitPurchases(model, all(1, 1, 3, 30))).toMatchObject({
      ok: false,
      reason: "too-few-customers",
      customers: 1,
    });
    expect(fitPurchases(model, all(3, 1, 0, 30))).toMatchObject({ ok: false, reason: "repeat-without-time" });
    expect(fitPurchases(model, all(3, NaN, 0, 30))).toMatchObject({ ok: false, reason: "not-a-number" });
  }
});

test.each(MODELS)("$name: strange shops end in numbers, never in NaN", (model) => {
  const shops: Histories[] = [
    // Everybody the same.
    {
      repeats: Array<number>(600).fill(3),
      recency: Array<number>(600).fill(20),
      tenure: Array<number>(600).fill(30),
    },
    // Half on the last day, one very busy.
    {
      repeats: Array.from({ length: 600 }, (_, i) => (i === 0 ? 900 : i % 2)),
      recency: Array.from({ length: 600 }, (_, i) => (i === 0 ? 130 : i % 2 ? 0.5 : 0)),
      tenure: Array.from({ length: 600 }, (_, i) => (i === 0 ? 130 : i % 2 ? 40 : 0)),
    },
    // Everybody bought again at once and never since.
    {
      repeats: Array<number>(600).fill(1),
      recency: Array<number>(600).fill(1 / 7),
      tenure: Array<number>(600).fill(100),
    },
  ];
  for (const histories of shops) {
    const fit = fitted(model, histories);
    for (const value of parameterVector(model, fit.parameters)) expect(value).toSatisfy(Number.isFinite);
    expect(fit.logLikelihood).toSatisfy(Number.isFinite);
    for (const value of forecastPurchases(forecasterOf(fit), histories, 52)) {
      expect(value).toSatisfy((purchases: number) => Number.isFinite(purchases) && purchases >= 0);
    }
  }
});
