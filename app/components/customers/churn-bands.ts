/** The bands of churn risk in a merchant's words. */
import type { ChurnBand } from "../../core/clv/churn-risk.ts";

export const BAND_NAMES: Readonly<Record<ChurnBand, string>> = {
  low: "Low risk",
  medium: "Medium risk",
  high: "High risk",
  lost: "Probably lost",
};

export const BAND_TONES = {
  low: "success",
  medium: "attention",
  high: "warning",
  lost: "critical",
} as const satisfies Record<ChurnBand, string>;
