/**
 * Spends a member's points on a reward: points, redemption and the job that asks Shopify are one transaction, under a key that whoever
 * asks has made first. A double click, a lost answer or a crash asks again with the same key and is answered with the same redemption.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { shopCalendar } from "../../core/calendar.ts";
import { holdEnd, isHoldable } from "../../core/loyalty/hold.ts";
import { balanceOf, type MemberAccount } from "../../core/loyalty/member-account.ts";
import { redeem } from "../../core/loyalty/redeem.ts";
import {
  codeFrom,
  isInTime,
  isLimited,
  isMadeHere,
  lifeOfRedemption,
  termsOfReward,
  type Reward,
} from "../../core/loyalty/reward.ts";

import { redeemingFacts, type RedeemingFacts } from "../../db/bulk/redeem-rows.ts";
import { enqueue, enqueueMany } from "../../db/stores/jobs.server.ts";
import { lockAccountOf, saveChanges } from "../../db/stores/ledger.server.ts";
import { currentMembers } from "../../db/stores/members.server.ts";
import {
  addRedemption,
  countOfMember,
  findRedemption,
  redemptionOfRequest,
  type Redemption,
} from "../../db/stores/redemptions.server.ts";
import { publishProgrammeLater } from "../../db/stores/publications.server.ts";
import { takeUnit, unitCounts } from "../../db/stores/reward-units.server.ts";
import { findReward } from "../../db/stores/rewards.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { missingScopes } from "../../shopify/rewards/reward-scopes.ts";
import { redemptionEvent } from "./change-redemption.server.ts";
import { endHoldJob, issueJob } from "./issue-job.ts";
import { tellRedeemed } from "./tell-redeemed.server.ts";

const OWN_TRY_MS = 5_000;

export interface Wish {
  memberId: number;
  rewardId: string;
  /** Made before asking. */
  requestKey: string;
  /** For one checkout only: what is not used there ends soon. */
  isHold?: boolean;
}

export type Redeeming =
  /** `isAgain`: it was asked for before under this key. */
  | { ok: true; redemption: Redemption; isAgain: true }
  /** `available`: what is left. */
  | { ok: true; redemption: Redemption; isAgain: false; available: number }
  | {
      ok: false;
      reason: "no-programme" | "no-such-member" | "no-such-reward" | "request-key-taken";
    }
  /** The merchant has to grant these first. */
  | { ok: false; reason: "scope-missing"; scopes: string[] }
  | { ok: false; reason: "insufficient-points"; available: number }
  /** None is left, the member has had as many as anybody may, or its last day is over. */
  | { ok: false; reason: "sold-out" | "limit-reached" | "too-late" };

export async function redeemReward(
  db: Database,
  shopId: number,
  wish: Wish,
  now = Date.now(),
): Promise<Redeeming> {
  const outcome = await db.write(async (tx) => {
    const redeeming = await reserve(tx, shopId, wish, now);
    failpoint("redeem-reward:before-commit");
    return redeeming;
  });
  failpoint("redeem-reward:after-commit");
  const ranOut = outcome.ok
    ? !outcome.isAgain && (await wasLast(db, shopId, outcome.redemption))
    : isGone(outcome);
  // Beside the points: a crash here leaves an offer that the next who asks for it is refused, and which goes then.
  if (ranOut) await db.write((tx) => publishProgrammeLater(tx, shopId));
  return outcome;
}

async function reserve(tx: Transaction, shopId: number, wish: Wish, now: number): Promise<Redeeming> {
  const locked = await lockWithFacts(tx, shopId, wish, now);
  if (!locked) return { ok: false, reason: "no-such-member" };
  const { account, facts, known, reward } = locked;
  if (!facts.isShopActive) return { ok: false, reason: "no-programme" };
  if (known) return asBefore(tx, shopId, known, wish, account.memberId);
  const isHold = wish.isHold ?? false;
  if (!reward?.isActive || (isHold && !isHoldable(reward.gives.kind)))
    return { ok: false, reason: "no-such-reward" };
  if (facts.programmeState !== "running") return { ok: false, reason: "no-programme" };
  const scopes = missingScopes(facts, reward.gives.kind);
  if (scopes.length > 0) return { ok: false, reason: "scope-missing", scopes };

  const id = randomUUID();
  const points = reward.costPoints;
  const redeemed = redeem(account, { redemptionId: id, points }, now);
  if (!redeemed.ok) return redeemed;
  const own = await partOfLimit(tx, shopId, reward, { id, memberId: account.memberId }, facts.timeZone, now);
  if (!own.ok) return own;
  const promise = { ...promiseOf(facts, reward, now), ...own.unit };
  const holdEndsAt = isHold ? holdEnd(now, promise.expiresAt) : null;
  const memberId = account.memberId;
  const offered = { id, points, memberId, rewardId: reward.id, terms: promise.terms };
  const [, redemption] = await tx.sql.together(
    () => saveChanges(tx, shopId, [redeemed]),
    () =>
      addRedemption(tx, shopId, {
        // Whoever holds asks Shopify as soon as this is written: see issueReserved.
        ...{ ...offered, ...promise, holdEndsAt, attemptedAt: isHold ? Date.now() : null },
        requestKey: wish.requestKey,
      }),
    async () => {
      if (!isHold) await tellRedeemed(tx, shopId, offered, now);
    },
    () => enqueueMany(tx, isMadeHere(reward.gives) ? [] : jobsOf(shopId, id, holdEndsAt)),
  );
  const { available } = balanceOf(redeemed.account);
  const given = isMadeHere(reward.gives) ? await giveNow(tx, shopId, redemption, now) : redemption;
  return { ok: true, redemption: given, isAgain: false, available };
}

