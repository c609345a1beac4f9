/**
 * Tells drift, which is a record that a webhook should have brought and had not, from a change whose webhook may still be on
 * its way. Times are Shopify's; "now" is the later of our clock and the newest change seen, because its clock may be ahead.
 */
import type { Stamp } from "./shopify-history.server.ts";

export interface DriftCounts {
  checkedCount: number;
  missingCount: number;
  staleCount: number;
  surplusCount: number;
}

export const NO_DRIFT: Readonly<DriftCounts> = {
  checkedCount: 0,
  missingCount: 0,
  staleCount: 0,
  surplusCount: 0,
};

export type Difference = "same" | "missing" | "stale";

export function compareStamps(listed: Stamp, stored: { updatedAt: number } | undefined): Difference {
  if (!stored) return "missing";
  return stored.updatedAt < listed.updatedAt ? "stale" : "same";
}

/** Counts a listed record's difference unless it is younger than `settledBefore`. */
export function countDrift(
  counts: DriftCounts,
  listed: Stamp,
  difference: Difference,
  settledBefore: number,
): DriftCounts {
  const checked = { ...counts, checkedCount: counts.checkedCount + 1 };
  if (difference === "same" || listed.updatedAt > settledBefore) return checked;
  return difference === "missing"
    ? { ...checked, missingCount: checked.missingCount + 1 }
    : { ...checked, staleCount: checked.staleCount + 1 };
}

export function addCounts(a: DriftCounts, b: DriftCounts): DriftCounts {
  return {
    checkedCount: a.checkedCount + b.checkedCount,
    missingCount: a.missingCount + b.missingCount,
    staleCount: a.staleCount + b.staleCount,
    surplusCount: a.surplusCount + b.surplusCount,
  };
}
