/** What members and their friends get, as its form sends it, checked. */
import { z } from "zod";
import { isLanding, REFERRAL_BOUNDS, type ReferralRules } from "../../core/referrals/referral-rules.ts";

const between = ({ least, most }: { least: number; most: number }) => z.number().int().min(least).max(most);

const rules = z.strictObject({
  isOn: z.boolean(),
  memberPoints: between(REFERRAL_BOUNDS.points),
  friend: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("points"), points: between(REFERRAL_BOUNDS.points) }),
    z.strictObject({ kind: z.literal("reward"), rewardId: z.string().min(1).max(64) }),
  ]),
  minimumMinor: between(REFERRAL_BOUNDS.minimumMinor).nullable(),
  isReversed: z.boolean(),
  most: between(REFERRAL_BOUNDS.most).nullable(),
  per: z.enum(["ever", "year", "month"]),
  landing: z.string().refine(isLanding),
});

/** `null`: none that can be. */
export function parseReferrals(text: string): ReferralRules | null {
  try {
    return rules.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
