/**
 * MBG/CNBD-k: MBG/NBD for regular buyers, whose gaps are Erlang with k phases and so vary less than chance would have it
 * (Reutterer, Platzer and Schroeder, Leveraging purchase regularity for predicting customer behavior the easy way, International Journal of
 * Research in Marketing 38 (2021), 194-215). k = 1 is MBG/NBD; the likelihood says which k fits.
 *
 * Worked example, k = 2, r = 1, alpha = 4, a = .5, b = 2 in weeks: after x = 0 and 10 weeks of silence Q = 1 + 10/14 and D = (14/4) .5/2 give
 * P(alive) = 1.7143 / 2.5893 = .6621.
 */
import type { PurchaseModel } from "../purchase-model.ts";
import { betaGeometricModel } from "./beta-geometric-model.ts";

/** More phases than this are clockwork: subscriptions, not purchases. */
export const MOST_REGULAR = 6;

export function mbgCnbd(regularity: number): PurchaseModel {
  return betaGeometricModel({ name: "mbg-cnbd-k", regularity, chancesAtStart: 1 });
}
