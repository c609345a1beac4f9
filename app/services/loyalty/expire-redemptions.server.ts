/**
 * Ends redemptions whose time is over. Whether a code was used is read at Shopify before any points go back, and a day and a half after its
 * end, because Shopify counts uses a while later and a gift card is good to the end of its day. Those that were reserved and never worked,
 * because their job is gone, are worked again, and so are those that were held for a checkout and never ended.
 */
import type { RedemptionEvent } from "../../core/loyalty/redemption.ts";
import { isMadeHere } from "../../core/loyalty/reward.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { redemptionsToEnd, type Redemption } from "../../db/stores/redemptions.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { findDiscountCode } from "../../shopify/rewards/discount-codes.server.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { redemptionEvent } from "./change-redemption.server.ts";
import { endUnused } from "./end-unused.server.ts";
import { endHoldJob, issueJob } from "./issue-job.ts";

const HOUR_MS = 3_600_000;
const AFTER_END_MS = 36 * HOUR_MS;
/** A job that failed again and again has given up by then. */
const STUCK_AFTER_MS = 24 * HOUR_MS;
/** A use whose order never came. */
const FORGOTTEN_AFTER_MS = 30 * 24 * HOUR_MS;
const AT_ONCE = 100;

export async function expireRedemptions(
  db: Database,
  shopId: number,
  signal: AbortSignal,
  now = Date.now(),
): Promise<void> {
  if (!(await activeShop(db, shopId))) return;
  const limits = {
    expiredBy: now - AFTER_END_MS,
    reservedBy: now - STUCK_AFTER_MS,
    heldBy: now - STUCK_AFTER_MS,
  };
  let client: AdminClient | null = null;
  for (let afterId = ""; ;) {
    const due = await redemptionsToEnd(db, shopId, limits, afterId, AT_ONCE);
    if (due.length === 0) return;
    for (const redemption of due) {
      signal.throwIfAborted();
      if (redemption.status === "reserved" || redemption.holdEndsAt !== null)
        await workAgain(db, shopId, redemption, now);
      else if (isMadeHere(redemption.terms.gives)) await endHere(db, shopId, redemption, now);
      else await end(db, shopId, (client ??= await adminFor(db, shopId, { signal })), redemption, now);
    }
    afterId = due.at(-1)?.id ?? "";
  }
}

async function workAgain(
  db: Database,
  shopId: number,
  { id, holdEndsAt }: Redemption,
  now: number,
): Promise<void> {
  await db.write(async (tx) => {
    await enqueue(tx, holdEndsAt === null ? issueJob(shopId, id) : endHoldJob(shopId, id, now));
    failpoint("expire-redemptions:before-again-commit");
  });
  failpoint("expire-redemptions:after-again-commit");
}

async function end(
  db: Database,
  shopId: number,
  client: AdminClient,
  redemption: Redemption,
  now: number,
): Promise<void> {
  const returnsPoints = await returnsPointsOf(client, redemption, now);
  if (returnsPoints === null) return;
  failpoint("expire-redemptions:after-read");
  await db.write(async (tx) => {
    await redemptionEvent(tx, shopId, redemption.id, { happened: "expired-unused", returnsPoints }, now);
    failpoint("expire-redemptions:before-commit");
  });
  failpoint("expire-redemptions:after-commit");
}

/** Nobody outside knows more than we do: who has a place has had it, and what nobody has brought is unused. */
async function endHere(db: Database, shopId: number, { id, terms }: Redemption, now: number): Promise<void> {
  const event: RedemptionEvent =
    terms.gives.kind === "event"
      ? { happened: "fulfilled" }
      : { happened: "expired-unused", returnsPoints: terms.returnsUnused };
  await db.write(async (tx) => {
    await redemptionEvent(tx, shopId, id, event, now);
    failpoint("expire-redemptions:before-commit");
  });
  failpoint("expire-redemptions:after-commit");
}

/** `null`: it is not over yet, or its order is on its way. */
async function returnsPointsOf(
  client: AdminClient,
  redemption: Redemption,
  now: number,
): Promise<boolean | null> {
  const { terms, code, expiresAt } = redemption;
  // Money that was given stays given.
  if (terms.gives.kind === "store-credit") return false;
  if (terms.gives.kind === "gift-card")
    return (await endUnused(client, redemption)).outcome === "unused" && terms.returnsUnused;
  const found = await findDiscountCode(client, code);
  // The merchant has given it more time.
  if (found && !found.isOver) return null;
  if (!found || found.usageCount === 0) return terms.returnsUnused;
  return expiresAt <= now - FORGOTTEN_AFTER_MS ? false : null;
}
