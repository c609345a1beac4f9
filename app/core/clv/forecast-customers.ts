/**
 * Forecasts of all customers at once. Customers alike in repeats, recency and tenure are computed once, and what does not
 * depend on recency once per repeats and tenure: with whole days these are few, however many customers there are.
 */
import { groupHistories, type Grouped, type Histories } from "./histories.ts";
import { gaussLegendre } from "./numerics/gauss-legendre.ts";
import type { Forecaster } from "./purchase-model.ts";

/** P(alive) of each customer. */
export function probabilitiesAlive(forecaster: Forecaster, histories: Histories | Grouped): Float64Array {
  const grouped = asGrouped(histories);
  return spread(grouped, aliveByGroup(forecaster, grouped));
}

/** Expected purchases of each customer within the horizon. */
export function forecastPurchases(
  forecaster: Forecaster,
  histories: Histories | Grouped,
  horizon: number,
): Float64Array {
  return forecastWith(alikeUnder(forecaster, asGrouped(histories)), (x, tx, T) =>
    forecaster.purchasesIfAlive(x, tx, T, horizon),
  );
}

/**
 * Expected purchases within the horizon, each discounted continuously at `discount` per unit of time from the end of observation: times the
 * spend per purchase it is what the customer is worth.
 */
export function discountedPurchases(
  forecaster: Forecaster,
  histories: Histories | Grouped,
  horizon: number,
  discount: number,
): Float64Array {
  return discountedBy(forecaster, histories)(horizon, discount);
}

/** The same for several horizons: who is alive and who is alike does not depend on them. */
export function discountedBy(
  forecaster: Forecaster,
  histories: Histories | Grouped,
): (horizon: number, discount: number) => Float64Array {
  const known = alikeUnder(forecaster, asGrouped(histories));
  return (horizon, discount) =>
    forecastWith(known, (x, tx, T) => discountedIfAlive(forecaster, x, tx, T, horizon, discount));
}

/** P(at least one purchase within the horizon) of each customer. */
export function returnChances(
  forecaster: Forecaster,
  histories: Histories | Grouped,
  horizon: number,
): Float64Array {
  return forecastWith(alikeUnder(forecaster, asGrouped(histories)), (x, tx, T) =>
    forecaster.returnIfAlive(x, tx, T, horizon),
  );
}

/** ln(1 + yearly rate) per unit of time, a year being 365 days: .15 a year is .00268 a week, not a day. */
export function discountPerUnit(yearlyRate: number, unitDays: number): number {
  return (Math.log1p(yearlyRate) * unitDays) / 365;
}

/**
 * By parts, the integral of e^(-d u) dE(u) is e^(-d h) E(h) + d integral of e^(-d u) E(u) du up to h. In v = ln(c + T + u), c the model's
 * smallest scale, it is smooth, and few nodes are enough; regular buyers come in waves that need more.
 */
export function discountedIfAlive(
  forecaster: Forecaster,
  x: number,
  tx: number,
  T: number,
  horizon: number,
  discount: number,
): number {
  if (horizon === 0) return 0;
  const start = forecaster.timeScale + T;
  const length = Math.log1p(horizon / start);
  const { nodes, weights } = gaussLegendre(
    forecaster.recencyMatters ? 24 : length < 1 ? 4 : length < 2.5 ? 8 : 16,
  );
  let sum = 0;
  for (let i = 0; i < nodes.length; i++) {
    const stretched = start * Math.exp(length * (nodes[i] as number));
    const u = stretched - start;
    const purchases = forecaster.purchasesIfAlive(x, tx, T, u);
    sum += (weights[i] as number) * stretched * Math.exp(-discount * u) * purchases;
  }
  const atEnd = forecaster.purchasesIfAlive(x, tx, T, horizon);
  return Math.exp(-discount * horizon) * atEnd + discount * length * sum;
}

interface Alike {
  grouped: Grouped;
  /** P(alive) of each group. */
  alive: Float64Array;
  /** Groups that the future of who is alive is the same for. */
  pairs: Grouped;
}

function alikeUnder(forecaster: Forecaster, grouped: Grouped): Alike {
  return {
    grouped,
    alive: aliveByGroup(forecaster, grouped),
    pairs: groupHistories(grouped.groups, !forecaster.recencyMatters),
  };
}

function forecastWith(
  { grouped, alive, pairs: { groups: pairs, groupOf: pairOf } }: Alike,
  ifAlive: (x: number, tx: number, T: number) => number,
): Float64Array {
  const byPair = new Float64Array(pairs.count);
  for (let pair = 0; pair < pairs.count; pair++) {
    byPair[pair] = ifAlive(
      pairs.repeats[pair] as number,
      pairs.recency[pair] as number,
      pairs.tenure[pair] as number,
    );
  }
  const byGroup = new Float64Array(alive.length);
  for (let group = 0; group < alive.length; group++) {
    byGroup[group] = (alive[group] as number) * (byPair[pairOf[group] as number] as number);
  }
  return spread(grouped, byGroup);
}

function aliveByGroup(forecaster: Forecaster, { groups }: Grouped): Float64Array {
  const alive = new Float64Array(groups.count);
  for (let group = 0; group < groups.count; group++) {
    alive[group] = forecaster.probabilityAlive(
      groups.repeats[group] as number,
      groups.recency[group] as number,
      groups.tenure[group] as number,
    );
  }
  return alive;
}

function spread({ groupOf }: Grouped, byGroup: Float64Array): Float64Array {
  const byCustomer = new Float64Array(groupOf.length);
  for (let i = 0; i < groupOf.length; i++) byCustomer[i] = byGroup[groupOf[i] as number] as number;
  return byCustomer;
}

function asGrouped(histories: Histories | Grouped): Grouped {
  return "groupOf" in histories ? histories : groupHistories(histories);
}
