/**
 * Takes a redemption back: what it gave is ended at Shopify first, then its use is read, and only where there is none the points go back
 * to the very lots. Asking is one thing and doing another, in a job, so that a crash between the two leaves nothing half done.
 */
import { shopCalendar } from "../../core/calendar.ts";
import { isLimited, isMadeHere, isReturnable, type RedemptionTerms } from "../../core/loyalty/reward.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { publishProgrammeLater } from "../../db/stores/publications.server.ts";
import { changeRedemption, findRedemption, type Redemption } from "../../db/stores/redemptions.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor, type AdminAccessOptions } from "../access/admin-access.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { lockRedemption, redemptionEvent } from "./change-redemption.server.ts";
import { endUnused, type Ended } from "./end-unused.server.ts";
import { cancelJob } from "./issue-job.ts";

export type Cancelling =
  | { ok: true }
  /** Store credit is money that the customer has. */
  | { ok: false; reason: "no-such-redemption" | "not-issued-yet" | "already-over" | "cannot-be-taken-back" };

/** A member gives back what nobody can have used; the merchant also takes back what is not at Shopify. */
export type Canceller = "member" | "merchant";

export async function requestCancellation(
  db: Database,
  shopId: number,
  redemptionId: string,
  by: Canceller = "merchant",
): Promise<Cancelling> {
  if (!(await findRedemption(db, shopId, redemptionId))) return { ok: false, reason: "no-such-redemption" };
  const outcome = await db.write(async (tx): Promise<Cancelling> => {
    const { status, terms } = await lockRedemption(tx, shopId, redemptionId);
    if (isMadeHere(terms.gives)) return cancelHere(tx, shopId, redemptionId, terms, by);
    if (status === "reserved") return { ok: false, reason: "not-issued-yet" };
    if (status !== "issued") return { ok: false, reason: "already-over" };
    if (terms.gives.kind === "store-credit") return { ok: false, reason: "cannot-be-taken-back" };
    await changeRedemption(tx, shopId, redemptionId, { cancelAskedAt: Date.now(), failedBecause: null });
    await enqueue(tx, cancelJob(shopId, redemptionId));
    failpoint("cancel-redemption:before-request-commit");
    return { ok: true };
  });
  failpoint("cancel-redemption:after-request-commit");
  return outcome;
}

/** Nobody outside has to be asked, so it is done with the wish. */
async function cancelHere(
  tx: Transaction,
  shopId: number,
  redemptionId: string,
  { gives }: RedemptionTerms,
  by: Canceller,
): Promise<Cancelling> {
  const now = Date.now();
  if (by === "member") {
    const shop = await activeShop(tx, shopId);
    const calendar = shopCalendar(shop?.timeZone ?? "UTC");
    if (!isReturnable(gives, calendar, now)) return { ok: false, reason: "cannot-be-taken-back" };
  }
  const happened = by === "merchant" ? "undone" : "cancelled";
  const step = await redemptionEvent(tx, shopId, redemptionId, { happened }, now);
  failpoint("cancel-redemption:before-request-commit");
  return step.ok ? { ok: true } : { ok: false, reason: "already-over" };
}

/** What cancelling has come to; `used`: it stays as it is, and its order says so. */
export type Cancelled = "cancelled" | "used" | "not-issued";

/** The job, and what a page does at once that somebody waits for: whoever comes second finds it done. */
export async function cancelRedemption(
  db: Database,
  shopId: number,
  redemptionId: string,
  access: AdminAccessOptions,
): Promise<Cancelled> {
  const shop = await activeShop(db, shopId);
  const redemption = shop && (await findRedemption(db, shopId, redemptionId));
  if (redemption?.status === "cancelled") {
    // A place is free again, and a reward may be offered again with it.
    if (isLimited(redemption.terms.gives)) await db.write((tx) => publishProgrammeLater(tx, shopId));
    return "cancelled";
  }
  if (redemption?.status !== "issued") return "not-issued";
  const ended = await endAtShopify(db, redemption, shopId, access);
  failpoint("cancel-redemption:after-end");
  if (ended.outcome === "used") return staysAsItIs(db, shopId, redemptionId, ended.orderId);
  const step = await db.write(async (tx) => {
    const done = await redemptionEvent(tx, shopId, redemptionId, { happened: "cancelled" }, Date.now());
    failpoint("cancel-redemption:before-commit");
    return done;
  });
  failpoint("cancel-redemption:after-commit");
  if (step.ok) return "cancelled";
  return step.reason === "already-used" ? "used" : "not-issued";
}

async function endAtShopify(
  db: Database,
  redemption: Redemption,
  shopId: number,
  access: AdminAccessOptions,
): Promise<Ended> {
  try {
    return await endUnused(await adminFor(db, shopId, access), redemption);
  } catch (error) {
    // A hold is over in any case.
    const isRefused = error instanceof ShopifyError && error.retry === "never";
    if (isRefused && redemption.holdEndsAt === null) await refuseWish(db, shopId, redemption.id, error);
    throw error;
  }
}

/** It can be used as before, and whoever asked sees why. */
async function refuseWish(
  db: Database,
  shopId: number,
  redemptionId: string,
  { codes, kind }: ShopifyError,
): Promise<void> {
  const failedBecause = codes.join() || kind;
  await db.write(async (tx) => {
    const { status } = await lockRedemption(tx, shopId, redemptionId);
    if (status !== "issued") return;
    await changeRedemption(tx, shopId, redemptionId, { cancelAskedAt: null, failedBecause });
  });
}

/** It was used before it could be ended: nobody waits for that any more, and no checkout holds it. Its order is fetched. */
async function staysAsItIs(
  db: Database,
  shopId: number,
  redemptionId: string,
  orderId: number | null,
): Promise<"used"> {
  await db.write(async (tx) => {
    await lockRedemption(tx, shopId, redemptionId);
    await changeRedemption(tx, shopId, redemptionId, { cancelAskedAt: null, holdEndsAt: null });
    if (orderId !== null)
      await enqueue(tx, { shopId, kind: "sync-orders", payload: { orderIds: [orderId] } });
    failpoint("cancel-redemption:before-used-commit");
  });
  failpoint("cancel-redemption:after-used-commit");
  return "used";
}
