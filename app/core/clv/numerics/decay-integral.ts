/**
 * The integral of two decaying powers that Pareto/NBD rests on:
 *
 *   I = integral from `from` to `to` of ((alpha + from)/(alpha + t))^p ((beta + from)/(beta + t))^q dt.
 *
 * The paper writes it as a difference of Gauss hypergeometric functions, one formula for alpha > beta and one for alpha < beta, whose
 * parts overflow or cancel for frequent buyers. In v = ln(m + t), m the smaller of alpha and beta, the integrand is analytic
 * within pi of the real line, so Gauss and Legendre's rule converges geometrically whatever the parameters, and the same nodes give
 * the means that its derivatives need.
 *
 * Worked example: alpha = beta = 1, p = q = 1, from 0 to 1 gives 1 - 1/2 = .5.
 */
import { gaussLegendre } from "./gauss-legendre.ts";

export interface DecayMoments {
  /** ln I. */
  log: number;
  /** ln(alpha + from), ln(alpha + to), and the same with beta. */
  logAlphaFrom: number;
  logAlphaTo: number;
  logBetaFrom: number;
  logBetaTo: number;
  /** Means over the integrand of ln(alpha + t), 1/(alpha + t), ln(beta + t) and 1/(beta + t). */
  logAlpha: number;
  perAlpha: number;
  logBeta: number;
  perBeta: number;
}

/** Writes into `moments`, which a caller keeps, because it is asked for every customer of every pass. */
export function integrateDecay(
  alpha: number,
  beta: number,
  p: number,
  q: number,
  from: number,
  to: number,
  moments: DecayMoments,
): void {
  const nearer = Math.min(alpha, beta);
  const gap = Math.max(alpha, beta) - nearer;
  const alphaIsNearer = alpha <= beta;
  const [pNear, qFar] = alphaIsNearer ? [p, q] : [q, p];
  const start = nearer + from;
  const logStart = Math.log(start);
  const logFarStart = Math.log(start + gap);
  const logEnd = Math.log(nearer + to);
  const logFarEnd = Math.log(nearer + to + gap);
  const length = logEnd - logStart;
  const fall = pNear * length + qFar * (logFarEnd - logFarStart);
  const { nodes, weights } = gaussLegendre(nodesFor(fall, length));
  let [sum, byLogNear, byPerNear, byLogFar, byPerFar] = [0, 0, 0, 0, 0];
  for (let i = 0; i < nodes.length; i++) {
    const along = length * (nodes[i] as number);
    const near = start * Math.exp(along);
    const far = near + gap;
    const logFar = Math.log(far);
    const mass = (weights[i] as number) * near * Math.exp(-pNear * along - qFar * (logFar - logFarStart));
    sum += mass;
    byLogNear += mass * along;
    byPerNear += mass / near;
    byLogFar += mass * logFar;
    byPerFar += mass / far;
  }
  const logNear = logStart + byLogNear / sum;
  moments.log = length === 0 ? -Infinity : Math.log(sum * length);
  moments.logAlphaFrom = alphaIsNearer ? logStart : logFarStart;
  moments.logAlphaTo = alphaIsNearer ? logEnd : logFarEnd;
  moments.logBetaFrom = alphaIsNearer ? logFarStart : logStart;
  moments.logBetaTo = alphaIsNearer ? logFarEnd : logEnd;
  moments.logAlpha = alphaIsNearer ? logNear : byLogFar / sum;
  moments.perAlpha = (alphaIsNearer ? byPerNear : byPerFar) / sum;
  moments.logBeta = alphaIsNearer ? byLogFar / sum : logNear;
  moments.perBeta = (alphaIsNearer ? byPerFar : byPerNear) / sum;
}

export function emptyMoments(): DecayMoments {
  return {
    log: 0,
    logAlphaFrom: 0,
    logAlphaTo: 0,
    logBetaFrom: 0,
    logBetaTo: 0,
    logAlpha: 0,
    perAlpha: 0,
    logBeta: 0,
    perBeta: 0,
  };
}

/**
 * Enough for nine digits, as tried over all kinds of parameters: `fall` is how far the exponent falls along the interval, `length` how long
 * it is in the logarithm.
 */
function nodesFor(fall: number, length: number): number {
  return NODES[Math.max(stepFor(fall, FALLS), stepFor(length, LENGTHS))] as number;
}

const NODES = [4, 5, 6, 7, 8, 10, 12, 16, 24, 32, 48, 64, 96, 128] as const;
const FALLS = [1, 2, 3, 5, 8, 12, 16, 40, 80, 120, 350, 800, 2000];
const LENGTHS = [0.6, 1, 1.4, 2, 2.4, 3, 5, 9, 12, 20, 30, 40, 60];

function stepFor(value: number, steps: readonly number[]): number {
  let step = 0;
  while (step < steps.length && value > (steps[step] as number)) step++;
  return step;
}
