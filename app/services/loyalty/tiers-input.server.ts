/** Tiers as their form sends them, checked. The form names faults beside its fields; what comes past it is refused as a whole. */
import { z } from "zod";
import { areThresholdsRising, TIER_BOUNDS, type TierRules } from "../../core/loyalty/tiers.ts";

const between = ({ least, most }: { least: number; most: number }) => z.number().int().min(least).max(most);
const letters = ({ least, most }: { least: number; most: number }) => z.string().trim().min(least).max(most);
const isDifferent = (ids: readonly (string | number)[]) => new Set(ids).size === ids.length;

const tier = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  name: letters(TIER_BOUNDS.name),
  threshold: between(TIER_BOUNDS.threshold).nullable(),
  factorPercent: between(TIER_BOUNDS.factorPercent),
  entryPoints: between(TIER_BOUNDS.entryPoints),
  entryRewardId: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .nullable(),
  perks: z.array(letters(TIER_BOUNDS.perkLetters)).max(TIER_BOUNDS.perks.most),
  sold: z
    .array(z.object({ productId: z.number().int().positive(), months: between(TIER_BOUNDS.months) }))
    .max(TIER_BOUNDS.sold.most)
    .refine((sold) => isDifferent(sold.map(({ productId }) => productId))),
});

const tiers = z.object({
  by: z.enum(["points", "spend", "orders"]),
  period: z.enum(["rolling-year", "calendar-year", "lifetime"]),
  graceDays: between(TIER_BOUNDS.graceDays),
  ladder: z
    .array(tier)
    .max(TIER_BOUNDS.tiers.most)
    .refine((ladder) => isDifferent(ladder.map(({ id }) => id)) && areThresholdsRising({ ladder })),
});

/** `null`: no tiers. */
export function parseTiers(text: string): TierRules | null {
  try {
    const parsed = tiers.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
