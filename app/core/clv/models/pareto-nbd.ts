/**
 * Pareto/NBD: purchases at random times, and a customer may leave at any time, not only after a purchase.
 *
 * Rates lambda ~ gamma(r, alpha), lifetimes exponential with mu ~ gamma(s, beta) (Schmittlein, Morrison and Colombo, Management Science
 * 33 (1987), 1-24; the likelihood as in Fader and Hardie, "A Note on Deriving the Pareto/NBD Model and Related Expressions" (2005), equations 17 and
 * 18). With R = r + x,
 *
 *   L = Gamma(R) alpha^r beta^s / Gamma(r) (alpha + T)^(-R) (beta + T)^(-s) (1 + J),
 *   J = s integral from t_x to T of ((alpha + T)/(alpha + t))^R ((beta + T)/(beta + t))^s dt/(beta + t),   P(alive) = 1/(1 + J),
 *   E[Y(t) | alive] = R/(alpha + T) integral from 0 to t of ((beta + T)/(beta + T + u))^s du.
 *
 * Worked example with the paper's CDNOW parameters r = .553, alpha = 10.578, s = .606, beta = 11.669, in weeks: x = 2, t_x = 30.43, T = 38.86
 * gives 1.455 purchases in the next 39 weeks, and x = 26, t_x = 30.86, T = 31 P(alive) = .9979.
 */
import type { Groups } from "../histories.ts";
import { emptyMoments, integrateDecay } from "../numerics/decay-integral.ts";
import { digammaRise, logGammaRise } from "../numerics/log-gamma.ts";
import type { Objective } from "../numerics/maximize.ts";
import { drawExponential, drawGamma, drawPoisson, type Random } from "../numerics/random.ts";
import { tricomiU1 } from "../numerics/tricomi.ts";
import type { Forecaster, PurchaseModel, SimulatedCustomer } from "../purchase-model.ts";
import { withoutChurnModel } from "./beta-geometric-model.ts";

export const paretoNbd: PurchaseModel = {
  name: "pareto-nbd",
  regularity: 1,
  parameterNames: ["r", "alpha", "s", "beta"],
  typical: (rate) => [0.5, 0.5 / rate, 0.6, 0.6 / rate],
  objective: paretoObjective,
  withoutChurn: {
    model: withoutChurnModel({ name: "pareto-nbd", regularity: 1, chancesAtStart: 0 }),
    parametersFrom: ([r = NaN, alpha = NaN]) => [r, alpha, 0, 1],
  },
  forecaster: paretoForecaster,
  customerDrawer: paretoDrawer,
};

/** Mean log-likelihood per customer in ln r, ln alpha, ln s and ln beta. */
function paretoObjective(groups: Groups): Objective {
  const { count, repeats, recency, tenure, weight, customers, distinctRepeats, repeatsPlace } = groups;
  const places = distinctRepeats.length;
  const weightOf = new Float64Array(places);
  for (let group = 0; group < count; group++) {
    const place = repeatsPlace[group] as number;
    weightOf[place] = (weightOf[place] as number) + (weight[group] as number);
  }
  const byLogs = new Float64Array(4);
  return (theta, gradient) => {
    const [r, alpha, s, beta] = [0, 1, 2, 3].map((i) => Math.exp(theta[i] as number)) as [
      number,
      number,
      number,
      number,
    ];
    let [value, byR] = [0, 0];
    distinctRepeats.forEach((x, place) => {
      value += (weightOf[place] as number) * logGammaRise(r, x);
      byR += (weightOf[place] as number) * digammaRise(r, x);
    });
    gradient.fill(0);
    for (let group = 0; group < count; group++) {
      const of = weight[group] as number;
      value +=
        of *
        paretoTerm(
          r,
          alpha,
          s,
          beta,
          repeats[group] as number,
          recency[group] as number,
          tenure[group] as number,
          byLogs,
        );
      for (let i = 0; i < 4; i++) gradient[i] = (gradient[i] as number) + of * (byLogs[i] as number);
    }
    gradient[0] = (gradient[0] as number) + byR * r;
    for (let i = 0; i < 4; i++) gradient[i] = (gradient[i] as number) / customers;
    return value / customers;
  };
}

const moments = emptyMoments();

/**
 * One customer's log-likelihood without ln Gamma(R)/Gamma(r), and its derivatives by ln r (without digammas), ln alpha, ln s and ln
 * beta, written into `byLogs`.
 */
