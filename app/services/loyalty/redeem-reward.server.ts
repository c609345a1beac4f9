/**
 * Spends a member's points on a reward: points, redemption and the job that asks Shopify are one transaction, under a key that whoever
 * asks has made first. A double click, a lost answer or a crash asks again with the same key and is answered with the same redemption.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { shopCalendar } from "../../core/calendar.ts";
import { holdEnd, isHoldable } from "../../core/loyalty/hold.ts";
import { redeem } from "../../core/loyalty/redeem.ts";
import { codeFrom, lifeOfRedemption, termsOfReward, type Reward } from "../../core/loyalty/reward.ts";
import { enqueue, enqueueMany } from "../../db/stores/jobs.server.ts";
import { saveChanges } from "../../db/stores/ledger.server.ts";
import { currentMembers } from "../../db/stores/members.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import {
  addRedemption,
  expiriesOf,
  redemptionOfRequest,
  type Redemption,
} from "../../db/stores/redemptions.server.ts";
import { findReward } from "../../db/stores/rewards.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { missingScopes } from "../../shopify/rewards/reward-scopes.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { lockMember } from "./change-redemption.server.ts";
import { endHoldJob, issueJob } from "./issue-job.ts";

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
  | { ok: true; redemption: Redemption; isAgain: boolean }
  | {
      ok: false;
      reason: "no-programme" | "no-such-member" | "no-such-reward" | "request-key-taken";
    }
  /** The merchant has to grant these first. */
  | { ok: false; reason: "scope-missing"; scopes: string[] }
  | { ok: false; reason: "insufficient-points"; available: number };

export async function redeemReward(
  db: Database,
  shopId: number,
  wish: Wish,
  now = Date.now(),
): Promise<Redeeming> {
  const shop = await activeShop(db, shopId);
  if (!shop) return { ok: false, reason: "no-programme" };
  const members = await currentMembers(db, shopId, [wish.memberId]);
  if (!members.has(wish.memberId)) return { ok: false, reason: "no-such-member" };
  const outcome = await db.write(async (tx) => {
    const redeeming = await reserve(tx, shop, wish, now);
    failpoint("redeem-reward:before-commit");
    return redeeming;
  });
  failpoint("redeem-reward:after-commit");
  return outcome;
}

async function reserve(tx: Transaction, shop: Shop, wish: Wish, now: number): Promise<Redeeming> {
  const shopId = shop.id;
  const account = await lockMember(tx, shopId, wish.memberId, []);
  // Under the lock: of two that ask with one key, one finds the other's.
  const known = await redemptionOfRequest(tx, shopId, wish.requestKey);
  if (known) return asBefore(tx, shopId, known, wish, account.memberId);
  const reward = await findReward(tx, shopId, wish.rewardId);
  const isHold = wish.isHold ?? false;
  if (!reward?.isActive || (isHold && !isHoldable(reward.gives.kind)))
    return { ok: false, reason: "no-such-reward" };
  if ((await findProgramme(tx, shopId))?.state !== "running") return { ok: false, reason: "no-programme" };
  const scopes = missingScopes(shop, reward.gives.kind);
  if (scopes.length > 0) return { ok: false, reason: "scope-missing", scopes };

  const id = randomUUID();
  const points = reward.costPoints;
  const redeemed = redeem(account, { redemptionId: id, points }, now);
  if (!redeemed.ok) return redeemed;
  await saveChanges(tx, shopId, [redeemed]);
  const promise = await promiseOf(tx, shop, reward, account.memberId, now);
  const holdEndsAt = isHold ? holdEnd(now, promise.expiresAt) : null;
  const redemption = await addRedemption(tx, shopId, {
    ...{ id, points, memberId: account.memberId, rewardId: reward.id, requestKey: wish.requestKey },
    ...{ ...promise, holdEndsAt },
  });
  if (holdEndsAt === null) await enqueue(tx, issueJob(shopId, id));
  else {
    // Somebody waits for it at the till: whoever asked for it makes it, and the job comes by where that went wrong.
    const jobs = [issueJob(shopId, id, Date.now() + OWN_TRY_MS), endHoldJob(shopId, id, holdEndsAt)];
    await enqueueMany(tx, jobs);
  }
  return { ok: true, redemption, isAgain: false };
}

async function promiseOf(tx: Transaction, shop: Shop, reward: Reward, memberId: number, now: number) {
  const { startsAt, expiresAt } = lifeOfRedemption(reward, now, await expiriesOf(tx, shop.id, memberId, now));
  const terms = termsOfReward(reward, expiresAt, shop.currency, shopCalendar(shop.timeZone));
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
