/** Reads from an address what the retention page is asked to show; a bad value falls back to the usual one. */
import { z } from "zod";
import { COHORT_MEASURES } from "../../core/metrics/cohort-grid.ts";
import { WITHIN } from "../../core/metrics/named-first-products.ts";
import type { Preset } from "../../core/metrics/view.ts";

/** A cohort needs time to come back, so all of them are shown unless told. */
export const RETENTION_PERIOD = "all-time" satisfies Preset;

const parameters = z.object({
  measure: z.enum(COHORT_MEASURES).catch("customers"),
  grain: z.enum(["month", "week"]).catch("month"),
  within: z.enum(WITHIN).catch("ever"),
});

export type RetentionParameters = z.infer<typeof parameters>;

export function readRetention(address: URLSearchParams): RetentionParameters {
  return parameters.parse(Object.fromEntries(address));
}
