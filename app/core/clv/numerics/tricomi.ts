/**
 * Tricomi's confluent hypergeometric function U(1, 2 - s, z), the worth of an endless stream that decays as (1 + w)^-s and is
 * discounted at z (Abramowitz and Stegun, 13.2.5):
 *
 *   U(1, 2 - s, z) = integral from 0 to infinity of e^(-z w) (1 + w)^(-s) dw = z^(s-1) U(s, s, z).
 *
 * With w = e^v - 1 the integrand is e^((1-s) v - z (e^v - 1)), entire, and summed by panels. Domain: z > 0, s >= 0.
 *
 * Worked example: U(1, 2, z) = 1/z; U(1, 1, 1) = e E1(1) = .5963473624.
 */
import { gaussLegendre } from "./gauss-legendre.ts";

const PANEL = gaussLegendre(16);
/** e^-40 of the whole is left out. */
const FAR = 40;

export function tricomiU1(s: number, z: number): number {
  const byDiscount = Math.log1p(FAR / z);
  const end = s > 1 ? Math.min(byDiscount, FAR / (s - 1)) : byDiscount;
  const panels = Math.max(6, Math.ceil(2 * end));
  const width = end / panels;
  let sum = 0;
  for (let panel = 0; panel < panels; panel++) {
    for (let i = 0; i < 16; i++) {
      const v = width * (panel + (PANEL.nodes[i] as number));
      sum += (PANEL.weights[i] as number) * Math.exp((1 - s) * v - z * Math.expm1(v));
    }
  }
  return sum * width;
}
