/**
 * Gives a member and the friend they brought what was promised, once the friend's first order has ripened, and takes it back where that order or the
 * merchant says so: what each has is compared with what the referral's present state comes to, in the transaction that changes the state, and
 * each giving and taking has a name of its own in the ledger, so that nothing is given twice.
 */
import { shopCalendar } from "../../core/calendar.ts";
import { lifeOfPoints } from "../../core/loyalty/accrue-order.ts";
import { isWithinLimit } from "../../core/loyalty/activity.ts";
import { givePoints, takeGift } from "../../core/loyalty/give-points.ts";
import { DAY_MS, lotId } from "../../core/loyalty/ledger.ts";
import { blocked } from "../../core/referrals/fraud-checks.ts";
import { referralTarget, type ReferredOrder } from "../../core/referrals/referral-target.ts";
import { storedOrders } from "../../db/queries/stored-orders.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { saveChanges } from "../../db/stores/ledger.server.ts";
import { addMembers, customersOfMembers, membersOf } from "../../db/stores/members.server.ts";
import { orderAccruals } from "../../db/stores/order-accruals.server.ts";
import { tellOutside } from "../../db/stores/outgoing-events.server.ts";
import type { Programme } from "../../db/stores/programmes.server.ts";
import { publishMembersLater } from "../../db/stores/publications.server.ts";
import { changeRedemption, redemptionOfRequest } from "../../db/stores/redemptions.server.ts";
import { rewardedTimes, saveReferralRows, type Referral } from "../../db/stores/referrals.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Transaction } from "../../db/types.ts";
import { lockMember } from "./change-redemption.server.ts";
import { cancelJob } from "./issue-job.ts";
import { giveReward } from "./redeem-reward.server.ts";

/** What cannot be given or taken now is tried again. */
const TRY_AGAIN_MS = DAY_MS / 4;

/** The transaction holds the shop's row. */
export async function settleReferrals(
  tx: Transaction,
  shop: Shop,
  programme: Programme,
  referrals: readonly Referral[],
  now: number,
): Promise<void> {
  if (referrals.length === 0) return;
  const orders = await referredOrders(tx, shop, programme, referrals);
  const owners = await customersOfMembers(
    tx,
    shop.id,
    referrals.map(({ memberId }) => memberId),
  );
  const touched: number[] = [];
  for (const before of referrals) {
    const owner = owners.get(before.memberId) ?? null;
    // They were merged: who brought whom is one person.
    const isSelf = owner !== null && owner === before.friendId;
    const found = isSelf ? { ...before, ...blocked("self") } : before;
    const settled = await settle(tx, shop, programme, found, {
      ...{ order: orders.get(before.orderId) ?? null, isMemberKnown: owner !== null, now },
    });
    if (JSON.stringify(settled) === JSON.stringify(before)) continue;
    await saveReferralRows(tx, shop.id, [settled]);
    if (settled.status !== before.status) touched.push(before.memberId);
    if (isRewarded(settled) && !isRewarded(before)) await tell(tx, shop.id, settled);
  }
  await publishMembersLater(tx, shop.id, touched, { first: false });
}

function isRewarded({ status }: Referral): boolean {
  return status === "rewarded" || status === "limited";
}

/** By the order's id; one that is gone is missing. */
async function referredOrders(
  tx: Transaction,
  shop: Shop,
  programme: Programme,
  referrals: readonly Referral[],
): Promise<Map<number, ReferredOrder>> {
  const ids = referrals.map(({ orderId }) => orderId);
  const accruals = await orderAccruals(tx, shop.id, ids);
  const calendar = shopCalendar(shop.timeZone);
  const orders = await storedOrders(tx, shop.id, ids);
  return new Map(
    orders.flatMap((order) => {
      const accrual = accruals.get(order.id);
      const rules = programme.versions.find(({ version }) => version === accrual?.version)?.rules;
      if (!accrual || !rules) return [];
      const { ripensAt } = lifeOfPoints(order, rules, calendar);
      const { dispute, target } = accrual;
      const isChargedBack = dispute === "open" || dispute === "lost";
      const { netMinor } = order;
      return [[order.id, { because: target.because, isChargedBack, netMinor, ripensAt }] as const];
    }),
  );
}

interface Surroundings {
  order: ReferredOrder | null;
  /** Somebody who was erased is given nothing more. */
  isMemberKnown: boolean;
  now: number;
}

async function settle(
  tx: Transaction,
  shop: Shop,
  programme: Programme,
  referral: Referral,
  { order, isMemberKnown, now }: Surroundings,
): Promise<Referral> {
  const isWithin = await mayEarn(tx, shop, programme, referral, now);
  const target = referralTarget(referral, order, isWithin, now);
  const { status } = target;
  const wantsMember = target.memberGiven && (isMemberKnown || referral.memberGiven);
  let settled: Referral = { ...referral, status, lookAt: target.lookAt };
  if (wantsMember !== referral.memberGiven)
    settled = await changeMembers(tx, shop, programme, settled, wantsMember, now);
  if (target.friendGiven !== referral.friendGiven)
    settled = await changeFriends(tx, shop, programme, settled, target.friendGiven, now);
  return { ...settled, rewardedAt: target.isDecided ? (referral.rewardedAt ?? now) : null };
}

