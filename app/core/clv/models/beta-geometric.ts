/**
 * The family in which a customer may leave only right after a purchase: BG/NBD, MBG/NBD, MBG/CNBD-k, and NBD without leaving.
 *
 * Times between purchases are Erlang with k phases of rate lambda ~ gamma(r, alpha); after each purchase the customer leaves with
 * probability p ~ beta(a, b). With c = 1 the first purchase is such a chance to leave too (MBG), with c = 0 it is not (BG). Write
 * R = r + k x, n = x + c, q = (T - t_x)/(alpha + T), (R)_j = R (R + 1) ... (R + j - 1). The likelihood is
 *
 *   prod(gap^(k-1) / Gamma(k)) Gamma(R) alpha^r / Gamma(r) (alpha + T)^(-R) B(a, b + n) / B(a, b) { Q + D },
 *   Q = sum over j < k of (R)_j q^j / j!        (still there, j phases into the next gap)
 *   D = a / (b + n - 1) ((alpha + T)/(alpha + t_x))^R, or 0 if n = 0        (left after the last purchase)
 *
 * and P(alive) = Q / (Q + D). k = 1, c = 0 is equation 6 of Fader, Hardie and Lee, Marketing Science 24 (2005), 275-284; c = 1 is Batislam,
 * Denizel and Filiztekin, International Journal of Research in Marketing 24 (2007), 201-209; k > 1 is Reutterer, Platzer and Schroeder,
 * the same journal 38 (2021), 194-215.
 *
 * Who is there at T in phase j has lambda ~ gamma(R + j, alpha + T) and p ~ beta(a, b + n). The (m + 1)-th next purchase happens
 * if (m + 1) k - j phases end within t and the customer has stayed m times, and the two are independent, so
 *
 *   E[Y(t) | alive] = sum over j of w_j sum over m of P(N_j >= (m + 1) k - j) (b + n)_m / (a + b + n)_m,
 *
 * with w_j = (R)_j q^j / j! / Q and N_j negative binomial(R + j, t/(alpha + T + t)). All terms are positive, a = 1 is nothing special, and
 * it is exact for k > 1, where the paper approximates. For k = 1 it equals the paper's equation 10 with its Gauss hypergeometric
 * function, which is summed faster in the form given at `sumByEuler`.
 */
import type { Groups } from "../histories.ts";
import { digammaRise, logGamma, logGammaRise } from "../numerics/log-gamma.ts";
import type { Objective } from "../numerics/maximize.ts";
import { drawBeta, drawExponential, drawGamma, drawPoisson, type Random } from "../numerics/random.ts";
import type { Forecaster, PurchaseModelName, SimulatedCustomer } from "../purchase-model.ts";

export interface BetaGeometric {
  name: PurchaseModelName;
  /** k. */
  regularity: number;
  /** c: 1 where the first purchase is a chance to leave. */
  chancesAtStart: 0 | 1;
}

