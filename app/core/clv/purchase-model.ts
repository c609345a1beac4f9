/**
 * The one shape that all models of purchasing have, so that fits, backtests, intervals and pages treat them alike.
 *
 * A customer buys at a rate of their own until they leave for good, unseen. Given x repeat purchases, the last at t_x, seen
 * up to T, every forecast is the chance of still being there times what somebody who is still there does.
 */
import type { Groups } from "./histories.ts";
import type { Objective } from "./numerics/maximize.ts";
import type { Random } from "./numerics/random.ts";

export const PURCHASE_MODEL_NAMES = ["nbd", "mbg-nbd", "bg-nbd", "pareto-nbd", "mbg-cnbd-k"] as const;
export type PurchaseModelName = (typeof PURCHASE_MODEL_NAMES)[number];

export interface PurchaseModel {
  readonly name: PurchaseModelName;
  /** k of Erlang-k times between purchases; 1 is the Poisson process. */
  readonly regularity: number;
  /** In the order of every parameter vector. */
  readonly parameterNames: readonly string[];
  /** What the parameters typically are, for a start and for the prior of small shops, in units of time in which a customer who
   * stays buys `rate` times. */
  typical(rate: number): number[];
  /** Mean log-likelihood per customer in the logarithms of the parameters, with its gradient. */
  objective(groups: Groups): Objective;
  /** The same purchases without churn: what the likelihood tends to where a parameter runs to its boundary. `null` if it is that. */
  readonly withoutChurn: {
    readonly model: PurchaseModel;
    parametersFrom: (parameters: readonly number[]) => number[];
  } | null;
  forecaster(parameters: readonly number[]): Forecaster;
  /** Draws one customer of the population. */
  customerDrawer(parameters: readonly number[], random: Random): () => SimulatedCustomer;
}

/** Times since the first purchase of the repeat purchases up to `until`; may be asked once. */
export type SimulatedCustomer = (until: number) => number[];

/** x, t_x and T as in `Histories`; all results are finite for histories without fault. */
export interface Forecaster {
  /** P(still a customer at T). */
  probabilityAlive(x: number, tx: number, T: number): number;
  /** Expected purchases in (T, T + horizon] of a customer who is still one at T. */
  purchasesIfAlive(x: number, tx: number, T: number, horizon: number): number;
  /** P(at least one purchase in (T, T + horizon]) of a customer who is still one at T. */
  returnIfAlive(x: number, tx: number, T: number, horizon: number): number;
  /** A possible number of purchases in (T, T + horizon]. */
  drawPurchases(x: number, tx: number, T: number, horizon: number, random: Random): number;
  /** `purchasesIfAlive` depends on t_x too. */
  readonly recencyMatters: boolean;
  /** What is added to a time for the forecasts to be smooth in its logarithm: the smallest scale parameter. */
  readonly timeScale: number;
}

/** E[Y(horizon) | x, t_x, T]; with x = t_x = T = 0 it is E[X(horizon)] of a new customer. */
export function expectedPurchases(
  forecaster: Forecaster,
  x: number,
  tx: number,
  T: number,
  horizon: number,
): number {
  return forecaster.probabilityAlive(x, tx, T) * forecaster.purchasesIfAlive(x, tx, T, horizon);
}
