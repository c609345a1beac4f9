/**
 * ln Gamma and its derivative, on which every likelihood here stands.
 *
 * Stirling's series (Abramowitz and Stegun, 6.1.41 and 6.3.18) from 10 on, where its first omitted term is below 1e-16; smaller
 * arguments are moved there by Gamma(x + 1) = x Gamma(x). Domain: x > 0; anything else gives NaN.
 *
 * Worked example: ln Gamma(0.5) = ln(pi) / 2 = 0.5723649429, digamma(1) = -0.5772156649 (minus Euler's constant).
 */
const HALF_LOG_TWO_PI = 0.9189385332046727;
const SERIES_FROM = 10;

export function logGamma(x: number): number {
  if (!(x > 0)) return NaN;
  let shifted = x;
  let product = 1;
  while (shifted < SERIES_FROM) product *= shifted++;
  const value = (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + stirlingSeries(shifted);
  return product === 1 ? value : value - Math.log(product);
}

/**
 * ln Gamma(x + n) - ln Gamma(x) without the difference: where x is a hundred million, as it becomes on the way to a boundary, the two have
 * eight digits in common, and an optimiser would climb on what rounding left. n >= 0.
 */
export function logGammaRise(x: number, n: number): number {
  if (x < SERIES_FROM) return logGamma(x + n) - logGamma(x);
  const to = x + n;
  return (x - 0.5) * Math.log1p(n / x) + n * Math.log(to) - n + stirlingSeries(to) - stirlingSeries(x);
}

function stirlingSeries(x: number): number {
  const inverse = 1 / x;
  const square = inverse * inverse;
  return (
    inverse *
    (1 / 12 -
      square *
        (1 / 360 -
          square *
            (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - square * (691 / 360360 - square / 156))))))
  );
}

/** d/dx ln Gamma(x). */
export function digamma(x: number): number {
  if (!(x > 0)) return NaN;
  let shifted = x;
  let moved = 0;
  while (shifted < SERIES_FROM) moved += 1 / shifted++;
  return Math.log(shifted) - 1 / shifted / 2 - digammaSeries(shifted) - moved;
}

/** digamma(x + n) - digamma(x) without the difference, as above. */
export function digammaRise(x: number, n: number): number {
  if (x < SERIES_FROM) return digamma(x + n) - digamma(x);
  const to = x + n;
  return Math.log1p(n / x) + n / (2 * x * to) + digammaSeries(x) - digammaSeries(to);
}

function digammaSeries(x: number): number {
  const inverse = 1 / x;
  const square = inverse * inverse;
  return (
    square *
    (1 / 12 -
      square *
        (1 / 120 -
          square *
            (1 / 252 - square * (1 / 240 - square * (1 / 132 - square * (691 / 32760 - square / 12))))))
  );
}
