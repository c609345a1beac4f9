/**
 * Compares a friend's first order with the orders of the member who brought them and with those of friends who came before, as Shopify
 * tells them at that moment. What is compared is neither stored nor logged: the verdict and the check that failed are all that is left of it.
 */
import { compareEvidence, compareWithFriends, type Finding } from "../../core/referrals/fraud-checks.ts";
import { customersOfMembers } from "../../db/stores/members.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import {
  findReferral,
  ordersOfFriendsBefore,
  saveReferralRows,
  uncheckedReferrals,
  type Referral,
} from "../../db/stores/referrals.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { evidenceOfOrders, referralEvidence } from "../../shopify/fetch-evidence.server.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { settleReferrals } from "./settle-referrals.server.ts";

const AT_ONCE = 20;
/** Of friends who came before, the latest. */
const MOST_FRIENDS = 100;

export async function checkReferrals(db: Database, shopId: number, signal: AbortSignal): Promise<void> {
  if (!(await activeShop(db, shopId))) return;
  const client = await adminFor(db, shopId, { signal });
  for (;;) {
    signal.throwIfAborted();
    const unchecked = await uncheckedReferrals(db, shopId, AT_ONCE);
    for (const referral of unchecked) {
      const finding = await compare(db, client, shopId, referral);
      failpoint("check-referrals:after-compare");
      await saveFinding(db, shopId, referral.id, finding);
    }
    if (unchecked.length < AT_ONCE) return;
  }
}

const UNREADABLE: Finding = { verdict: "unreadable", because: null };

async function compare(
  db: Database,
  client: AdminClient,
  shopId: number,
  referral: Referral,
): Promise<Finding> {
  const { memberId, friendId, orderId } = referral;
  const memberCustomerId = (await customersOfMembers(db, shopId, [memberId])).get(memberId);
  if (memberCustomerId === undefined || friendId === null) return UNREADABLE;
  try {
    const evidence = await referralEvidence(client, { orderId, memberCustomerId });
    if (!evidence) return UNREADABLE;
    const { friend, member, memberEmails } = evidence;
    const finding = compareEvidence(friend, member, memberEmails);
    if (finding.verdict === "blocked") return finding;
    const before = await ordersOfFriendsBefore(db, shopId, referral, MOST_FRIENDS);
    return compareWithFriends(finding, friend, await evidenceOfOrders(client, before));
  } catch (error) {
    // Shopify lets apps see addresses, e-mails and cards only where it has approved that.
    if (error instanceof ShopifyError && error.kind === "forbidden") return UNREADABLE;
    throw error;
  }
}

async function saveFinding(db: Database, shopId: number, id: string, finding: Finding): Promise<void> {
  await db.write(async (tx) => {
    const shop = await lockShop(tx, shopId);
    const now = Date.now();
    const programme = await findProgramme(tx, shopId);
    const referral = await findReferral(tx, shopId, id);
    if (!programme || referral?.verdict !== "unchecked") return;
    const found = { ...referral, ...finding, checkedAt: now };
    await saveReferralRows(tx, shopId, [found]);
    await settleReferrals(tx, shop, programme, [found], now);
    failpoint("check-referrals:before-commit");
  });
  failpoint("check-referrals:after-commit");
}
