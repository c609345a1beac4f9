/** A merchant gives a member a tier, with a reason and until a day or for good, and takes it back: each once, however often it is asked for. */
import { addMonths, startOfDay, shopCalendar } from "../../core/calendar.ts";
import { rankOf } from "../../core/loyalty/tiers.ts";
import { currentMembers } from "../../db/stores/members.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import { addGrant, endGrant, findGrant } from "../../db/stores/tiers.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { judgeMembers } from "./judge-tiers.server.ts";

export type TierGiven =
  { ok: true } | { ok: false; reason: "no-such-tier" | "other-contents" | "no-such-grant" };

export interface TierWish {
  /** Made by the form before it asked. */
  key: string;
  memberId: number;
  tierId: string;
  /** `null`: until it is taken back. */
  months: number | null;
  reason: string;
}

export async function giveTier(
  db: Database,
  { id: shopId }: Pick<Shop, "id">,
  { key: id, memberId, tierId, months, reason }: TierWish,
  now = Date.now(),
): Promise<TierGiven> {
  const given = await db.write(async (tx): Promise<TierGiven> => {
    const shop = await lockShop(tx, shopId);
    const programme = await findProgramme(tx, shopId);
    const tiers = programme?.versions.at(-1)?.rules.tiers;
    if (!programme || !tiers || rankOf(tiers, tierId) < 0) return { ok: false, reason: "no-such-tier" };
    const before = await findGrant(tx, shopId, id);
    if (before) {
      const isSame = before.tierId === tierId && before.memberId === memberId && before.reason === reason;
      return isSame ? { ok: true } : { ok: false, reason: "other-contents" };
    }
    const calendar = shopCalendar(shop.timeZone);
    const untilAt = months === null ? null : startOfDay(addMonths(calendar.dayOf(now), months) + 1, calendar);
    await addGrant(tx, shopId, { id, memberId, tierId, fromAt: now, untilAt, reason, endedAt: null });
    await judgeMembers(tx, shop, programme, [memberId], now);
    failpoint("give-tier:before-commit");
    return { ok: true };
  });
  failpoint("give-tier:after-commit");
  return given;
}

export async function takeTierBack(
  db: Database,
  { id: shopId }: Pick<Shop, "id">,
  { memberId, grantId }: { memberId: number; grantId: string },
  now = Date.now(),
): Promise<TierGiven> {
  const taken = await db.write(async (tx): Promise<TierGiven> => {
    const shop = await lockShop(tx, shopId);
    const programme = await findProgramme(tx, shopId);
    const grant = await findGrant(tx, shopId, grantId);
    const owner = grant && (await currentMembers(tx, shopId, [grant.memberId])).get(grant.memberId);
    if (!programme || !grant || owner !== memberId) return { ok: false, reason: "no-such-grant" };
    await endGrant(tx, shopId, grantId, now);
    await judgeMembers(tx, shop, programme, [memberId], now);
    failpoint("take-tier-back:before-commit");
    return { ok: true };
  });
  failpoint("take-tier-back:after-commit");
  return taken;
}
