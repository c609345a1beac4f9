import { describe, expect, test } from "vitest";
import { backtest, scoreAtOrigin } from "./backtest.ts";
import { mbgCnbd } from "./models/mbg-cnbd-k.ts";
import { mbgNbd } from "./models/mbg-nbd.ts";
import { seededRandom } from "./numerics/random.ts";
import type { PurchaseModel } from "./purchase-model.ts";
import type { Transactions } from "./purchase-statistics.ts";

/** Customers come in the first 20 of 78 weeks; one order on each day with a purchase. */
function shop(
  model: PurchaseModel,
  parameters: readonly number[],
  customers: number,
  seed: number,
): Transactions {
  const random = seededRandom(seed);
  const draw = model.customerDrawer(parameters, random);
  const rows: { who: number; on: number }[] = [];
  for (let who = 0; who < customers; who++) {
    const first = random() * 20;
    rows.push({ who, on: Math.floor(7 * first) });
    for (const time of draw()(78 - first)) rows.push({ who, on: Math.floor(7 * (first + time)) });
  }
  rows.sort((a, b) => a.on - b.on);
  return {
    customer: Int32Array.from(rows, ({ who }) => who),
    day: Int32Array.from(rows, ({ on }) => on),
    amount: Float64Array.from(rows, ({ who }) => 10 + (who % 40)),
    customers,
  };
}

describe.each([2, 3])("regular buyers, k = %i", (k) => {
  const transactions = shop(mbgCnbd(k), [1.5, 5 * k, 0.4, 3], 3000, 60 + k);

  test("the regular model is chosen, with its k, and beats Pareto/NBD", () => {
    const outcome = backtest(transactions);
    if (!outcome.ok) throw new Error(outcome.reason);
    expect(outcome.purchases.chosen).toBe("mbg-cnbd-k");
    for (const { fits, scores } of outcome.origins) {
      const fit = fits.find(({ model }) => model === "mbg-cnbd-k")?.outcome;
      expect(fit).toMatchObject({ ok: true, fit: { regularity: k } });
      const [regular, pareto] = ["mbg-cnbd-k", "pareto-nbd"].map(
        (name) => scores.find((of) => of.name === name)?.purchases,
      );
      if (!regular || !pareto) throw new Error("both are scored");
      expect(regular.deviance).toBeLessThan(pareto.deviance);
      expect(regular.mae).toBeLessThan(pareto.mae);
    }
  });
});

test("three origins, each trained on its own past; fewer is said", () => {
  const transactions = shop(mbgNbd, [0.8, 6, 0.6, 1.5], 800, 3);
  const three = backtest(transactions);
  if (!three.ok) throw new Error(three.reason);
  expect(three).toMatchObject({ fewOrigins: false, horizonDays: Math.floor((78 * 7) / 3) });
  expect(three.origins.map(({ untilDay, toDay }) => toDay - untilDay)).toEqual(
    Array(3).fill(three.horizonDays),
  );
  const single = backtest(transactions, { origins: 1, horizonDays: 100 });
  expect(single).toMatchObject({ ok: true, fewOrigins: true, horizonDays: 100 });
  if (!single.ok) return;
  expect(single.origins[0]).toEqual(
    scoreAtOrigin(transactions, single.origins[0]?.untilDay ?? NaN, single.origins[0]?.toDay ?? NaN),
  );
});

test("the simplest candidate within one standard error of the best is chosen", () => {
  const outcome = backtest(shop(mbgNbd, [0.8, 6, 0.6, 1.5], 1500, 8));
  if (!outcome.ok) throw new Error(outcome.reason);
  for (const { chosen, ranking } of [outcome.purchases, outcome.spend]) {
    const losses = ranking.map(({ loss }) => loss);
    expect(losses).toEqual(losses.toSorted((a, b) => a - b));
    expect(ranking[0]).toMatchObject({ behindBest: 0, withinOneError: true });
    expect(ranking.find(({ name }) => name === chosen)?.withinOneError).toBe(true);
  }
  const past = outcome.purchases.ranking.find(({ name }) => name === "past-rate");
  expect(past?.withinOneError).toBe(false);
});

test("what has no past is said", () => {
  const none = { customer: [], day: [], amount: [], customers: 0 };
  expect(backtest(none)).toEqual({ ok: false, reason: "no-transactions" });
  const short = { customer: [0, 1], day: [0, 20], amount: [1, 1], customers: 2 };
  expect(backtest(short)).toMatchObject({ ok: false, reason: "history-too-short", historyDays: 21 });
});

test("a shop too small for models is still forecast by the rules", () => {
  const outcome = backtest(shop(mbgNbd, [0.8, 6, 0.6, 1.5], 12, 5));
  if (!outcome.ok) throw new Error(outcome.reason);
  for (const { fits, scores } of outcome.origins) {
    expect(fits.every(({ outcome: fit }) => !fit.ok && fit.reason === "too-few-customers")).toBe(true);
    expect(scores.map(({ name }) => name)).toEqual(["simple-formula", "past-rate", "recency-rule"]);
  }
});
