/** Seeded random numbers and the distributions that shop histories are drawn from: the same seed gives the same shop anywhere. */

export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer in [from, to]. */
  integer(from: number, to: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Index drawn in proportion to weights given as running sums. */
  weighted(cumulative: readonly number[]): number;
  normal(): number;
  exponential(rate: number): number;
  /** Gamma with the given shape and rate (mean shape / rate). */
  gamma(shape: number, rate: number): number;
}

/** Mulberry32: 32 bits of state are plenty for a demo shop, and every engine computes it alike. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;

  function uniform(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  const integer = (from: number, to: number) => from + Math.floor(uniform() * (to - from + 1));

  function pick<T>(items: readonly T[]): T {
    const item = items[integer(0, items.length - 1)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  function weighted(cumulative: readonly number[]): number {
    const target = uniform() * (cumulative.at(-1) ?? 0);
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

  /** Marsaglia and Tsang (2000); shapes below one through gamma(shape + 1) * U^(1/shape). */
  function gamma(shape: number, rate: number): number {
    if (shape < 1) return gamma(shape + 1, rate) * (1 - uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / rate;
    }
  }

  return {
    uniform,
    integer,
    chance: (probability) => uniform() < probability,
    pick,
    weighted,
    normal,
    exponential: (rate) => -Math.log(1 - uniform()) / rate,
    gamma,
  };
}

/** Running sums of weights, for `Random.weighted`. */
export function runningSums(weights: readonly number[]): number[] {
  let sum = 0;
  return weights.map((weight) => (sum += weight));
}
