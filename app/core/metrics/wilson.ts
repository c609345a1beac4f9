/**
 * 95% interval of a proportion that holds for few observations and near 0 and 1 (Wilson, 1927, Journal of the American
 * Statistical Association 22, 209-212): the proportions p for which (successes/n - p)^2 <= z^2 p (1 - p) / n.
 *
 * Worked example: 1 of 10 gives 0.0179 to 0.4042.
 */
import { Z_95 } from "./kaplan-meier.ts";

export function wilsonInterval(successes: number, observations: number): { low: number; high: number } {
  const share = successes / observations;
  const z2 = Z_95 ** 2 / observations;
  const middle = (share + z2 / 2) / (1 + z2);
  const spread =
    (Z_95 * Math.sqrt((share * (1 - share)) / observations + z2 / (4 * observations))) / (1 + z2);
  return { low: Math.max(0, middle - spread), high: Math.min(1, middle + spread) };
}
