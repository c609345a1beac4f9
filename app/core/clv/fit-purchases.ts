/** Fits a model of purchasing to customers' histories, and says where the likelihood ran to a boundary. */
import {
  faultOf,
  groupHistories,
  sampleOf,
  type Groups,
  type Histories,
  type HistoryFault,
} from "./histories.ts";
import { finishLogs, fitLogs, type LogFit } from "./numerics/fit-logs.ts";
import type { Objective } from "./numerics/maximize.ts";
import type { PurchaseModel, PurchaseModelName } from "./purchase-model.ts";

/** Plain data: it is stored, sent between threads and printed as it is. */
export interface PurchaseFit {
  model: PurchaseModelName;
  /** k; 1 for all models but MBG/CNBD-k. */
  regularity: number;
  parameters: Record<string, number>;
  /** Of the parameters, by the delta method; `null` where the likelihood does not tell. */
  standardErrors: Record<string, number | null>;
  /** Of the logarithms of the parameters, row by row; `null` where the likelihood is flat. */
  logCovariance: number[] | null;
  logLikelihood: number;
  customers: number;
  repeaters: number;
  converged: boolean;
  limit: FitLimit | null;
  /** Few customers: the parameters were drawn towards what is typical for shops. */
  shrunk: boolean;
}

/**
 * no-churn: nobody leaves (a or s is 0), the model is NBD. alike-rates: all customers buy at one rate (r without bound). alike-churn: all
 * leave at one rate (a + b or s without bound).
 */
type FitLimit = "no-churn" | "alike-rates" | "alike-churn";

export type PurchaseFault =
  | HistoryFault
  | { reason: "no-time" }
  | { reason: "no-repeat-purchases" }
  | { reason: "too-few-customers"; customers: number; repeaters: number; needed: typeof NEEDED };

export type PurchaseFitOutcome = { ok: true; fit: PurchaseFit } | ({ ok: false } & PurchaseFault);

/** Below, nothing is fitted. */
const NEEDED = { customers: 30, repeaters: 10 };
/** Below, parameters are drawn towards the typical ones. */
const SHRUNK_BELOW = { customers: 500, repeaters: 100 };
/** The prior: the logarithm of each parameter is normal around that of the typical one with this deviation. */
const PRIOR_LOG_DEVIATION = 1;

export function fitPurchases(model: PurchaseModel, histories: Histories): PurchaseFitOutcome {
  const fault = faultOf(histories);
  if (fault) return { ok: false, ...fault };
  return fitGroups(model, groupHistories(histories).groups);
}

/** The same for histories that are known to be without fault. */
export function fitGroups(model: PurchaseModel, groups: Groups): PurchaseFitOutcome {
  const facts = factsOf(groups);
  const missing = whatIsMissing(facts);
  if (missing) return { ok: false, ...missing };
  const shrunk = facts.customers < SHRUNK_BELOW.customers || facts.repeaters < SHRUNK_BELOW.repeaters;
  const starts = startsOf(model, facts.rate);
  const typical = model.typical(facts.rate);
  const likelihood = (of: Groups) => {
    const objective = model.objective(of);
    return shrunk ? withPrior(objective, typical, of.customers) : objective;
  };
  const objectiveOf = (sample: number | "all") =>
    likelihood(sample === "all" ? groups : sampleOf(groups, sample));
  const best = fitLogs(objectiveOf, starts, groups.customers);
  const plain = shrunk ? null : fitWithoutChurn(model, groups, best, facts);
  return { ok: true, fit: plain ?? fitFrom(model, groups, facts, best, shrunk) };
}

/** A resample of `groups`, from the parameters of their fit, with the prior that they were fitted with if they were few. */
export function refitResample(
  model: PurchaseModel,
  groups: Groups,
  resample: Groups,
  parameters: readonly number[],
  shrunk: boolean,
): LogFit {
  const objective = model.objective(resample);
  const typical = model.typical(factsOf(groups).rate);
  const start = Float64Array.from(parameters, Math.log);
  return finishLogs(
    shrunk ? withPrior(objective, typical, resample.customers) : objective,
    start,
    resample.customers,
  );
}

interface Facts {
  customers: number;
  repeaters: number;
  /** Repeat purchases per unit of time, of all customers together. */
  rate: number;
  time: number;
}

function factsOf(groups: Groups): Facts {
  let [repeaters, purchases, time] = [0, 0, 0];
  for (let group = 0; group < groups.count; group++) {
    const weight = groups.weight[group] as number;
    const repeats = groups.repeats[group] as number;
    if (repeats > 0) repeaters += weight;
    purchases += weight * repeats;
    time += weight * (groups.tenure[group] as number);
  }
  return { customers: groups.customers, repeaters, rate: purchases / time, time };
}

