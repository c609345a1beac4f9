/** Earning rules as their form sends them, checked. The form names faults beside its fields; what comes past it is refused as a whole. */
import { z } from "zod";
import type { EarningRules } from "../../core/loyalty/programme.ts";
import { RULE_BOUNDS } from "../../core/loyalty/rule-bounds.ts";

const between = ({ least, most }: { least: number; most: number }) => z.number().int().min(least).max(most);

const id = z.number().int().positive();
const some = <Value extends z.ZodType>(value: Value) =>
  z.array(value).min(RULE_BOUNDS.matched.least).max(RULE_BOUNDS.matched.most).optional();
const match = z.object({
  productIds: some(id),
  collectionIds: some(id),
  channels: some(z.string().regex(/^[\w-]{1,60}$/)),
  countries: some(z.string().regex(/^[A-Z]{2}$/)),
});
const factorPercent = between(RULE_BOUNDS.factorPercent);
const promotion = z
  .object({
    name: z.string().trim().min(RULE_BOUNDS.eventName.least).max(RULE_BOUNDS.eventName.most),
    startsAt: z.number().int(),
    endsAt: z.number().int(),
    ...{ factorPercent, match },
  })
  .refine(({ startsAt, endsAt }) => startsAt < endsAt);
const bonus = z.object({ productId: id, points: between(RULE_BOUNDS.bonusPoints) });
const { most: MOST_RULES } = RULE_BOUNDS.rules;

const editedRules = z.object({
  base: z.object({ points: between(RULE_BOUNDS.points), perMinor: between(RULE_BOUNDS.perMinor) }),
  basis: z.enum(["before-discounts", "after-discounts"]),
  includeTax: z.boolean(),
  includeShipping: z.boolean(),
  rounding: z.enum(["down", "nearest", "up"]),
  windowDays: between(RULE_BOUNDS.windowDays),
  expiryMonths: between(RULE_BOUNDS.expiryMonths).nullable(),
  firstOrderPoints: between(RULE_BOUNDS.firstOrderPoints),
  returnSpent: z.enum(["in-proportion", "on-cancellation", "none"]),
  multipliers: z.array(z.object({ match, factorPercent })).max(MOST_RULES),
  events: z.array(promotion).max(MOST_RULES),
  bonusProducts: z
    .array(bonus)
    .max(MOST_RULES)
    .refine((products) => new Set(products.map(({ productId }) => productId)).size === products.length),
});

/** What the form changes; pausing is no part of it. */
type EditedRules = Omit<EarningRules, "isAccruing">;

/** `null`: no rules. */
export function parseRules(text: string): EditedRules | null {
  try {
    const parsed = editedRules.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
