/**
 * BG/NBD: purchases at random times, and after each repeat purchase a chance to leave (Fader, Hardie and Lee, "Counting Your
 * Customers" the Easy Way, Marketing Science 24 (2005), 275-284). Who has bought once counts as still there, whatever the silence.
 *
 * Worked example with the paper's CDNOW parameters r = .243, alpha = 4.414, a = .793, b = 2.426, in weeks: a customer with x = 2,
 * t_x = 30.43, T = 38.86 makes 1.226 purchases in the next 39 weeks; a new one makes 1.446 repeat purchases in 52.
 */
import { betaGeometricModel } from "./beta-geometric-model.ts";

export const bgNbd = betaGeometricModel({ name: "bg-nbd", regularity: 1, chancesAtStart: 0 });
