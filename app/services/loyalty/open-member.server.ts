/** A customer's points: the account line by line, or the way into the programme. */
import { NO_STANDING } from "../../core/loyalty/tier-standing.ts";
import { orderBehind, redemptionBehind } from "../../core/loyalty/order-behind.ts";
import { customerStanding } from "../../db/queries/customer-standing.server.ts";
import { memberRedemptions, redeemedNames } from "../../db/queries/member-redemptions.server.ts";
import { memberStatement } from "../../db/queries/member-statement.server.ts";
import { remindedExpiries } from "../../db/queries/reminded-expiries.server.ts";
import { membersOf } from "../../db/stores/members.server.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import { listRewards } from "../../db/stores/rewards.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { grantsOf, memberTiers, openEntries } from "../../db/stores/tiers.server.ts";
import type { Database } from "../../db/types.ts";
import { nameCustomers, nameOrders } from "../customers/name-records.server.ts";
import { memberReferrals } from "./member-referrals.server.ts";
import { placeFrom, placeText } from "./statement-place.ts";
import { tierStandings } from "./tier-standings.server.ts";

const LINES_AT_ONCE = 50;
/** More than anybody has at a time. */
const REDEMPTIONS_SHOWN = 50;

export async function openMember(
  db: Database,
  shop: Pick<Shop, "id" | "timeZone">,
  customerId: number,
  parameters: URLSearchParams,
) {
  const { id: shopId } = shop;
  const standing = await customerStanding(db, shopId, customerId);
  if (standing.kind !== "known")
    return { customerId, standing, hasProgramme: false, account: null, names: null };
  const programme = await findProgramme(db, shopId);
  const hasProgramme = programme !== null;
  const memberId = (await membersOf(db, shopId, [customerId])).get(customerId);
  const names = nameCustomers(db, shopId, [customerId]);
  if (memberId === undefined) return { customerId, standing, hasProgramme, account: null, names };
  const before = placeFrom(parameters.get("before"));
  const asked = { before, size: LINES_AT_ONCE, now: Date.now() };
  const statement = await memberStatement(db, shopId, memberId, asked);
  if (!statement) throw new Error(`member ${memberId} has no balance`);
  const { balance, lines, older } = statement;
  const [redemptions, rewards, redeemed] = await Promise.all([
    memberRedemptions(db, shopId, memberId, REDEMPTIONS_SHOWN),
    listRewards(db, shopId),
    redeemedNames(
      db,
      shopId,
      lines.flatMap((line) => redemptionBehind(line) ?? []),
    ),
  ]);
  const orderIds = new Set([
    ...lines.flatMap((line) => orderBehind(line) ?? []),
    ...redemptions.flatMap(({ usedOrderId }) => usedOrderId ?? []),
  ]);
  return {
    ...{ customerId, standing, hasProgramme, names },
    account: {
      memberId,
      balance,
      lines,
      older: older && placeText(older),
      reminders: await remindedExpiries(db, shopId, memberId, asked.now),
      isFirstPage: asked.before === null,
      ...{ redemptions, redeemed, isPaused: programme?.state !== "running" },
      tier: await tierOf(db, shop, programme, memberId, asked.now),
      referral: (await memberReferrals(db, shopId, programme, [memberId]))(memberId),
      offered: rewards.filter(({ isActive }) => isActive),
      orderNames: nameOrders(db, shopId, [...orderIds]),
    },
  };
}

/** `null`: there are no tiers. */
async function tierOf(
  db: Database,
  shop: Pick<Shop, "id" | "timeZone">,
  programme: Programme | null,
  memberId: number,
  now: number,
) {
  const tiers = programme?.versions.at(-1)?.rules.tiers;
  if (!tiers || tiers.ladder.length === 0) return null;
  const standing = (await tierStandings(db, shop, programme, [memberId], now)).get(memberId) ?? NO_STANDING;
  const [stored, open, grants] = await Promise.all([
    memberTiers(db, shop.id, [memberId]),
    openEntries(db, shop.id, [memberId]),
    grantsOf(db, shop.id, [memberId]),
  ]);
  const waiting = (open.get(memberId) ?? []).filter(
    (entry) => entry.rewardAt !== null && entry.rewardedAt === null,
  );
  return {
    by: tiers.by,
    period: tiers.period,
    ladder: tiers.ladder.map(({ id, name, threshold }) => ({ id, name, threshold })),
    standing,
    since: stored.get(memberId)?.since ?? null,
    waiting: waiting.map(({ tierId, rewardAt }) => ({ tierId, at: rewardAt ?? now })),
    grants,
  };
}
