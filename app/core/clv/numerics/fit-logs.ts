/**
 * Maximum likelihood in the logarithms of positive parameters: several starts on a small sample of the data, the best of them
 * climbed further on ever more of it, one Newton step at the top, and the errors that the curvature there implies.
 */
import { timesVector } from "./cholesky.ts";
import { curvatureAt, invertedCurvature, maximize, steepnessOf, type Objective } from "./maximize.ts";

export interface LogFit {
  /** Logarithms of the parameters. */
  theta: Float64Array;
  /** Mean log-likelihood per customer, the prior's share included where there is one. */
  value: number;
  /** Of the logarithms, row by row; `null` where the likelihood is flat in some direction. */
  covariance: Float64Array | null;
  /** Largest derivative left, per customer. */
  steepness: number;
  converged: boolean;
}

/** Customers of the samples that are climbed before all of them. */
const SAMPLES = [200, 5000];
const CLOSE_ENOUGH_TO_COMPARE = 1e-2;
const TOLERANCE = 1e-6;

/** `of` makes the objective of a sample of so many customers, or of all. Starts are parameters, not logarithms. */
export function fitLogs(
  of: (sample: number | "all") => Objective,
  starts: readonly (readonly number[])[],
  customers: number,
): LogFit {
  const [first = "all", ...further] = SAMPLES.filter((size) => size * 3 < customers);
  let objective = of(first);
  const climbed = starts.map((start) =>
    maximize(objective, start.map(Math.log), { tolerance: CLOSE_ENOUGH_TO_COMPARE }),
  );
  let { theta } = climbed.reduce((a, b) => (b.value > a.value ? b : a));
  for (const size of further) {
    const inverseCurvature = inverseAt(objective, theta);
    objective = of(size);
    theta = maximize(objective, theta, { tolerance: CLOSE_ENOUGH_TO_COMPARE, inverseCurvature }).theta;
  }
  return finishLogs(first === "all" ? objective : of("all"), theta, customers, objective);
}

/** From a start that is known to be good; the curvature of a `sample`, if given, saves passes over all. */
export function finishLogs(
  all: Objective,
  start: Float64Array,
  customers: number,
  sample: Objective = all,
): LogFit {
  const top = maximize(all, start, { tolerance: TOLERANCE, inverseCurvature: inverseAt(sample, start) });
  const inverse = inverseAt(all, top.theta, top.gradient);
  const finished = inverse ? newtonStep(all, top, inverse) : null;
  const { theta, value, steepness } = finished ?? top;
  return {
    theta,
    value,
    covariance: inverse?.map((entry) => entry / customers) ?? null,
    steepness,
    converged: steepness <= TOLERANCE,
  };
}

function inverseAt(objective: Objective, theta: Float64Array, gradient?: Float64Array): Float64Array | null {
  return invertedCurvature(curvatureAt(objective, theta, gradient), theta.length);
}

/** Where the derivatives become smaller by it; they tell more than the value, which rounding blurs. */
function newtonStep(
  objective: Objective,
  from: { theta: Float64Array; value: number; gradient: Float64Array; steepness: number },
  inverse: Float64Array,
): { theta: Float64Array; value: number; steepness: number } | null {
  const step = timesVector(inverse, from.gradient);
  if (steepnessOf(step) > 0.1) return null;
  const theta = from.theta.map((value, i) => value + (step[i] as number));
  const gradient = new Float64Array(theta.length);
  const value = objective(theta, gradient);
  const steepness = steepnessOf(gradient);
  return steepness < from.steepness && value > from.value - 1e-9 ? { theta, value, steepness } : null;
}
