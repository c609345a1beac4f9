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

/** unreadable: it could not be read as it is listed, which no webhook could have changed. */
export type Difference = "same" | "missing" | "stale" | "unreadable";

interface Known {
  updatedAt: number;
}

export function compareStamps(
  listed: Stamp,
  stored: Known | undefined,
  unreadable: Known | undefined,
): Difference {
  if (stored && stored.updatedAt >= listed.updatedAt) return "same";
  if (unreadable && unreadable.updatedAt >= listed.updatedAt) return "unreadable";
  return stored ? "stale" : "missing";
}

/** Counts a listed record's difference unless it is younger than `settledBefore`. */
export function countDrift(
  counts: DriftCounts,
  listed: Stamp,
  difference: Difference,
  settledBefore: number,
): DriftCounts {
  const checked = { ...counts, checkedCount: counts.checkedCount + 1 };
  if (listed.updatedAt > settledBefore) return checked;
  switch (difference) {
    case "missing":
      return { ...checked, missingCount: checked.missingCount + 1 };
    case "stale":
      return { ...checked, staleCount: checked.staleCount + 1 };
    case "same":
    case "unreadable":
      return checked;
  }
}

export function addCounts(a: DriftCounts, b: DriftCounts): DriftCounts {
  return {
    checkedCount: a.checkedCount + b.checkedCount,
    missingCount: a.missingCount + b.missingCount,
    staleCount: a.staleCount + b.staleCount,
    surplusCount: a.surplusCount + b.surplusCount,
  };
}
