/**
 * MBG/NBD: BG/NBD whose first purchase is a chance to leave too, so that one-time buyers may be gone (Batislam, Denizel and
 * Filiztekin, International Journal of Research in Marketing 24 (2007), 201-209).
 *
 * Worked example, with r = .524838, alpha = 6.18299, a = .891356, b = 1.61400 in weeks: x = 2, t_x = 30.43, T = 38.86 gives 1.2627
 * purchases in the next 39 weeks.
 */
import { betaGeometricModel } from "./beta-geometric-model.ts";

export const mbgNbd = betaGeometricModel({ name: "mbg-nbd", regularity: 1, chancesAtStart: 1 });
