/** What a merchant can do with one customer's points, each with the sentence that tells how it went. */
import { z } from "zod";
import { TIER_BOUNDS } from "../../core/loyalty/tiers.ts";
import { membersOf } from "../../db/stores/members.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { adjustPoints, undoPoints, type Adjusted } from "./adjust-points.server.ts";
import { giveTier, takeTierBack, type TierGiven } from "./change-member-tier.server.ts";
import { cancelByHand, redeemByHand } from "./change-redemptions.server.ts";
import { joinProgramme } from "./join-programme.server.ts";

const MOST_POINTS = 1_000_000;
const id = z.string().regex(/^[\w-]{1,64}$/);

const wish = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("join") }),
  z.object({
    intent: z.literal("adjust"),
    key: id,
    points: z.coerce
      .number()
      .int()
      .min(-MOST_POINTS)
      .max(MOST_POINTS)
      .refine((points) => points !== 0),
    reason: z.string().trim().min(1).max(200),
  }),
  z.object({ intent: z.literal("undo"), id }),
  z.object({ intent: z.literal("redeem"), key: id, rewardId: id }),
  z.object({ intent: z.literal("cancel"), id }),
  z.object({
    intent: z.literal("give-tier"),
    key: id,
    tierId: id,
    months: z.union([
      z.literal("").transform(() => null),
      z.coerce.number().int().min(TIER_BOUNDS.months.least).max(TIER_BOUNDS.months.most),
    ]),
    reason: z.string().trim().min(1).max(200),
  }),
  z.object({ intent: z.literal("take-tier-back"), id }),
]);

interface MemberChange {
  ok: boolean;
  message: string;
}

/** `null`: nothing that can be asked. */
export async function changeMember(
  db: Database,
  shop: Shop,
  customerId: number,
  form: Record<string, unknown>,
): Promise<MemberChange | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  if (asked.data.intent === "join") return join(db, shop.id, customerId);
  const memberId = (await membersOf(db, shop.id, [customerId])).get(customerId);
  if (memberId === undefined) return { ok: false, message: "This customer is no member" };
  switch (asked.data.intent) {
    case "undo": {
      const undone = await undoPoints(db, shop.id, { memberId, adjustmentId: asked.data.id });
      return told(undone, "The adjustment is undone");
    }
    case "redeem": {
      const { rewardId, key: requestKey } = asked.data;
      return redeemByHand(db, shop.id, { memberId, rewardId, requestKey });
    }
    case "cancel":
      return cancelByHand(db, shop.id, { memberId, redemptionId: asked.data.id });
    case "give-tier": {
      const { key, tierId, months, reason } = asked.data;
      const wish = { key, memberId, tierId, months, reason };
      return toldOfTier(await giveTier(db, shop, wish), "The tier is given");
    }
    case "take-tier-back": {
      const taken = await takeTierBack(db, shop, { memberId, grantId: asked.data.id });
      return toldOfTier(taken, "The tier is taken back");
    }
    case "adjust": {
      const { key, points, reason } = asked.data;
      return told(await adjustPoints(db, shop, { key, memberId, points, reason }), "The points are adjusted");
    }
  }
}

async function join(db: Database, shopId: number, customerId: number): Promise<MemberChange> {
  const joined = await joinProgramme(db, shopId, customerId);
  if (joined.ok) return { ok: true, message: "The customer is a member now" };
  const message = NOT_JOINED[joined.reason];
  return { ok: false, message };
}

const NOT_JOINED = {
  erased: "This customer was erased",
  "no-programme": "There is no programme yet",
  "kept-out": "This customer was drawn to be kept out, so that what the programme brings can be told",
} as const;

function told(adjusted: Adjusted, message: string): MemberChange {
  if (adjusted.ok) return { ok: true, message };
  switch (adjusted.reason) {
    case "insufficient-points":
      return { ok: false, message: `Only ${adjusted.available} points can be taken` };
    case "no-programme":
      return { ok: false, message: "There is no programme yet" };
    case "other-contents":
      return { ok: false, message: "This form was sent before with other contents. Open the page again." };
    case "no-such-adjustment":
      return { ok: false, message: "There is no such adjustment" };
  }
}

function toldOfTier(given: TierGiven, message: string): MemberChange {
  if (given.ok) return { ok: true, message };
  switch (given.reason) {
    case "no-such-tier":
      return { ok: false, message: "There is no such tier any more" };
    case "other-contents":
      return { ok: false, message: "This form was sent before with other contents. Open the page again." };
    case "no-such-grant":
      return { ok: false, message: "This tier was not given to this customer" };
  }
}
