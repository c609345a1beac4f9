/** Acquisition costs as their form sends them, checked: each fault named in words beside its month. */
import { z } from "zod";
import { dayFromIso, monthOf } from "../../core/calendar.ts";
import { readCostAmount } from "../../core/clv/cost-amount.ts";
import type { CostBounds } from "../../core/clv/cost-file.ts";

export interface CostEdit {
  /** Months since January 1970. */
  month: number;
  /** What was there when the merchant began; `null` for nothing. */
  beforeMinor: number | null;
  /** `null` takes the cost away. */
  amountMinor: number | null;
}

export type ParsedCosts =
  | { ok: true; edits: CostEdit[] }
  /** By month, as `2026-03`. */
  | { ok: false; errors: Record<string, string> };

const MOST_EDITS = 1_000;

const sent = z
  .array(
    z.object({
      month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
      beforeMinor: z.number().int().min(0).nullable(),
      amount: z.string().max(100),
    }),
  )
  .max(MOST_EDITS)
  .refine((costs) => new Set(costs.map(({ month }) => month)).size === costs.length);

/** `null`: not what our own form sends. */
export function parseCosts(data: FormData, bounds: CostBounds): ParsedCosts | null {
  const parsed = sent.safeParse(jsonOf(data.get("costs")));
  if (!parsed.success) return null;
  const edits: CostEdit[] = [];
  const errors: Record<string, string> = {};
  for (const { month: name, beforeMinor, amount } of parsed.data) {
    const month = monthOf(dayFromIso(`${name}-01`));
    if (month > bounds.lastMonth) errors[name] = "This month has not come yet.";
    else if (month < bounds.firstMonth) errors[name] = "This month is too long ago.";
    else if (amount.trim() === "") edits.push({ month, beforeMinor, amountMinor: null });
    else {
      const read = readCostAmount(amount, bounds.currency);
      if (read.ok) edits.push({ month, beforeMinor, amountMinor: read.minor });
      else errors[name] = `“${amount.trim()}” ${read.reason}.`;
    }
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, edits };
}

function jsonOf(value: FormDataEntryValue | null): unknown {
  if (typeof value !== "string") return null;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
