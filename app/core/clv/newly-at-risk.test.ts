import fc from "fast-check";
import { expect, test } from "vitest";
import type { PurchaseFit } from "./fit-purchases.ts";
import { AT_RISK_FROM } from "./churn-risk.ts";
import { forecasterOf } from "./models.ts";
import { newlyAtRisk } from "./newly-at-risk.ts";

const FIT: PurchaseFit = {
  ...{ model: "mbg-nbd", regularity: 1, parameters: { r: 0.8, alpha: 6, a: 0.5, b: 3 } },
  ...{ standardErrors: {}, logCovariance: null, logLikelihood: -1, customers: 10, repeaters: 5 },
  ...{ converged: true, limit: null, shrunk: false },
};
const modelUntil = (untilDay: number) => ({
  chosen: { value: "mbg-nbd", purchases: "mbg-nbd", spend: "mbg-nbd" } as const,
  fits: [{ model: "mbg-nbd" as const, outcome: { ok: true as const, fit: FIT } }],
  untilDay,
});

/** By the definition: the chance of no order within 365 days, on one day. */
function riskOn(days: readonly number[], on: number): number {
  const forecaster = forecasterOf(FIT);
  const visits = [...new Set(days)].toSorted((a, b) => a - b);
  const [first = 0] = visits;
  const weeks = [visits.length - 1, ((visits.at(-1) ?? 0) - first) / 7, (on - first) / 7] as const;
  return 1 - forecaster.probabilityAlive(...weeks) * forecaster.returnIfAlive(...weeks, 365 / 7);
}

function purchasesOf(histories: readonly (readonly number[])[]) {
  const rows = histories.flatMap((days, customer) => days.map((day) => ({ day, customer })));
  return {
    customers: histories.length,
    customer: Int32Array.from(rows, ({ customer }) => customer),
    day: Int32Array.from(rows, ({ day }) => day),
    amount: new Float64Array(rows.length).fill(1_000),
  };
}

test("are those whose risk crossed the line within the days, by looking at each end of them", () => {
  const history = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 12 });
  let found = 0;
  fc.assert(
    fc.property(
      fc.array(history, { minLength: 1, maxLength: 30 }),
      fc.constantFrom(1, 30, 200),
      (each, days) => {
        const until = 700;
        const expected = each.flatMap((own, customer) => {
          const lastDay = Math.max(...own);
          const before = riskOn(own, Math.max(lastDay, until - days));
          const now = riskOn(own, until);
          return before < AT_RISK_FROM && now >= AT_RISK_FROM
            ? [{ customer, lastDay, riskPercent: Math.round(100 * now) }]
            : [];
        });
        expect(newlyAtRisk(purchasesOf(each), modelUntil(until), days)).toEqual(expected);
        found += expected.length;
      },
    ),
  );
  expect(found).toBeGreaterThan(0);
});

test("each silence crosses the line once, whoever looks every day", () => {
  const days = [0, 10, 25, 40];
  const seen = Array.from({ length: 900 }, (_, day) => day + 40).filter((day) =>
    newlyAtRisk(purchasesOf([days, [day]]), modelUntil(day), 1).some(({ customer }) => customer === 0),
  );
  expect(seen).toHaveLength(1);
});

test("nobody is, where a rule was chosen that knows no chance", () => {
  const rule = { ...modelUntil(2_000), fits: [] };
  expect(newlyAtRisk(purchasesOf([[0, 10, 20]]), rule, 2_000)).toEqual([]);
});
