/**
 * Nodes and weights on [0, 1] that integrate polynomials up to degree 2n - 1 exactly (Gauss and Legendre; Press and others,
 * Numerical Recipes, 4.6). For functions that are analytic around the interval the error falls geometrically in n.
 *
 * Worked example: with 4 nodes the integral of exp over [0, 1] is 1.7182818, with 8 it is e - 1 to the last digit.
 */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const known = new Map<number, Quadrature>();

export function gaussLegendre(count: number): Quadrature {
  const found = known.get(count);
  if (found) return found;
  const made = rootsOfLegendre(count);
  known.set(count, made);
  return made;
}

function rootsOfLegendre(count: number): Quadrature {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < (count + 1) >> 1; i++) {
    let root = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step++) {
      const { value, derivative } = legendre(count, root);
      slope = derivative;
      const change = value / derivative;
      root -= change;
      if (Math.abs(change) < 1e-15) break;
    }
    slope = legendre(count, root).derivative;
    const weight = 1 / ((1 - root * root) * slope * slope);
    nodes[i] = (1 - root) / 2;
    nodes[count - 1 - i] = (1 + root) / 2;
    weights[i] = weight;
    weights[count - 1 - i] = weight;
  }
  return { nodes, weights };
}

function legendre(degree: number, x: number): { value: number; derivative: number } {
  let before = 1;
  let value = x;
  for (let n = 2; n <= degree; n++) {
    const next = ((2 * n - 1) * x * value - (n - 1) * before) / n;
    before = value;
    value = next;
  }
  return { value, derivative: (degree * (x * value - before)) / (x * x - 1) };
}