/** Mean log-likelihood per customer in ln r, ln alpha, and with `churn` ln a, ln b. */
export function betaGeometricObjective(family: BetaGeometric, groups: Groups, churn: boolean): Objective {
  const { regularity: k, chancesAtStart } = family;
  const { count, recency, tenure, weight, customers, distinctRepeats, repeatsPlace } = groups;
  const places = distinctRepeats.length;
  const weightOf = new Float64Array(places);
  const lastPhase = k - 1;
  let constant = lastPhase * groups.sumLogGaps;
  for (let group = 0; group < count; group++) {
    const place = repeatsPlace[group] as number;
    weightOf[place] = (weightOf[place] as number) + (weight[group] as number);
  }
  for (let place = 0; place < places; place++) {
    constant -= (weightOf[place] as number) * (distinctRepeats[place] as number) * logGamma(k);
  }
  const shapes = new Float64Array(places);
  const phasesSeen = distinctRepeats.map((x) => k * x);
  const logDeadFactor = new Float64Array(places);
  const perDeadB = new Float64Array(places);

  return (theta, gradient) => {
    const r = Math.exp(theta[0] as number);
    const alpha = Math.exp(theta[1] as number);
    const a = churn ? Math.exp(theta[2] as number) : 0;
    const b = churn ? Math.exp(theta[3] as number) : 1;
    const logAlpha = theta[1] as number;
    let value = constant;
    let [byR, byAlpha, byA, byB] = [0, (customers * r) / alpha, 0, 0];
    for (let place = 0; place < places; place++) {
      const of = weightOf[place] as number;
      const x = distinctRepeats[place] as number;
      const seen = phasesSeen[place] as number;
      const n = x + chancesAtStart;
      shapes[place] = r + seen;
      if (x > 0) {
        value += of * logGammaRise(r, seen);
        byR += of * digammaRise(r, seen);
      }
      if (!churn || n === 0) {
        logDeadFactor[place] = -Infinity;
        perDeadB[place] = 0;
        continue;
      }
      value += of * (logGammaRise(b, n) - logGammaRise(a + b, n));
      const rise = digammaRise(a + b, n);
      byA -= of * rise;
      byB += of * (digammaRise(b, n) - rise);
      logDeadFactor[place] = Math.log(a / (b + n - 1));
      perDeadB[place] = 1 / (b + n - 1);
    }
    let dead = 0;
    for (let group = 0; group < count; group++) {
      const place = repeatsPlace[group] as number;
      const of = weight[group] as number;
      const shape = shapes[place] as number;
      const toEnd = alpha + (tenure[group] as number);
      const toLast = alpha + (recency[group] as number);
      const logToEnd = Math.log(toEnd);
      const logStretch = logToEnd - Math.log(toLast);
      let [logQ, logQByR, logQByAlpha] = [0, 0, 0];
      if (lastPhase > 0) {
        const q = (toEnd - toLast) / toEnd;
        let [term, sum, slope, sumOfOrders, harmonic] = [1, 1, 0, 0, 0];
        for (let j = 1; j <= lastPhase; j++) {
          harmonic += 1 / (shape + j - 1);
          term *= (q * (shape + j - 1)) / j;
          sum += term;
          slope += term * harmonic;
          sumOfOrders += term * j;
        }
        logQ = Math.log(sum);
        logQByR = slope / sum;
        logQByAlpha = -sumOfOrders / (sum * toEnd);
      }
      const logD = (logDeadFactor[place] as number) + shape * logStretch;
      const odds = Math.exp(logD - logQ);
      const deadShare = odds === Infinity ? 1 : odds / (1 + odds);
      const aliveShare = 1 - deadShare;
      // By customer: as sums of their own these two would differ by less than rounding where all buy at one rate.
      const logSinceStart = logToEnd - logAlpha;
      value +=
        of *
        ((odds < 1e300 ? logQ + Math.log1p(odds) : logD) -
          r * logSinceStart -
          (phasesSeen[place] as number) * logToEnd);
      byR += of * (deadShare * logStretch - logSinceStart + aliveShare * logQByR);
      byAlpha += of * ((shape * (deadShare * (1 - toEnd / toLast) - 1)) / toEnd + aliveShare * logQByAlpha);
      dead += of * deadShare;
      byB -= of * deadShare * (perDeadB[place] as number);
    }
    gradient[0] = (byR * r) / customers;
    gradient[1] = (byAlpha * alpha) / customers;
    if (churn) {
      gradient[2] = (byA * a + dead) / customers;
      gradient[3] = (byB * b) / customers;
    }
    return value / customers;
  };
}

/** Forecasts with (r, alpha, a, b); a = 0 is the limit without churn. */
export function betaGeometricForecaster(family: BetaGeometric, parameters: readonly number[]): Forecaster {
  const { regularity: k, chancesAtStart } = family;
  const [r = NaN, alpha = NaN, a = 0, b = 1] = parameters;
  const phases = new Float64Array(k);

  /** Writes (R)_j q^j / j! and returns their sum Q. */
  const sumOfPhases = (shape: number, tx: number, T: number): number => {
    const q = (T - tx) / (alpha + T);
    let sum = (phases[0] = 1);
    for (let j = 1; j < k; j++) {
      phases[j] = ((phases[j - 1] as number) * q * (shape + j - 1)) / j;
      sum += phases[j] as number;
    }
    return sum;
  };

  const probabilityAlive = (x: number, tx: number, T: number): number => {
    const n = x + chancesAtStart;
    if (a === 0 || n === 0) return 1;
    const shape = r + k * x;
    const logD = Math.log(a / (b + n - 1)) + shape * Math.log((alpha + T) / (alpha + tx));
    const logQ = k === 1 ? 0 : Math.log(sumOfPhases(shape, tx, T));
    return 1 / (1 + Math.exp(logD - logQ));
  };

  const purchasesIfAlive = (x: number, tx: number, T: number, horizon: number): number => {
    if (horizon === 0) return 0;
    const shape = r + k * x;
    const stayed = b + x + chancesAtStart;
    const z = horizon / (alpha + T + horizon);
    if (k === 1) {
      if (a === 0) return (shape * horizon) / (alpha + T);
      return a < MOST_A_FOR_EULER && a + stayed - 1 - shape > -4
        ? sumByEuler(shape, a, stayed, z)
        : sumByCounts(shape, a, stayed, z, 1, 0);
    }
    const whole = sumOfPhases(shape, tx, T);
    let sum = 0;
    for (let j = 0; j < k; j++) {
      sum += ((phases[j] as number) / whole) * sumByCounts(shape + j, a, stayed, z, k, j);
    }
    return sum;
  };

  const returnIfAlive = (x: number, tx: number, T: number, horizon: number): number => {
    const shape = r + k * x;
    const z = horizon / (alpha + T + horizon);
    if (k === 1) return -Math.expm1(shape * Math.log1p(-z));
    const whole = sumOfPhases(shape, tx, T);
    let sum = 0;
    for (let j = 0; j < k; j++) {
      sum += ((phases[j] as number) / whole) * chanceOfAtLeast(k - j, shape + j, z);
    }
    return sum;
  };

  const drawPurchases = (x: number, tx: number, T: number, horizon: number, random: Random): number => {
    if (random() >= probabilityAlive(x, tx, T)) return 0;
    const shape = r + k * x;
    const phase = k === 1 ? 0 : drawPhase(phases, sumOfPhases(shape, tx, T), random);
    const rate = drawGamma(shape + phase, random) / (alpha + T);
    const possible = Math.floor((drawPoisson(rate * horizon, random) + phase) / k);
    if (possible === 0 || a === 0) return possible;
    return Math.min(possible, drawStay(drawBeta(a, b + x + chancesAtStart, random), random));
  };

  return {
    probabilityAlive,
    purchasesIfAlive,
    returnIfAlive,
    drawPurchases,
    recencyMatters: k > 1,
    timeScale: alpha,
  };
}