function whatIsMissing({ customers, repeaters, time }: Facts): PurchaseFault | null {
  if (time === 0) return { reason: "no-time" };
  if (repeaters === 0) return { reason: "no-repeat-purchases" };
  if (customers < NEEDED.customers || repeaters < NEEDED.repeaters) {
    return { reason: "too-few-customers", customers, repeaters, needed: NEEDED };
  }
  return null;
}

/** The typical parameters, more and less churn, and a population that is more alike. */
function startsOf(model: PurchaseModel, rate: number): number[][] {
  const typical = model.typical(2 * rate);
  const varied = (factors: readonly number[]) => typical.map((value, i) => value * (factors[i] ?? 1));
  return model.withoutChurn ? [typical, varied([3, 3, 0.2, 1]), varied([0.5, 0.5, 3, 1])] : [typical];
}

function withPrior(objective: Objective, typical: readonly number[], customers: number): Objective {
  return (theta, gradient) => {
    let value = objective(theta, gradient);
    typical.forEach((centre, i) => {
      const off = ((theta[i] as number) - Math.log(centre)) / PRIOR_LOG_DEVIATION;
      value -= (off * off) / (2 * customers);
      gradient[i] = (gradient[i] as number) - off / (PRIOR_LOG_DEVIATION * customers);
    });
    return value;
  };
}

/** A logarithm that is less sure than this belongs to a parameter that may have no bound. */
export const UNSURE_LOG = 1.5;
/** As much log-likelihood as nobody would notice. */
const NOTHING_LOST = 0.01;

/** The fit without churn where churn adds nothing to the likelihood, or `null`. */
function fitWithoutChurn(
  model: PurchaseModel,
  groups: Groups,
  best: LogFit,
  facts: Facts,
): PurchaseFit | null {
  if (!model.withoutChurn || !isUnsure(best)) return null;
  const { model: plain, parametersFrom } = model.withoutChurn;
  const outcome = fitGroups(plain, groups);
  if (!outcome.ok || outcome.fit.logLikelihood < best.value * facts.customers - NOTHING_LOST) return null;
  const { fit } = outcome;
  const parameters = parametersFrom(plain.parameterNames.map((name) => fit.parameters[name] ?? NaN));
  return {
    ...fit,
    model: model.name,
    parameters: named(model, parameters),
    standardErrors: Object.fromEntries(
      model.parameterNames.map((name) => [name, fit.standardErrors[name] ?? null]),
    ),
    limit: "no-churn",
  };
}

function isUnsure({ covariance, theta }: LogFit): boolean {
  return (
    !covariance || theta.some((_, i) => (covariance[i * (theta.length + 1)] as number) > UNSURE_LOG ** 2)
  );
}

function fitFrom(
  model: PurchaseModel,
  groups: Groups,
  facts: Facts,
  best: LogFit,
  shrunk: boolean,
): PurchaseFit {
  const parameters = Array.from(best.theta, Math.exp);
  const { covariance } = best;
  const size = parameters.length;
  return {
    model: model.name,
    regularity: model.regularity,
    parameters: named(model, parameters),
    standardErrors: Object.fromEntries(
      model.parameterNames.map((name, i) => [
        name,
        covariance && (parameters[i] as number) * Math.sqrt(covariance[i * (size + 1)] as number),
      ]),
    ),
    logCovariance: covariance && Array.from(covariance),
    logLikelihood: shrunk
      ? model.objective(groups)(best.theta, new Float64Array(size)) * facts.customers
      : best.value * facts.customers,
    customers: facts.customers,
    repeaters: facts.repeaters,
    converged: best.converged,
    limit: isUnsure(best) ? alikeIn(parameters) : null,
    shrunk,
  };
}

/** Shapes beyond this are as good as infinite. */
const ALIKE = 100;

function alikeIn([r = 0, , a = 0, b = 0]: readonly number[]): FitLimit | null {
  if (r > ALIKE) return "alike-rates";
  return a > ALIKE || (a > 1 && a + b > 10 * ALIKE) ? "alike-churn" : null;
}

function named(model: PurchaseModel, parameters: readonly number[]): Record<string, number> {
  return Object.fromEntries(model.parameterNames.map((name, i) => [name, parameters[i] ?? NaN]));
}

/** In the order that the model's functions take them. */
export function parameterVector(
  model: PurchaseModel,
  parameters: Readonly<Record<string, number>>,
): number[] {
  return model.parameterNames.map((name) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`${model.name} has a parameter ${name}`);
    return value;
  });
}
