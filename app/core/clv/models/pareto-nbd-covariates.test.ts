import { expect, test } from "vitest";
import type { Histories } from "../histories.ts";
import { simulatedHistories } from "../../../../tests/support/simulated-histories.ts";
import { covariateForecaster, fitWithCovariates } from "./pareto-nbd-covariates.ts";
import { paretoNbd } from "./pareto-nbd.ts";

const [R, ALPHA, S, BETA] = [0.8, 8, 0.8, 12];

/** Half with the covariate, who buy e^g as often and leave e^h as fast. */
function shop(g: number, h: number, customers: number): { histories: Histories; values: number[] } {
  const parts = [0, 1].map((z) =>
    simulatedHistories(paretoNbd, [R, ALPHA * Math.exp(-g * z), S, BETA * Math.exp(-h * z)], {
      customers: customers / 2,
      seed: 40 + z,
    }),
  );
  const together = (pick: (part: (typeof parts)[number]) => Float64Array) =>
    parts.flatMap((part) => [...pick(part)]);
  return {
    histories: {
      repeats: together((part) => part.repeats),
      recency: together((part) => part.recency),
      tenure: together((part) => part.tenure),
    },
    values: parts.flatMap((part, z) => Array.from(part.repeats, () => z)),
  };
}

test("effects on buying and on leaving come out within their errors", () => {
  const { histories, values } = shop(0.7, -0.6, 8000);
  const covariate = { name: "full-price", values };
  const outcome = fitWithCovariates(histories, { onPurchases: [covariate], onChurn: [covariate] });
  if (!outcome.ok) throw new Error(outcome.reason);
  const { fit } = outcome;
  expect(fit).toMatchObject({ converged: true, customers: 8000 });
  const truth = { purchases: 0.7, churn: -0.6 };
  for (const { on, value, standardError } of fit.coefficients) {
    expect(Math.abs(value - truth[on])).toBeLessThan(3.5 * Number(standardError));
    expect(Number(standardError)).toBeLessThan(0.4);
  }
  for (const [name, value] of [
    ["r", R],
    ["alpha", ALPHA],
    ["s", S],
    ["beta", BETA],
  ] as const) {
    expect(Math.abs(fit.parameters[name] - value)).toBeLessThan(3.5 * Number(fit.standardErrors[name]));
  }
  const [without, withIt] = [0, 1].map((z) =>
    covariateForecaster(fit, { "full-price": z }).purchasesIfAlive(0, 0, 0, 1),
  );
  expect((withIt as number) / (without as number)).toBeGreaterThan(1.6);
});

test("what cannot be fitted is said", () => {
  const { histories, values } = shop(0.7, 0, 200);
  const constant = { name: "all", values: values.map(() => 1) };
  expect(fitWithCovariates(histories, { onPurchases: [constant], onChurn: [] })).toEqual({
    ok: false,
    reason: "does-not-vary",
    covariate: "all",
  });
  const short = { name: "short", values: [1, 2] };
  expect(fitWithCovariates(histories, { onPurchases: [], onChurn: [short] })).toMatchObject({
    reason: "lengths-differ",
  });
  const broken = { name: "broken", values: values.map((z, i) => (i === 3 ? NaN : z)) };
  expect(fitWithCovariates(histories, { onPurchases: [broken], onChurn: [] })).toMatchObject({
    covariate: "broken",
  });
});
