/**
 * Pareto/NBD in which what is known of a customer from the start (channel, country, first product, discount used) makes them buy or leave
 * sooner: covariates that do not change with time (Abe, Marketing Science 28 (2009), 541-553, motivates them; the form is that of Fader and
 * Hardie, "Incorporating Time-Invariant Covariates into the Pareto/NBD and BG/NBD Models" (2007), equations 5 and 6).
 *
 *   alpha_i = alpha exp(-g' z_i),   beta_i = beta exp(-h' z_i):
 *
 * a covariate that rises by 1 multiplies the rate of buying by e^g and that of leaving by e^h. Covariates should be of the order of 1.
 *
 * Worked example: g = .7 on a yes-or-no covariate doubles (2.01 times) the purchases that a customer makes while being one.
 */
import { faultOf, groupHistories, type Histories } from "../histories.ts";
import { fitGroups, type PurchaseFault } from "../fit-purchases.ts";
import { finishLogs } from "../numerics/fit-logs.ts";
import { digamma, logGamma } from "../numerics/log-gamma.ts";
import type { Objective } from "../numerics/maximize.ts";
import type { Forecaster } from "../purchase-model.ts";
import { paretoNbd, paretoTerm } from "./pareto-nbd.ts";

interface Covariate {
  name: string;
  /** Of each customer. */
  values: ArrayLike<number>;
}

export interface Covariates {
  onPurchases: readonly Covariate[];
  onChurn: readonly Covariate[];
}

interface Coefficient {
  covariate: string;
  on: "purchases" | "churn";
  value: number;
  /** `null` where the likelihood does not tell. */
  standardError: number | null;
}

export interface CovariateFit {
  parameters: { r: number; alpha: number; s: number; beta: number };
  standardErrors: { r: number | null; alpha: number | null; s: number | null; beta: number | null };
  coefficients: Coefficient[];
  logLikelihood: number;
  customers: number;
  converged: boolean;
}

export type CovariateFitOutcome =
  | { ok: true; fit: CovariateFit }
  | ({ ok: false } & (
      PurchaseFault | { reason: "no-churn" } | { reason: "not-a-number" | "does-not-vary"; covariate: string }
    ));

export function fitWithCovariates(histories: Histories, covariates: Covariates): CovariateFitOutcome {
  const fault = faultOf(histories) ?? faultOfCovariates(covariates, histories.repeats.length);
  if (fault) return { ok: false, ...fault };
  // Without churn nothing is left for the covariates to explain, and the likelihood has no top.
  const plain = fitGroups(paretoNbd, groupHistories(histories).groups);
  if (!plain.ok) return plain;
  if (plain.fit.limit === "no-churn") return { ok: false, reason: "no-churn" };

  const logs = Object.values(plain.fit.parameters).map(Math.log);
  const all = [...covariates.onPurchases, ...covariates.onChurn];
  const start = Float64Array.from([...logs, ...all.map(() => 0)]);
  const customers = histories.repeats.length;
  const { theta, value, covariance, converged } = finishLogs(
    covariateObjective(histories, covariates),
    start,
    customers,
  );
  const errorOf = (i: number) => covariance && Math.sqrt(covariance[i * (theta.length + 1)] as number);
  const parameter = (i: number) => Math.exp(theta[i] as number);
  const parameterError = (i: number) => {
    const error = errorOf(i);
    return error === null ? null : parameter(i) * error;
  };
  return {
    ok: true,
    fit: {
      parameters: { r: parameter(0), alpha: parameter(1), s: parameter(2), beta: parameter(3) },
      standardErrors: {
        r: parameterError(0),
        alpha: parameterError(1),
        s: parameterError(2),
        beta: parameterError(3),
      },
      coefficients: all.map(({ name }, i) => ({
        covariate: name,
        on: i < covariates.onPurchases.length ? "purchases" : "churn",
        value: theta[4 + i] as number,
        standardError: errorOf(4 + i),
      })),
      logLikelihood: value * customers,
      customers,
      converged,
    },
  };
}

/** Forecasts for a customer with these covariates, by name. */
export function covariateForecaster(
  { parameters, coefficients }: CovariateFit,
  values: Readonly<Record<string, number>>,
): Forecaster {
  const effect = (on: Coefficient["on"]) =>
    coefficients
      .filter((coefficient) => coefficient.on === on)
      .reduce((sum, { covariate, value }) => sum + value * (values[covariate] ?? 0), 0);
  const { r, alpha, s, beta } = parameters;
  return paretoNbd.forecaster([
    r,
    alpha * Math.exp(-effect("purchases")),
    s,
    beta * Math.exp(-effect("churn")),
  ]);
}

function faultOfCovariates({ onPurchases, onChurn }: Covariates, customers: number) {
  for (const { name, values } of [...onPurchases, ...onChurn]) {
    if (values.length !== customers) return { reason: "lengths-differ" } as const;
    let varies = false;
    for (let i = 0; i < customers; i++) {
      if (!Number.isFinite(values[i])) return { reason: "not-a-number", covariate: name } as const;
      if (values[i] !== values[0]) varies = true;
    }
    if (!varies) return { reason: "does-not-vary", covariate: name } as const;
  }
  return null;
}

/** In ln r, ln alpha, ln s, ln beta and the coefficients; mean per customer. */
function covariateObjective(histories: Histories, { onPurchases, onChurn }: Covariates): Objective {
  const { repeats, recency, tenure } = histories;
  const customers = repeats.length;
  const byLogs = new Float64Array(4);
  return (theta, gradient) => {
    const r = Math.exp(theta[0] as number);
    const s = Math.exp(theta[2] as number);
    const [logGammaR, digammaR] = [logGamma(r), digamma(r)];
    const firstChurn = 4 + onPurchases.length;
    let value = 0;
    gradient.fill(0);
    const add = (i: number, slope: number) => (gradient[i] = (gradient[i] as number) + slope / customers);
    for (let i = 0; i < customers; i++) {
      const x = repeats[i] as number;
      const alpha = Math.exp((theta[1] as number) - effectOn(onPurchases, theta, 4, i));
      const beta = Math.exp((theta[3] as number) - effectOn(onChurn, theta, firstChurn, i));
      value += paretoTerm(r, alpha, s, beta, x, recency[i] as number, tenure[i] as number, byLogs);
      if (x > 0) {
        value += logGamma(r + x) - logGammaR;
        add(0, (digamma(r + x) - digammaR) * r);
      }
      for (let j = 0; j < 4; j++) add(j, byLogs[j] as number);
      onPurchases.forEach(({ values }, j) => add(4 + j, -(values[i] as number) * (byLogs[1] as number)));
      onChurn.forEach(({ values }, j) => add(firstChurn + j, -(values[i] as number) * (byLogs[3] as number)));
    }
    return value / customers;
  };
}

function effectOn(
  covariates: readonly Covariate[],
  theta: Float64Array,
  from: number,
  customer: number,
): number {
  let sum = 0;
  for (let j = 0; j < covariates.length; j++) {
    sum += (theta[from + j] as number) * ((covariates[j] as Covariate).values[customer] as number);
  }
  return sum;
}
