/**
 * Finds the top of a smooth function of a few variables from its gradient: BFGS with a weak Wolfe search by bisection (Nocedal
 * and Wright, Numerical Optimization, 6.1; Lewis and Overton, Mathematical Programming 141 (2013), 135-163).
 *
 * Likelihoods are given per customer and in the logarithms of their parameters, so that one tolerance fits all sizes and
 * units: 1e-6 is enough, and far below it rounding would stall the search at a million customers.
 *
 * Worked example: -(u - 1)^2 - 10 (v - u^2)^2 from (-1, 1) ends in (1, 1).
 */
import { cholesky, inverseFromCholesky, timesVector } from "./cholesky.ts";

/** The value at `theta`; writes its derivatives into `gradient`. */
export type Objective = (theta: Float64Array, gradient: Float64Array) => number;

export interface Maximum {
  theta: Float64Array;
  value: number;
  gradient: Float64Array;
  /** Largest absolute derivative. */
  steepness: number;
  iterations: number;
  converged: boolean;
}

export interface MaximizeOptions {
  tolerance?: number;
  /** Of the negative function, where it is known about: saves the iterations that learn it. */
  inverseCurvature?: Float64Array | null;
}

const MOST_ITERATIONS = 300;
const MOST_HALVINGS = 40;
/** Share of the value that summing a million terms may blur. */
const ROUNDING = 1e-13;
/** Iterations in a row that neither rise by more than rounding nor become flatter: more would only walk on what rounding left. */
const MOST_STALLED = 4;
/** No step changes a parameter more than e-fold times this. */
const LONGEST_STEP = 2;
const ENOUGH_RISE = 1e-4;
const ENOUGH_FLATTER = 0.9;

export function maximize(
  objective: Objective,
  start: ArrayLike<number>,
  options: MaximizeOptions = {},
): Maximum {
  const tolerance = options.tolerance ?? 1e-6;
  const size = start.length;
  let theta = Float64Array.from(start);
  let gradient = new Float64Array(size);
  let value = objective(theta, gradient);
  let inverse = options.inverseCurvature ? Float64Array.from(options.inverseCurvature) : null;
  let [iterations, stalled, flattest] = [0, 0, steepnessOf(gradient)];
  while (steepnessOf(gradient) > tolerance && iterations < MOST_ITERATIONS && stalled < MOST_STALLED) {
    iterations++;
    let direction = directionOf(inverse, gradient);
    if (dot(direction, gradient) <= 0) {
      inverse = null;
      direction = directionOf(null, gradient);
    }
    const step = searchAlong(objective, theta, value, gradient, direction);
    if (!step) {
      if (inverse === null) break;
      inverse = null;
      continue;
    }
    inverse = updated(inverse, theta, gradient, step.theta, step.gradient);
    const steepness = steepnessOf(step.gradient);
    const isStalled = step.value - value <= ROUNDING * Math.abs(value) && steepness > 0.9 * flattest;
    stalled = isStalled ? stalled + 1 : 0;
    flattest = Math.min(flattest, steepness);
    ({ theta, gradient, value } = step);
  }
  const steepness = steepnessOf(gradient);
  return { theta, value, gradient, steepness, iterations, converged: steepness <= tolerance };
}

export function steepnessOf(gradient: Float64Array): number {
  let most = 0;
  for (const slope of gradient) most = Number.isNaN(slope) ? Infinity : Math.max(most, Math.abs(slope));
  return most;
}

function directionOf(inverse: Float64Array | null, gradient: Float64Array): Float64Array {
  const direction = inverse ? timesVector(inverse, gradient) : Float64Array.from(gradient);
  const longest = steepnessOf(direction);
  // Without any curvature known, the first step is a guess and stays short.
  const most = inverse ? LONGEST_STEP : 0.5;
  const scale = longest > most || !inverse ? most / longest : 1;
  return direction.map((value) => value * scale);
}

interface Step {
  theta: Float64Array<ArrayBuffer>;
  gradient: Float64Array<ArrayBuffer>;
  value: number;
}

/** A point along the direction that is high enough and flat enough, or the best that rounding allows; `null` for none. */
function searchAlong(
  objective: Objective,
  theta: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
): Step | null {
  const slope = dot(direction, gradient);
  const rounding = ROUNDING * Math.abs(value);
  let low = 0;
  let high = Infinity;
  let length = 1;
  let best: Step | null = null;
  for (let halving = 0; halving < MOST_HALVINGS; halving++) {
    const there = theta.map((from, i) => from + length * (direction[i] as number));
    const thereGradient = new Float64Array(theta.length);
    const thereValue = objective(there, thereGradient);
    const step = { theta: there, gradient: thereGradient, value: thereValue };
    const slopeThere = dot(direction, thereGradient);
    if (!(thereValue >= value + ENOUGH_RISE * length * slope - rounding) || Number.isNaN(slopeThere)) {
      high = length;
      // No shorter step can be told from none.
      if (length * slope < rounding) break;
    } else if (slopeThere > ENOUGH_FLATTER * slope && length < 8) {
      best = step;
      low = length;
    } else {
      return step;
    }
    length = high < Infinity ? (low + high) / 2 : 2 * low;
  }
  return best;
}

/** The BFGS update of the inverse curvature of the negative function. */
function updated(
  inverse: Float64Array | null,
  theta: Float64Array,
  gradient: Float64Array,
  thetaAfter: Float64Array,
  gradientAfter: Float64Array,
): Float64Array<ArrayBuffer> | null {
  const size = theta.length;
  const moved = thetaAfter.map((after, i) => after - (theta[i] as number));
  const bent = gradientAfter.map((after, i) => (gradient[i] as number) - after);
  const curvature = dot(moved, bent);
  if (!(curvature > 1e-300)) return inverse ? Float64Array.from(inverse) : null;
  const from = inverse ?? identity(size, curvature / dot(bent, bent));
  const product = timesVector(from, bent);
  const factor = 1 / curvature + dot(bent, product) / (curvature * curvature);
  const next = Float64Array.from(from);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [s, t] = [moved[row] as number, moved[column] as number];
      const cross = s * (product[column] as number) + t * (product[row] as number);
      next[row * size + column] = (next[row * size + column] as number) + factor * s * t - cross / curvature;
    }
  }
  return next;
}

function identity(size: number, scale: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = scale;
  return matrix;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** In logarithms of parameters: large against rounding, small against the curve's own changes. */
const DIFFERENCE = 3e-5;

/** Minus the second derivatives at `theta`, by differences of the gradient, which may be known there. */
export function curvatureAt(objective: Objective, theta: Float64Array, known?: Float64Array): Float64Array {
  const size = theta.length;
  const curvature = new Float64Array(size * size);
  const [here, there] = [known ?? new Float64Array(size), new Float64Array(size)];
  if (!known) objective(theta, here);
  const moved = Float64Array.from(theta);
  for (let row = 0; row < size; row++) {
    const from = theta[row] as number;
    moved[row] = from + DIFFERENCE;
    objective(moved, there);
    moved[row] = from;
    for (let column = 0; column < size; column++) {
      const second = ((here[column] as number) - (there[column] as number)) / DIFFERENCE;
      curvature[row * size + column] = (curvature[row * size + column] as number) + second / 2;
      curvature[column * size + row] = (curvature[column * size + row] as number) + second / 2;
    }
  }
  return curvature;
}

/** The inverse of a curvature, or `null` where it bends upwards or not at all. */
export function invertedCurvature(curvature: Float64Array, size: number): Float64Array | null {
  const lower = cholesky(curvature, size);
  return lower && inverseFromCholesky(lower, size);
}
