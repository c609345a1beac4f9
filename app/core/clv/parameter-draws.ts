/**
 * What the parameters could as well have been: the uncertainty of a fit, as parameter vectors.
 *
 * Two ways. The Poisson bootstrap counts every customer Poisson(1) times and fits again (Hanley and MacGibbon, Computer Methods and
 * Programs in Biomedicine 83 (2006), 57-62); resamples are independent of each other, so several threads can share them. For many customers the
 * logarithms of the parameters are normal around the estimate with the inverse curvature as covariance, which costs nothing; tests hold the two to
 * each other.
 */
import { parameterVector, refitResample, UNSURE_LOG, type PurchaseFit } from "./fit-purchases.ts";
import { reweighted, type Groups } from "./histories.ts";
import { refitSpending, type SpendFit, type Spending } from "./models/gamma-gamma.ts";
import { modelOf } from "./models.ts";
import { cholesky } from "./numerics/cholesky.ts";
import { drawNormal, drawPoisson, seededRandom, type Random } from "./numerics/random.ts";

/** From here on the normal approximation is used. */
const ASYMPTOTIC_FROM_CUSTOMERS = 20_000;
/** Resamples, where the approximation is not good for so many customers because a parameter may have no bound. */
const RESAMPLES_OF_MANY = 40;

/** In one thread: `count` vectors by the way that suits the number of customers. */
export function possibleParameters(
  fit: PurchaseFit,
  groups: Groups,
  seed: number,
  count: number,
): number[][] {
  const normal = needsBootstrap(fit) ? null : asymptoticParameters(fit, seed, count);
  return (
    normal ?? resampled(fit.customers, count, (resample) => bootstrapParameters(fit, groups, seed, resample))
  );
}

/** The same for the spend model. */
export function possibleSpendParameters(
  spending: Spending,
  fit: SpendFit,
  seed: number,
  count: number,
): SpendFit["parameters"][] {
  return (
    asymptoticSpendParameters(fit, seed, count) ??
    resampled(fit.customers, count, (resample) => bootstrapSpendParameters(spending, fit, seed, resample))
  );
}

/**
 * Every resample of hundreds of thousands of customers takes as long as a fit. Of so many fewer are drawn, and taken several times: the deviation that
 * they tell of a sum over customers is then itself unsure by 11% (1 / sqrt(2 x 40)), which at that size is a small part of a small part.
 */
function resampled<T>(customers: number, count: number, draw: (resample: number) => T): T[] {
  const different = customers < ASYMPTOTIC_FROM_CUSTOMERS ? count : Math.min(count, RESAMPLES_OF_MANY);
  const drawn = Array.from({ length: different }, (_, resample) => draw(resample));
  return Array.from({ length: count }, (_, i) => drawn[i % different] as T);
}

/** Whether resamples have to be fitted, which several threads may share. */
export function needsBootstrap(fit: PurchaseFit): boolean {
  return fit.customers < ASYMPTOTIC_FROM_CUSTOMERS || asymptoticParameters(fit, 0, 0) === null;
}

/** The parameters of resample number `resample`; the same for the same seed, whichever thread computes it. */
export function bootstrapParameters(
  fit: PurchaseFit,
  groups: Groups,
  seed: number,
  resample: number,
): number[] {
  const random = seededRandom(seed, resample);
  const weight = groups.weight.map((customers) => drawPoisson(customers, random));
  const drawn = weight.reduce((sum, of) => sum + of, 0);
  const resampled = reweighted(groups, weight, (groups.sumLogGaps * drawn) / groups.customers);
  const { model, start, whole } = fittedPart(fit);
  return whole(Array.from(refitResample(model, groups, resampled, start, fit.shrunk).theta, Math.exp));
}

/** The same for the spend model. */
export function bootstrapSpendParameters(
  spending: Spending,
  fit: SpendFit,
  seed: number,
  resample: number,
): SpendFit["parameters"] {
  const random = seededRandom(seed, resample);
  const times = new Int32Array(spending.repeats.length);
  for (let i = 0; i < times.length; i++) times[i] = drawPoisson(1, random);
  return refitSpending(spending, fit, times);
}

/**
 * As many vectors as asked for, the logarithms normal with the fit's covariance; `null` where it has none, or a logarithm is so unsure that no normal
 * curve describes it: then only the bootstrap tells.
 */
export function asymptoticParameters(fit: PurchaseFit, seed: number, count: number): number[][] | null {
  const { start, whole } = fittedPart(fit);
  const draws = normalAround(start, fit.logCovariance, seed, count);
  return draws && draws.map(whole);
}

/** The same for the spend model. */
export function asymptoticSpendParameters(
  fit: SpendFit,
  seed: number,
  count: number,
): SpendFit["parameters"][] | null {
  const { p, q, gamma } = fit.parameters;
  const draws = normalAround([p, q, gamma], fit.logCovariance, seed, count);
  return draws && draws.map(([p = NaN, q = NaN, gamma = NaN]) => ({ p, q, gamma }));
}

/** In the limit without churn only the other parameters were estimated. */
function fittedPart(fit: PurchaseFit) {
  const full = modelOf(fit);
  const vector = parameterVector(full, fit.parameters);
  if (fit.limit !== "no-churn" || !full.withoutChurn) {
    return { model: full, start: vector, whole: (parameters: number[]) => parameters };
  }
  const { model, parametersFrom } = full.withoutChurn;
  return { model, start: vector.slice(0, model.parameterNames.length), whole: parametersFrom };
}

function normalAround(
  centre: readonly number[],
  logCovariance: readonly number[] | null,
  seed: number,
  count: number,
): number[][] | null {
  const size = centre.length;
  const unsure = centre.some((_, i) => (logCovariance?.[i * (size + 1)] ?? Infinity) > UNSURE_LOG ** 2);
  const lower = logCovariance && !unsure ? cholesky(logCovariance, size) : null;
  if (!lower) return null;
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => correlated(centre, lower, random));
}

function correlated(centre: readonly number[], lower: Float64Array, random: Random): number[] {
  const size = centre.length;
  const normals = centre.map(() => drawNormal(random));
  return centre.map((value, row) => {
    let sum = 0;
    for (let k = 0; k <= row; k++) sum += (lower[row * size + k] as number) * (normals[k] as number);
    return value * Math.exp(sum);
  });
}
