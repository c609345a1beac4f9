/** Random numbers that are the same for the same seed, and the distributions that the models are made of. */

/** A number from 0 to below 1. */
export type Random = () => number;

/** sfc32 (Chris Doty-Humphrey, PractRand): `stream` tells resamples of one seed apart. */
export function seededRandom(seed: number, stream = 0): Random {
  let a = seed | 0;
  let b = stream | 0;
  let c = (seed / 4_294_967_296) | 0;
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  // 53 bits: chances below 1 in 4 billion matter where millions are drawn.
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
}

/** From 0 excluded to 1 included, for logarithms. */
const positive = (random: Random) => 1 - random();

export function drawExponential(random: Random): number {
  return -Math.log(positive(random));
}

export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(positive(random))) * Math.cos(2 * Math.PI * random());
}

/** With mean `shape` (Marsaglia and Tsang, ACM Transactions on Mathematical Software 26 (2000), 363-372). */
export function drawGamma(shape: number, random: Random): number {
  if (shape === 0) return 0;
  if (shape < 1) return drawGamma(shape + 1, random) * positive(random) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = drawNormal(random);
    const v = (1 + c * normal) ** 3;
    if (v <= 0) continue;
    if (Math.log(positive(random)) < 0.5 * normal * normal + d - d * v + d * Math.log(v)) return d * v;
  }
}

export function drawBeta(a: number, b: number, random: Random): number {
  const first = drawGamma(a, random);
  const second = drawGamma(b, random);
  // Both can be below the smallest number where a and b are tiny: then it is all or nothing.
  return first + second > 0 ? first / (first + second) : Number(random() < a / (a + b));
}

/** By counting below 30, above it by halving at a gamma time (Ahrens and Dieter, Computing 12 (1974), 223-246). */
export function drawPoisson(mean: number, random: Random): number {
  let left = mean;
  let count = 0;
  while (left > 30) {
    const events = Math.floor(left * 0.875);
    const time = drawGamma(events, random);
    if (time > left) return count + drawBinomial(events - 1, left / time, random);
    count += events;
    left -= time;
  }
  const end = Math.exp(-left);
  for (let product = positive(random); product > end; product *= positive(random)) count++;
  return count;
}

/** By halving at a beta order statistic (Relles, Journal of the American Statistical Association 67 (1972), 612-613). */
function drawBinomial(trials: number, chance: number, random: Random): number {
  let [left, p, count] = [trials, chance, 0];
  while (left > 40) {
    const middle = 1 + (left >> 1);
    const place = drawBeta(middle, left + 1 - middle, random);
    if (place <= p) {
      count += middle;
      left -= middle;
      p = (p - place) / (1 - place);
    } else {
      left = middle - 1;
      p /= place;
    }
  }
  for (let i = 0; i < left; i++) if (random() < p) count++;
  return count;
}
