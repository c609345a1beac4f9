/** How often intervals hold what they should: over many simulated shops whose truth is known. */
import { fitGroups, fitPurchases } from "../../app/core/clv/fit-purchases.ts";
import { possibleParameters } from "../../app/core/clv/parameter-draws.ts";
import type { PurchaseModel } from "../../app/core/clv/purchase-model.ts";
import { seededRandom } from "../../app/core/clv/numerics/random.ts";
import { simulateFutures } from "../../app/core/clv/simulated-futures.ts";
import { groupHistories } from "../../app/core/clv/histories.ts";
import { bgNbd } from "../../app/core/clv/models/bg-nbd.ts";
import { drawSpend, fitSpending } from "../../app/core/clv/models/gamma-gamma.ts";
import { mbgCnbd } from "../../app/core/clv/models/mbg-cnbd-k.ts";
import { mbgNbd } from "../../app/core/clv/models/mbg-nbd.ts";
import { nbd } from "../../app/core/clv/models/nbd.ts";
import { paretoNbd } from "../../app/core/clv/models/pareto-nbd.ts";
import { simulatedHistories } from "./simulated-histories.ts";

/** Models with parameters of an ordinary shop, in weeks. */
export const ORDINARY: { name: string; model: PurchaseModel; truth: number[] }[] = [
  { name: "NBD", model: nbd, truth: [0.6, 8] },
  { name: "BG/NBD", model: bgNbd, truth: [0.5, 6, 0.8, 2.5] },
  { name: "MBG/NBD", model: mbgNbd, truth: [0.8, 6, 0.6, 1.5] },
  { name: "Pareto/NBD", model: paretoNbd, truth: [0.8, 10, 0.8, 12] },
  { name: "MBG/CNBD-2", model: mbgCnbd(2), truth: [0.8, 4, 0.6, 1.8] },
];

/** In how many of the shops the 95% interval of each parameter, on the scale of its logarithm, holds the truth. */
export function parameterCoverage(
  model: PurchaseModel,
  truth: readonly number[],
  { seeds, customers }: { seeds: number; customers: number },
): Record<string, number> {
  const covered = Object.fromEntries(model.parameterNames.map((name) => [name, 0]));
  for (let seed = 1; seed <= seeds; seed++) {
    const outcome = fitPurchases(model, simulatedHistories(model, truth, { customers, seed }));
    if (!outcome.ok) throw new Error(outcome.reason);
    const { parameters, logCovariance } = outcome.fit;
    model.parameterNames.forEach((name, i) => {
      const variance = logCovariance?.[i * (truth.length + 1)] ?? NaN;
      const off = Math.abs(Math.log((parameters[name] ?? NaN) / (truth[i] as number)));
      if (off <= 1.96 * Math.sqrt(variance)) covered[name] = (covered[name] ?? 0) + 1;
    });
  }
  return covered;
}

/** The same for the spend model, whose repeats are those of an ordinary shop. */
export function spendCoverage({
  seeds,
  customers,
}: {
  seeds: number;
  customers: number;
}): Record<string, number> {
  const truth = { p: 6, q: 4, gamma: 15 };
  const covered = { p: 0, q: 0, gamma: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const { repeats } = simulatedHistories(bgNbd, [0.5, 6, 0.8, 2.5], { customers, seed });
    const random = seededRandom(seed, 1);
    const meanSpend = repeats.map((x) => (x === 0 ? 0 : drawSpend(truth, 0, 0, x, random)));
    const outcome = fitSpending({ repeats, meanSpend });
    if (!outcome.ok) throw new Error(outcome.reason);
    for (const name of ["p", "q", "gamma"] as const) {
      const { parameters, standardErrors } = outcome.fit;
      const error = Number(standardErrors[name]) / parameters[name];
      if (Math.abs(Math.log(parameters[name] / truth[name])) <= 1.96 * error) covered[name]++;
    }
  }
  return covered;
}

/** The share of customers, of all shops, whose future lies in their nominal 80% interval. */
export function customerCoverage(
  model: PurchaseModel,
  truth: readonly number[],
  { seeds, customers, futures }: { seeds: number; customers: number; futures: number },
): number {
  let inside = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const histories = simulatedHistories(model, truth, { customers, seed, horizon: 52 });
    const { groups } = groupHistories(histories);
    const outcome = fitGroups(model, groups);
    if (!outcome.ok) throw new Error(outcome.reason);
    const draws = possibleParameters(outcome.fit, groups, seed, futures);
    const forecasters = draws.map((parameters) => model.forecaster(parameters));
    const { low, high } = simulateFutures(histories, { forecasters, horizon: 52, seed });
    histories.future.forEach((came, i) => {
      if (came >= (low[i] as number) && came <= (high[i] as number)) inside++;
    });
  }
  return inside / (seeds * customers);
}
