/** A reward as its form sends it, checked. The form names faults beside its fields; what is no reward at all is refused as a whole. */
import { z } from "zod";
import type { Reward } from "../../core/loyalty/reward.ts";
import { plainReward, rewardFaults, type RewardField } from "../../core/loyalty/reward-bounds.ts";

const whole = z.number().int();

const shape = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  name: z.string(),
  gives: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("amount-off"),
      valueMinor: whole,
      amounts: z.record(z.string(), whole).optional(),
    }),
    z.object({ kind: z.literal("percentage"), percent: whole }),
    z.object({ kind: z.literal("free-shipping") }),
    z.object({ kind: z.literal("free-product"), variantId: whole }),
    z.object({ kind: z.literal("gift-card"), valueMinor: whole }),
    z.object({ kind: z.literal("store-credit"), valueMinor: whole }),
    z.object({
      ...{ kind: z.literal("partner-code"), partner: z.string(), valueMinor: whole },
      ...{ perMember: whole.nullable(), inAll: whole.nullable() },
    }),
    z.object({ kind: z.literal("donation"), cause: z.string(), valueMinor: whole }),
    z.object({ kind: z.literal("refill"), goods: z.string(), valueMinor: whole }),
    z.object({
      ...{ kind: z.literal("event"), venue: z.string(), on: z.string(), until: z.string() },
      ...{ valueMinor: whole, places: whole, perMember: whole.nullable() },
    }),
  ]),
  costPoints: whole,
  minimumMinor: whole.nullable(),
  combinesWith: z.object({ order: z.boolean(), product: z.boolean(), shipping: z.boolean() }),
  validDays: whole,
  returnsUnused: z.boolean(),
  isActive: z.boolean(),
});

export type ParsedReward = { ok: true; reward: Reward } | { ok: false; faults: readonly RewardField[] };

/** `null`: no reward. */
export function parseReward(text: string): ParsedReward | null {
  const parsed = shape.safeParse(jsonOf(text));
  if (!parsed.success) return null;
  const faults = rewardFaults(parsed.data);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, reward: plainReward(parsed.data) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