export function paretoTerm(
  r: number,
  alpha: number,
  s: number,
  beta: number,
  x: number,
  tx: number,
  T: number,
  byLogs: Float64Array,
): number {
  const shape = r + x;
  const [toEnd, toEndB] = [alpha + T, beta + T];
  const logJ = logOddsOfChurn(shape, s, alpha, beta, tx, T);
  const { logAlphaTo, logBetaTo } = moments;
  const logStart = Math.log(alpha) - logAlphaTo;
  // Not as a difference of logarithms: without churn beta and s grow together, and s magnifies what would be lost.
  const logStay = -Math.log1p(T / beta);
  const odds = Math.exp(logJ);
  const dead = odds === Infinity ? 1 : odds / (1 + odds);
  let [byR, byAlpha, byS, byBeta] = [
    logStart,
    (r * T) / toEnd - (x * alpha) / toEnd,
    logStay,
    (s * T) / toEndB,
  ];
  if (dead > 0) {
    byR += dead * (logAlphaTo - moments.logAlpha);
    byAlpha += dead * alpha * shape * (1 / toEnd - moments.perAlpha);
    byS += dead * (1 / s + logBetaTo - moments.logBeta);
    byBeta += dead * beta * (s / toEndB - (s + 1) * moments.perBeta);
  }
  byLogs[0] = byR * r;
  byLogs[1] = byAlpha;
  byLogs[2] = byS * s;
  byLogs[3] = byBeta;
  return r * logStart - x * logAlphaTo + s * logStay + (odds < 1e300 ? Math.log1p(odds) : logJ);
}

/** ln J; leaves the integral's means in `moments`, whose integrand is written from t_x: what it falls until T is put back. */
function logOddsOfChurn(
  shape: number,
  s: number,
  alpha: number,
  beta: number,
  tx: number,
  T: number,
): number {
  integrateDecay(alpha, beta, shape, s + 1, tx, T, moments);
  const { logAlphaFrom, logAlphaTo, logBetaFrom, logBetaTo } = moments;
  return (
    Math.log(s) -
    logBetaFrom +
    shape * (logAlphaTo - logAlphaFrom) +
    s * (logBetaTo - logBetaFrom) +
    moments.log
  );
}

/** Forecasts with (r, alpha, s, beta); s = 0 is the limit without churn. */
function paretoForecaster(parameters: readonly number[]): Forecaster {
  const [r = NaN, alpha = NaN, s = NaN, beta = NaN] = parameters;

  const probabilityAlive = (x: number, tx: number, T: number): number => {
    if (s === 0 || tx === T) return 1;
    return 1 / (1 + Math.exp(logOddsOfChurn(r + x, s, alpha, beta, tx, T)));
  };

  const purchasesIfAlive = (x: number, _tx: number, T: number, horizon: number): number => {
    const stretch = Math.log1p(horizon / (beta + T));
    const exponent = (1 - s) * stretch;
    const time = Math.abs(exponent) < 1e-300 ? stretch : Math.expm1(exponent) / (1 - s);
    return (((r + x) * (beta + T)) / (alpha + T)) * time;
  };

  /** The next purchase comes at u, and the customer is still there: integral of R/(alpha+T) (..)^(R+1) (..)^s. */
  const returnIfAlive = (x: number, _tx: number, T: number, horizon: number): number => {
    if (horizon === 0) return 0;
    integrateDecay(alpha + T, beta + T, r + x + 1, s, 0, horizon, moments);
    return Math.min(1, ((r + x) / (alpha + T)) * Math.exp(moments.log));
  };

  const drawPurchases = (x: number, tx: number, T: number, horizon: number, random: Random): number => {
    if (random() >= probabilityAlive(x, tx, T)) return 0;
    const rate = drawGamma(r + x, random) / (alpha + T);
    const lifetime = drawExponential(random) / (drawGamma(s, random) / (beta + T));
    return drawPoisson(rate * Math.min(lifetime, horizon), random);
  };

  return {
    probabilityAlive,
    purchasesIfAlive,
    returnIfAlive,
    drawPurchases,
    recencyMatters: false,
    timeScale: s === 0 ? alpha : Math.min(alpha, beta),
  };
}

/**
 * Discounted expected residual transactions: all purchases after T, without end, each discounted at `discount` per unit of time (Fader, Hardie and
 * Lee, Journal of Marketing Research 42 (2005), equation 2, with Tricomi's function in the form that has no gap at s = 1). (x, t_x) =
 * (7, 70), T = 77.86 and ln(1.15)/52 give 14.1134 with the parameters above.
 */
export function discountedResidual(
  parameters: readonly number[],
  x: number,
  tx: number,
  T: number,
  discount: number,
): number {
  const [r = NaN, alpha = NaN, s = NaN, beta = NaN] = parameters;
  const scale = beta + T;
  const alive = paretoForecaster(parameters).probabilityAlive(x, tx, T);
  return ((alive * (r + x)) / (alpha + T)) * scale * tricomiU1(s, discount * scale);
}

function paretoDrawer(parameters: readonly number[], random: Random): () => SimulatedCustomer {
  const [r = NaN, alpha = NaN, s = NaN, beta = NaN] = parameters;
  return () => {
    const rate = drawGamma(r, random) / alpha;
    const lifetime = drawExponential(random) / (drawGamma(s, random) / beta);
    return (until) => {
      const times: number[] = [];
      const end = Math.min(until, lifetime);
      for (let time = drawExponential(random) / rate; time <= end; time += drawExponential(random) / rate) {
        times.push(time);
      }
      return times;
    };
  };
}
