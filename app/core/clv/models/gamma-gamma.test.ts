import { expect, test } from "vitest";
import { drawPoisson, seededRandom } from "../numerics/random.ts";
import { drawSpend, expectedSpend, fitSpending, refitSpending, type Spending } from "./gamma-gamma.ts";

const PAPER = { p: 6.25, q: 3.74, gamma: 15.44 };

function simulated(customers: number, seed: number): Spending {
  const random = seededRandom(seed);
  const repeats = Float64Array.from({ length: customers }, () => drawPoisson(1.5, random));
  return { repeats, meanSpend: repeats.map((x) => (x === 0 ? 0 : drawSpend(PAPER, 0, 0, x, random))) };
}

test("the worked example", () => {
  expect(expectedSpend(PAPER, 0, 0)).toBeCloseTo(35.22, 2);
  expect(expectedSpend(PAPER, 1, 10)).toBeCloseTo(17.69, 2);
  expect(expectedSpend(PAPER, 3, -5)).toBe(expectedSpend(PAPER, 0, 0));
});

test("the parameters behind simulated spending come out within their errors", () => {
  const outcome = fitSpending(simulated(20_000, 5));
  if (!outcome.ok) throw new Error(outcome.reason);
  const { fit } = outcome;
  expect(fit).toMatchObject({ converged: true, limit: null, notPositive: 0 });
  expect(Math.abs(fit.correlation ?? NaN)).toBeLessThan(0.05);
  for (const name of ["p", "q", "gamma"] as const) {
    expect(Math.abs(fit.parameters[name] - PAPER[name])).toBeLessThan(3 * Number(fit.standardErrors[name]));
    expect(Number(fit.standardErrors[name])).toBeLessThan(0.2 * PAPER[name]);
  }
});

test("the unit of money changes gamma and nothing else", () => {
  const { repeats, meanSpend } = simulated(3000, 6);
  const [plain, minor] = [1, 100].map((unit) =>
    fitSpending({ repeats, meanSpend: Array.from(meanSpend, (m) => m * unit) }),
  );
  if (!plain?.ok || !minor?.ok) throw new Error("both fit");
  expect(minor.fit.parameters.p / plain.fit.parameters.p).toBeCloseTo(1, 4);
  expect(minor.fit.parameters.gamma / plain.fit.parameters.gamma).toBeCloseTo(100, 2);
});

test("weights of one change nothing, others resample", () => {
  const spending = simulated(2000, 7);
  const outcome = fitSpending(spending);
  if (!outcome.ok) throw new Error(outcome.reason);
  const customers = Array.from(spending.repeats);
  const same = refitSpending(
    spending,
    outcome.fit,
    customers.map(() => 1),
  );
  const other = refitSpending(
    spending,
    outcome.fit,
    customers.map((_, i) => i % 3),
  );
  expect(same.q / outcome.fit.parameters.q).toBeCloseTo(1, 5);
  expect(other.q).not.toBeCloseTo(outcome.fit.parameters.q, 3);
});

test("draws of future spending have the expected mean", () => {
  const random = seededRandom(8);
  let sum = 0;
  for (let i = 0; i < 40_000; i++) sum += drawSpend(PAPER, 3, 80, 2, random);
  expect(sum / 40_000 / (expectedSpend(PAPER, 3, 80) ?? NaN)).toBeCloseTo(1, 1);
});

test("what cannot be is said", () => {
  expect(fitSpending({ repeats: [1], meanSpend: [] })).toEqual({ ok: false, reason: "lengths-differ" });
  expect(fitSpending({ repeats: [1], meanSpend: [NaN] })).toMatchObject({
    reason: "not-a-number",
    customer: 0,
  });
  expect(fitSpending({ repeats: [0, -1], meanSpend: [0, 3] })).toMatchObject({
    reason: "negative",
    customer: 1,
  });
  expect(fitSpending({ repeats: [1.5], meanSpend: [3] })).toMatchObject({ reason: "part-of-a-purchase" });
  expect(fitSpending({ repeats: [0, 1], meanSpend: [0, 5] })).toEqual({
    ok: false,
    reason: "too-few-customers",
    customers: 1,
    needed: 10,
  });
  expect(expectedSpend({ p: 2, q: 0.8, gamma: 5 }, 0, 0)).toBeNull();
});

test("customers who gave everything back are left out and counted", () => {
  const { repeats, meanSpend } = simulated(1000, 9);
  const [first, second] = Array.from(repeats).flatMap((x, i) => (x > 0 ? [i] : []));
  const given = Array.from(meanSpend, (m, i) => (i === first ? -3 : i === second ? 0 : m));
  const [all, some] = [fitSpending({ repeats, meanSpend }), fitSpending({ repeats, meanSpend: given })];
  if (!all.ok || !some.ok) throw new Error("both fit");
  expect(some.fit).toMatchObject({ notPositive: 2, customers: all.fit.customers - 2 });
  expect(some.fit.parameters.q).toBeCloseTo(all.fit.parameters.q, 0);
});

test("spending that is alike for all ends finite, and is called so", () => {
  const alike = {
    repeats: new Float64Array(200).fill(2),
    meanSpend: Array.from({ length: 200 }, (_, i) => 20 + (i % 3) / 100),
  };
  const outcome = fitSpending(alike);
  if (!outcome.ok) throw new Error(outcome.reason);
  expect(outcome.fit.limit).toBe("alike-spending");
  expect(expectedSpend(outcome.fit.parameters, 2, 20)).toBeCloseTo(20.01, 1);
});