async function mayEarn(
  tx: Transaction,
  shop: Shop,
  { referrals }: Programme,
  referral: Referral,
  now: number,
): Promise<boolean> {
  if (!referrals || referrals.most === null) return true;
  const limit = { most: referrals.most, per: referrals.per };
  return isWithinLimit(limit, await rewardedTimes(tx, shop.id, referral), now, shopCalendar(shop.timeZone));
}

async function changeMembers(
  tx: Transaction,
  shop: Shop,
  programme: Programme,
  referral: Referral,
  isGiven: boolean,
  now: number,
): Promise<Referral> {
  const { memberId, memberChanges: sequence, terms } = referral;
  const gift = { sourceId: `${referral.id}/member`, sequence, points: terms.memberPoints };
  const reason = isGiven ? "member" : referral.status;
  await changePoints(tx, shop, programme, memberId, { ...gift, reason }, isGiven, now);
  return { ...referral, memberGiven: isGiven, memberChanges: sequence + 1 };
}

async function changeFriends(
  tx: Transaction,
  shop: Shop,
  programme: Programme,
  referral: Referral,
  isGiven: boolean,
  now: number,
): Promise<Referral> {
  const { friendId, friendChanges: sequence, terms, id } = referral;
  const friend = friendId === null ? null : await memberFor(tx, shop.id, programme, friendId, isGiven, now);
  // Who is no member yet gets it on joining; who was erased keeps what they had, of which nothing leads to them.
  if (friend === null) return referral;
  const changed = { ...referral, friendGiven: isGiven, friendChanges: sequence + 1 };
  const later = { ...referral, lookAt: now + TRY_AGAIN_MS };
  if (terms.friend.kind === "points") {
    const gift = { sourceId: `${id}/friend`, sequence, points: terms.friend.points };
    const reason = isGiven ? "friend" : referral.status;
    await changePoints(tx, shop, programme, friend, { ...gift, reason }, isGiven, now);
    return changed;
  }
  if (!isGiven) return (await takeReward(tx, shop.id, keyOfReward(id, sequence - 1), now)) ? changed : later;
  const account = await lockMember(tx, shop.id, friend, []);
  const wish = { rewardId: terms.friend.rewardId, requestKey: keyOfReward(id, sequence) };
  return (await giveReward(tx, shop, account, wish, now)) ? changed : later;
}

function keyOfReward(id: string, sequence: number): string {
  return `referral:${id}:${sequence}`;
}

async function memberFor(
  tx: Transaction,
  shopId: number,
  { membership }: Programme,
  customerId: number,
  isGiven: boolean,
  now: number,
): Promise<number | null> {
  const known = (await membersOf(tx, shopId, [customerId])).get(customerId);
  if (known !== undefined || membership !== "automatic" || !isGiven) return known ?? null;
  return (await addMembers(tx, shopId, [customerId], now)).get(customerId) ?? null;
}

interface PointsChange {
  sourceId: string;
  sequence: number;
  points: number;
  reason: string;
}

async function changePoints(
  tx: Transaction,
  shop: Shop,
  programme: Programme,
  memberId: number,
  gift: PointsChange,
  isGiven: boolean,
  now: number,
): Promise<void> {
  const { sourceId, sequence } = gift;
  const lots = Array.from({ length: sequence }, (_, before) => lotId("referral", sourceId, before));
  const account = await lockMember(tx, shop.id, memberId, lots);
  const change = isGiven
    ? givePoints(account, { ...gift, kind: "referral", expiresAt: expiryFor(shop, programme, now) }, now)
    : takeGift(account, { ...gift, kind: "referral" }, now);
  await saveChanges(tx, shop.id, [change]);
}

function expiryFor({ timeZone }: Shop, { versions }: Programme, now: number): number | null {
  const expiryMonths = versions.at(-1)?.rules.expiryMonths ?? null;
  const paid = { placedAt: now, paidAt: now };
  return lifeOfPoints(paid, { windowDays: 0, expiryMonths }, shopCalendar(timeZone)).expiresAt;
}

/** `false`: Shopify is being asked for it at this moment, so that it cannot be ended yet. What was used stays. */
async function takeReward(
  tx: Transaction,
  shopId: number,
  requestKey: string,
  now: number,
): Promise<boolean> {
  const redemption = await redemptionOfRequest(tx, shopId, requestKey);
  if (redemption?.status === "reserved") return false;
  if (redemption?.status !== "issued" || redemption.terms.gives.kind === "store-credit") return true;
  await changeRedemption(tx, shopId, redemption.id, { cancelAskedAt: now });
  await enqueue(tx, cancelJob(shopId, redemption.id));
  return true;
}

async function tell(tx: Transaction, shopId: number, referral: Referral): Promise<void> {
  const { id, memberId, memberGiven, rewardedAt, terms } = referral;
  const data = {
    ...{ referral: id, points: memberGiven ? terms.memberPoints : 0 },
    ...{ friendPoints: terms.friend.kind === "points" ? terms.friend.points : 0 },
    friendReward: terms.friend.kind === "reward" ? terms.friend.rewardId : null,
  };
  const event = { kind: "referral.completed", memberId, cause: id, occurredAt: rewardedAt ?? 0 } as const;
  await tellOutside(tx, shopId, [{ ...event, data }]);
}