function drawPhase(phases: Float64Array, whole: number, random: Random): number {
  let left = random() * whole;
  for (let j = 0; j < phases.length - 1; j++) {
    left -= phases[j] as number;
    if (left < 0) return j;
  }
  return phases.length - 1;
}

/** Purchases up to the one after which the customer leaves. */
function drawStay(p: number, random: Random): number {
  return p >= 1 ? 1 : 1 + Math.floor(-drawExponential(random) / Math.log1p(-p));
}

/**
 * The sum of k = 1, with A = a, B = b + n, C = A + B - 1 and z = t/(alpha + T + t), is C/(A - 1) (1 - (1 - z)^R 2F1(R, B; C; z)). Euler's
 * transformation (Abramowitz and Stegun, 15.3.3) and taking A - 1 out of every term leave
 *
 *   C (1 - (1 - z)^(A-1)) / (A - 1) - (1 - z)^(A-1) sum over i >= 1 of (C - R)_i (A)_(i-1) / ((C + 1)_(i-1) i!) z^i,
 *
 * which has no gap at A = 1 and terms that fall fast. They alternate in sign while C - R + i < 0, so that is kept short.
 */
function sumByEuler(shape: number, a: number, stayed: number, z: number): number {
  const c = a + stayed - 1;
  const logRest = Math.log1p(-z);
  const exponent = (a - 1) * logRest;
  const first = Math.abs(exponent) < 1e-300 ? -logRest : -Math.expm1(exponent) / (a - 1);
  let term = (c - shape) * z;
  let sum = term;
  for (let i = 1; i < MOST_TERMS; i++) {
    const ratio = ((c - shape + i) * (a + i - 1) * z) / ((c + i) * (i + 1));
    term *= ratio;
    sum += term;
    if (Math.abs(term) <= 1e-16 * Math.abs(sum) * (1 - z)) break;
  }
  return c * first - Math.exp(exponent) * sum;
}

/** Beyond it a power of 1 - z falls below the smallest number. */
const MOST_A_FOR_EULER = 50;
/** Beyond it a forecast reaches a million times further than what is known. */
const MOST_TERMS = 1_000_000;

/** sum over m of P(N >= (m + 1) k - j) (B)_m / (a + B)_m with N negative binomial(shape, z); sums from 0 upwards, in units of P(N = 0). */
function sumByCounts(shape: number, a: number, stayed: number, z: number, k: number, j: number): number {
  let mass = 1;
  let masses = 1;
  let reached = 0;
  let stay = 1;
  let sum = 0;
  let purchases = 0;
  let untilNext = k - j;
  for (let n = 1; n < MOST_TERMS; n++) {
    const ratio = (z * (shape + n - 1)) / n;
    mass *= ratio;
    if (--untilNext === 0) {
      untilNext = k;
      reached += stay;
      stay *= (stayed + purchases) / (a + stayed + purchases);
      purchases++;
    }
    masses += mass;
    sum += mass * reached;
    if (masses > 1e250) {
      mass *= 1e-250;
      masses *= 1e-250;
      sum *= 1e-250;
    }
    if (ratio < 1 && reached > 0 && mass * (reached + 1) <= 1e-15 * sum * (1 - ratio) ** 2) break;
  }
  return sum / masses;
}

/** P(N >= least) with N negative binomial(shape, z). */
function chanceOfAtLeast(least: number, shape: number, z: number): number {
  let mass = Math.exp(shape * Math.log1p(-z));
  let below = mass;
  for (let n = 1; n < least; n++) {
    mass *= (z * (shape + n - 1)) / n;
    below += mass;
  }
  return Math.max(0, 1 - below);
}

/** Draws a customer's rate and chance of leaving, then the customer's purchases. */
export function betaGeometricDrawer(
  family: BetaGeometric,
  parameters: readonly number[],
  random: Random,
): () => SimulatedCustomer {
  const { regularity: k, chancesAtStart } = family;
  const [r = NaN, alpha = NaN, a = 0, b = 1] = parameters;
  return () => {
    const rate = drawGamma(r, random) / alpha;
    const p = drawBeta(a, b, random);
    return (until) => {
      const times: number[] = [];
      if (chancesAtStart === 1 && random() < p) return times;
      let time = 0;
      for (;;) {
        time += (k === 1 ? drawExponential(random) : drawGamma(k, random)) / rate;
        if (!(time <= until)) return times;
        times.push(time);
        if (random() < p) return times;
      }
    };
  };
}
