/** What was learnt of a shop, written by hand from the parameters of the papers, so that forecasts can be checked with a pencil. */
import type { CandidateName } from "../../app/core/clv/candidates.ts";
import type { ValueSource } from "../../app/core/clv/customer-estimates.ts";
import type { PurchaseFit } from "../../app/core/clv/fit-purchases.ts";

/** BG/NBD on CDNOW, in weeks. */
export const PAPER_BG_NBD = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
/** The spend model's own worked example. */
export const PAPER_GAMMA_GAMMA = { p: 6.25, q: 3.74, gamma: 15.44 };
const CUSTOMERS = { customers: 2_357, converged: true, logLikelihood: -1 };

const BG_NBD: PurchaseFit = {
  ...CUSTOMERS,
  model: "bg-nbd",
  regularity: 1,
  parameters: PAPER_BG_NBD,
  standardErrors: {},
  logCovariance: null,
  repeaters: 946,
  limit: null,
  shrunk: false,
};

/** `possible`: that many possible parameters, all of them the paper's, so that only chance is left in an interval. */
export function paperModel(untilDay: number, chosen: CandidateName = "bg-nbd", possible = 200): ValueSource {
  const fit = { ...BG_NBD };
  const isRule = ["simple-formula", "past-rate", "recency-rule"].includes(chosen);
  return {
    untilDay,
    chosen: { purchases: chosen, spend: chosen, value: chosen },
    fits: isRule ? [] : [{ model: "bg-nbd", outcome: { ok: true, fit } }],
    spendFit: {
      ok: true,
      fit: {
        ...CUSTOMERS,
        model: "gamma-gamma",
        parameters: PAPER_GAMMA_GAMMA,
        standardErrors: { p: null, q: null, gamma: null },
        logCovariance: null,
        leftOut: 0,
        notPositive: 0,
        limit: null,
        correlation: null,
      },
    },
    uncertainty: isRule
      ? null
      : {
          fit,
          parameters: Array.from({ length: possible }, () => Object.values(PAPER_BG_NBD)),
          spendParameters: Array.from({ length: possible }, () => PAPER_GAMMA_GAMMA),
          relativeDeviation: [],
        },
  };
}
