/**
 * Makes at Shopify what a reserved redemption promises, and settles it. That Shopify is being asked is written down before it is asked, so
 * that whoever comes after a crash knows that something may be there or still on its way.
 */
import type { RedemptionEvent } from "../../core/loyalty/redemption.ts";
import type { Grant } from "../../core/loyalty/reward.ts";
import { RetryAt } from "../../core/retry-at.ts";
import { customerOfMember } from "../../db/queries/member-customer.server.ts";
import { currentMembers } from "../../db/stores/members.server.ts";
import {
  changeRedemption,
  findRedemption,
  type Redemption,
  type RedemptionChange,
} from "../../db/stores/redemptions.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { log } from "../../observability/log.server.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { grantReward } from "../../shopify/rewards/grant-reward.server.ts";
import { missingScopes } from "../../shopify/rewards/reward-scopes.ts";
import { adminFor, type AdminAccessOptions } from "../access/admin-access.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { lockRedemption, redemptionEvent } from "./change-redemption.server.ts";

/** Until the merchant may have granted the scope again. */
const WAIT_FOR_SCOPE_MS = 3_600_000;

export async function issueRedemption(
  db: Database,
  shopId: number,
  redemptionId: string,
  access: AdminAccessOptions,
  arrivalMs: number,
): Promise<RetryAt | void> {
  const shop = await activeShop(db, shopId);
  const redemption = shop && (await findRedemption(db, shopId, redemptionId));
  if (!shop || redemption?.status !== "reserved") return;
  const { attemptedAt, terms } = redemption;
  // What may be on its way cannot be seen yet; a code that comes late is refused, store credit is not.
  const arrivesBy = attemptedAt === null ? 0 : attemptedAt + arrivalMs;
  if (terms.gives.kind === "store-credit" && arrivesBy > Date.now()) return new RetryAt(arrivesBy);
  if (missingScopes(shop, terms.gives.kind).length > 0)
    return withoutScope(db, shop, redemption, attemptedAt === null);
  const customerId = await ownerOf(db, shopId, redemption);
  if (customerId === null) return settle(db, shop, redemption, "refused", { failedBecause: "NO_CUSTOMER" });

  const client = await adminFor(db, shopId, access);
  const begun = await beginAttempt(db, shop, redemption);
  if (begun !== "settled")
    return attempt(db, shop, client, redemption, { customerId, isFirst: begun === "first" });
}

/** What its reservation says is being asked for, asked for by who has just made that: nobody can have asked before. */
export async function issueReserved(
  db: Database,
  shop: Shop,
  redemption: Redemption,
  access: AdminAccessOptions,
): Promise<void> {
  const customerId = await ownerOf(db, shop.id, redemption);
  if (customerId === null) return settle(db, shop, redemption, "refused", { failedBecause: "NO_CUSTOMER" });
  const client = await adminFor(db, shop.id, access);
  await attempt(db, shop, client, redemption, { customerId, isFirst: true });
}

async function attempt(
  db: Database,
  shop: Shop,
  client: AdminClient,
  redemption: Redemption,
  { customerId, isFirst }: { customerId: number; isFirst: boolean },
): Promise<RetryAt | void> {
  const granted = await grantReward(client, grantOf(redemption, customerId), { isFirst });
  failpoint("issue-redemption:after-grant");
  if (granted.ok)
    return settle(db, shop, redemption, "issued", {
      shopifyId: String(granted.shopifyId),
      issuedAt: Date.now(),
    });
  if (granted.reason === "scope-missing") return withoutScope(db, shop, redemption, isFirst);
  return settle(db, shop, redemption, "refused", { failedBecause: granted.codes.join() });
}

function grantOf(
  { code, terms, reservedAt, expiresAt }: Pick<Redemption, "code" | "terms" | "reservedAt" | "expiresAt">,
  customerId: number,
): Grant {
  return { ...terms, code, customerId, startsAt: reservedAt, expiresAt };
}

/** `null`: the customer has been erased. */
async function ownerOf(
  db: Database,
  shopId: number,
  { memberId }: Pick<Redemption, "memberId">,
): Promise<number | null> {
  const current = (await currentMembers(db, shopId, [memberId])).get(memberId) ?? memberId;
  return customerOfMember(db, shopId, current);
}

/** Whether nobody has asked Shopify before, or has settled it meanwhile. */
async function beginAttempt(
  db: Database,
  shop: Shop,
  { id }: Redemption,
): Promise<"again" | "first" | "settled"> {
  const begun = await db.write(async (tx) => {
    const { status, attemptedAt } = await lockRedemption(tx, shop.id, id);
    if (status !== "reserved") return "settled";
    await changeRedemption(tx, shop.id, id, { attemptedAt: Date.now() });
    failpoint("issue-redemption:before-attempt-commit");
    return attemptedAt === null ? "first" : "again";
  });
  failpoint("issue-redemption:after-attempt-commit");
  return begun;
}

/** Nothing was ever asked for: the points go back. Else it may be there, and has to be looked for once that is allowed again. */
async function withoutScope(
  db: Database,
  shop: Shop,
  redemption: Redemption,
  isFirst: boolean,
): Promise<RetryAt | void> {
  if (!isFirst) return new RetryAt(Date.now() + WAIT_FOR_SCOPE_MS);
  return settle(db, shop, redemption, "refused", { failedBecause: "SCOPE_MISSING" });
}

async function settle(
  db: Database,
  shop: Shop,
  { id }: Redemption,
  happened: Extract<RedemptionEvent["happened"], "issued" | "refused">,
  facts: RedemptionChange,
): Promise<void> {
  await db.write(async (tx) => {
    await redemptionEvent(tx, shop.id, id, { happened }, Date.now(), facts);
    failpoint("issue-redemption:before-settle-commit");
  });
  failpoint("issue-redemption:after-settle-commit");
  if (happened === "refused")
    log.warn({ shopId: shop.id, redemptionId: id, because: facts.failedBecause }, "reward not made");
}
