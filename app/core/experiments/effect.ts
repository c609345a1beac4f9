/**
 * What something has brought, by the customers who were held out of it: the difference of two means with an interval that may be looked
 * at every day, and whether the two sides are as large as they were drawn.
 *
 * Each customer is one outcome, in the sequence in which they entered, counted when their time of observation is over, whatever they saw
 * meanwhile (intention to treat). With T treated of n, π the share drawn to be treated, m1, m0 and v1, v0 the sides' means and
 * variances, the estimate is m1 - m0, and after n customers it lies with probability 1 - α, at all n together, within
 *
 *     ± σ sqrt( 2 (n ρ² + 1) / (n² ρ²) × log( sqrt(n ρ² + 1) / α ) ),    σ² = v1 / π + v0 / (1 - π)
 *
 * the asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and
 * asymptotic confidence sequences" (Annals of Statistics 52, 2024, theorem 2.2, applied to the influence function of a randomised
 * experiment, their section 3). ρ is set so that it is nearly narrowest at TIGHTEST_AT customers: ρ² = (-2 log α + log(1 - 2 log α)) / n.
 *
 * Worked example: 900 treated with mean 12 and 100 held out with mean 10, both of variance 25, π = .9, α = .05. σ² = 25/.9 + 25/.1 =
 * 277.8; ρ² = (5.991 + 1.945) / 1000 = .007937; n ρ² + 1 = 8.937; the interval is 2 ± 16.667 × sqrt(17.874 / 7936.5 × 4.091) = 2 ± 1.60.
 */

export interface SideTotals {
  customers: number;
  /** Of the outcomes, in the unit of the outcome, and of their squares. */
  sum: number;
  squares: number;
}

type Verdict = "more" | "less" | "too early to tell";

interface Effect {
  /** Per customer, treated less held out, in the unit of the outcome. */
  difference: number;
  low: number;
  high: number;
  verdict: Verdict;
  /** A difference of this size would by now be told from none four times in five. */
  smallestDetectable: number;
}

export type EffectOutcome =
  | { ok: true; effect: Effect }
  | {
      ok: false;
      reason: "few-customers" | "sides-out-of-proportion";
      /** How probable sides as uneven as these are, if customers were drawn as planned. */
      ratioProbability: number;
    };

const ALPHA = 0.05;
/** Below it the normal approximation behind the interval is not to be trusted. */
const LEAST_OF_A_SIDE = 100;
const TIGHTEST_AT = 1_000;
/** Sides that chance makes so uneven once in a thousand experiments: rather a fault in who was counted. */
const RATIO_ALARM = 0.001;
/** The normal quantile of .8. */
const POWER_QUANTILE = 0.8416212335729143;

/** `heldOutShare`: as drawn, above 0 and below 1. */
export function effectOf(
  treated: SideTotals,
  heldOut: SideTotals,
  heldOutShare: number,
  alpha = ALPHA,
): EffectOutcome {
  if (!(heldOutShare > 0 && heldOutShare < 1)) throw new Error(`a share of ${heldOutShare} is no share`);
  const n = treated.customers + heldOut.customers;
  const ratioProbability = sampleRatioProbability(heldOut.customers, n, heldOutShare);
  if (ratioProbability < RATIO_ALARM)
    return { ok: false, reason: "sides-out-of-proportion", ratioProbability };
  if (Math.min(treated.customers, heldOut.customers) < LEAST_OF_A_SIDE) {
    return { ok: false, reason: "few-customers", ratioProbability };
  }
  const difference = treated.sum / treated.customers - heldOut.sum / heldOut.customers;
  const variance = varianceOf(treated) / (1 - heldOutShare) + varianceOf(heldOut) / heldOutShare;
  const half = Math.sqrt(variance) * boundary(n, alpha);
  const low = difference - half;
  const high = difference + half;
  return {
    ok: true,
    effect: {
      difference,
      low,
      high,
      verdict: low > 0 ? "more" : high < 0 ? "less" : "too early to tell",
      smallestDetectable: half + POWER_QUANTILE * Math.sqrt(variance / n),
    },
  };
}

/** Half the interval's width in standard deviations of one customer. */
function boundary(n: number, alpha: number): number {
  const rho = (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / TIGHTEST_AT;
  const grown = n * rho + 1;
  return Math.sqrt(((2 * grown) / (n * n * rho)) * Math.log(Math.sqrt(grown) / alpha));
}

function varianceOf({ customers, sum, squares }: SideTotals): number {
  return Math.max(0, squares - (sum * sum) / customers) / (customers - 1);
}

/**
 * How probable it is that sides drawn at this share come out at least as uneven: two-sided, by the normal approximation of the binomial
 * with a correction for continuity. 1 for nobody.
 */
export function sampleRatioProbability(heldOut: number, n: number, share: number): number {
  if (n === 0) return 1;
  const spread = Math.sqrt(n * share * (1 - share));
  const away = Math.max(0, Math.abs(heldOut - n * share) - 0.5) / spread;
  return 2 * upperTail(away);
}

/** Of the standard normal beyond z ≥ 0: Abramowitz & Stegun 26.2.17, wrong by at most 7.5e-8. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const weights = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const series = weights.reduceRight((sum, weight) => (sum + weight) * t, 0);
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