function jobsOf(shopId: number, id: string, holdEndsAt: number | null) {
  if (holdEndsAt === null) return [issueJob(shopId, id)];
  // Somebody waits for it at the till: whoever asked for it makes it, and the job comes by where that went wrong.
  return [issueJob(shopId, id, Date.now() + OWN_TRY_MS), endHoldJob(shopId, id, holdEndsAt)];
}

/** Of what there is only so much: the member's own, taken out of what others can have, or why there is none. */
async function partOfLimit(
  tx: Transaction,
  shopId: number,
  reward: Reward,
  { id, memberId }: Pick<Redemption, "id" | "memberId">,
  timeZone: string,
  now: number,
): Promise<
  { ok: true; unit: { code?: string } } | { ok: false; reason: "sold-out" | "limit-reached" | "too-late" }
> {
  const { gives } = reward;
  if (!isInTime(gives, shopCalendar(timeZone), now)) return { ok: false, reason: "too-late" };
  if (!isLimited(gives)) return { ok: true, unit: {} };
  const { perMember } = gives;
  if (perMember !== null && (await countOfMember(tx, shopId, memberId, reward.id)) >= perMember)
    return { ok: false, reason: "limit-reached" };
  const unit = await takeUnit(tx, shopId, reward, id);
  if (!unit) return { ok: false, reason: "sold-out" };
  return { ok: true, unit: unit.code === null ? {} : { code: unit.code } };
}

/** Nobody has to be asked for it: it is there with the points' end, and a gift to a cause is done with it. */
async function giveNow(
  tx: Transaction,
  shopId: number,
  redemption: Redemption,
  now: number,
): Promise<Redemption> {
  const { id, terms } = redemption;
  await redemptionEvent(tx, shopId, id, { happened: "issued" }, now, { issuedAt: now });
  if (terms.gives.kind === "donation") await redemptionEvent(tx, shopId, id, { happened: "fulfilled" }, now);
  return (await findRedemption(tx, shopId, id)) ?? redemption;
}

const isGone = ({ reason }: Extract<Redeeming, { ok: false }>) => reason === "sold-out";

async function wasLast(
  db: Database,
  shopId: number,
  { rewardId, terms: { gives } }: Redemption,
): Promise<boolean> {
  if (!isLimited(gives)) return false;
  const counts = await unitCounts(db, shopId, [{ id: rewardId, gives }]);
  return counts.get(rewardId)?.free === 0;
}

/**
 * The account of whoever the member is now, as a merge may have come while it was waited for, and what is asked under its lock: of two that
 * ask with one key, one finds the other's. `null`: there is no such member.
 */
async function lockWithFacts(
  tx: Transaction,
  shopId: number,
  { memberId, requestKey, rewardId }: Wish,
  now: number,
) {
  for (;;) {
    const account = await lockAccountOf(tx, shopId, memberId);
    if (!account) return null;
    const lockedId = account.memberId;
    const [facts, known, reward] = await tx.sql.together(
      () => redeemingFacts(tx, shopId, { memberId, lockedId, now }),
      () => redemptionOfRequest(tx, shopId, requestKey),
      () => findReward(tx, shopId, rewardId),
    );
    if (facts.memberId === lockedId) return { account, facts, known, reward };
  }
}

/**
 * Gives a member a reward for nothing, in the caller's transaction and once for a request key: a redemption of 0 points, which is made, used
 * and ended as any other. Answers the account after it; `null` where the reward cannot be had now.
 */
export async function giveReward(
  tx: Transaction,
  shop: Shop,
  account: MemberAccount,
  { rewardId, requestKey }: Pick<Wish, "rewardId" | "requestKey">,
  now: number,
): Promise<MemberAccount | null> {
  if (await redemptionOfRequest(tx, shop.id, requestKey)) return account;
  const reward = await findReward(tx, shop.id, rewardId);
  if (!reward?.isActive || missingScopes(shop, reward.gives.kind).length > 0) return null;
  const id = randomUUID();
  const redeemed = redeem(account, { redemptionId: id, points: 0 }, now);
  if (!redeemed.ok) return null;
  const { memberId } = account;
  const own = await partOfLimit(tx, shop.id, reward, { id, memberId }, shop.timeZone, now);
  if (!own.ok) return null;
  await saveChanges(tx, shop.id, [redeemed]);
  const promise = promiseOf(
    await redeemingFacts(tx, shop.id, { memberId, lockedId: memberId, now }),
    reward,
    now,
  );
  const facts = { id, points: 0, memberId, rewardId, requestKey, holdEndsAt: null, attemptedAt: null };
  const redemption = await addRedemption(tx, shop.id, { ...facts, ...promise, ...own.unit });
  if (isMadeHere(reward.gives)) await giveNow(tx, shop.id, redemption, now);
  else await enqueue(tx, issueJob(shop.id, id));
  return redeemed.account;
}

function promiseOf({ expiries, currency, timeZone }: RedeemingFacts, reward: Reward, now: number) {
  const calendar = shopCalendar(timeZone);
  const { startsAt, expiresAt } = lifeOfRedemption(reward, now, expiries, calendar);
  const terms = termsOfReward(reward, expiresAt, currency, calendar);
  return { code: codeFrom(randomBytes(12)), terms, reservedAt: startsAt, expiresAt };
}

async function asBefore(
  tx: Transaction,
  shopId: number,
  known: Redemption,
  { rewardId }: Wish,
  memberId: number,
): Promise<Redeeming> {
  const owner = (await currentMembers(tx, shopId, [known.memberId])).get(known.memberId);
  if (owner !== memberId || known.rewardId !== rewardId) return { ok: false, reason: "request-key-taken" };
  return { ok: true, redemption: known, isAgain: true };
}
