/**
 * NBD: random purchases at a rate that differs between customers, who never leave (Ehrenberg, Applied Statistics 8 (1959), 26-41).
 * The other models tend to it where nobody leaves.
 *
 * Worked example, r = .385, alpha = 12.07 in weeks: x = 2 in T = 38.86 gives (.385 + 2) 39 / (12.07 + 38.86) = 1.826 purchases in 39 weeks.
 */
import { withoutChurnModel } from "./beta-geometric-model.ts";

export const nbd = withoutChurnModel({ name: "nbd", regularity: 1, chancesAtStart: 0 });
