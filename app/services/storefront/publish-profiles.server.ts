/** Publishes customers: what each has and is recommended, onto their own metafields. */
import { shopCalendar } from "../../core/calendar.ts";
import type { RetryAt } from "../../core/retry-at.ts";
import { isKeptOut } from "../../core/loyalty/hold-out.ts";
import { customerProfile } from "../../core/storefront/customer-profile.ts";
import type { Contents } from "../../core/storefront/metafields.ts";
import { memberFacts } from "../../db/queries/profile-facts.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { memberReferrals } from "../loyalty/member-referrals.server.ts";
import { tierStandings } from "../loyalty/tier-standings.server.ts";
import { recommendFor } from "../recommendations/recommend-for.server.ts";
import { beginBulk } from "./begin-bulk.server.ts";
import { USUAL_BULK, type BulkSettings } from "./bulk-settings.ts";
import { offeredRewards } from "./offered-rewards.server.ts";
import { publishOwners, type OwnerKind } from "./publish-owners.server.ts";

export const PROFILES: OwnerKind = { type: "customer", contentsOf: profilesOf };

export async function publishProfiles(
  db: Database,
  shopId: number,
  signal: AbortSignal,
  longestMs?: number,
  bulk: BulkSettings = USUAL_BULK,
): Promise<RetryAt | void> {
  await beginBulk(db, shopId, bulk);
  return publishOwners(db, shopId, PROFILES, signal, longestMs);
}

async function profilesOf(
  db: Database,
  shop: Shop,
  customerIds: readonly number[],
): Promise<Map<number, Contents>> {
  const programme = await findProgramme(db, shop.id);
  const members = await memberFacts(db, shop.id, customerIds);
  const lists = await recommendFor(db, shop.id, customerIds);
  const now = Date.now();
  const memberIds = [...members.values()].map(({ account: { memberId } }) => memberId);
  const standings = await tierStandings(db, shop, programme, memberIds, now);
  const referralOf = await memberReferrals(db, shop.id, programme, memberIds);
  const surroundings = {
    state: programme?.state ?? "off",
    rewards: await offeredRewards(db, shop),
    calendar: shopCalendar(shop.timeZone),
    now,
  };
  return new Map(
    customerIds.map((id) => {
      const { account = null, issued = [] } = members.get(id) ?? {};
      const standing = account && (standings.get(account.memberId) ?? null);
      const referral = account && referralOf(account.memberId);
      const keptOut = account === null && isKeptOut(programme?.holdOut ?? null, id);
      const facts = { account, issued, standing, referral, keptOut, lists: lists.get(id) ?? null };
      return [id, customerProfile(facts, surroundings)];
    }),
  );
}
