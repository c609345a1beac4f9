/**
 * Holds a reward for a checkout: the points are reserved and the code is made while the shopper waits, for as long as anybody would. Where
 * Shopify takes longer, whoever asks again with the same key is told what has become of it.
 */
import { memberBalance } from "../../db/queries/member-account.server.ts";
import type { Redemption } from "../../db/stores/redemptions.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { issueRedemption, issueReserved } from "../loyalty/issue-redemption.server.ts";
import { onceMade, reserveForShopper } from "../storefront/reserve-for-shopper.server.ts";
import type { ShopperOutcome } from "../storefront/shopper-outcome.ts";

export interface HoldWish {
  reward: string;
  key: string;
  /** The checkout's: the reward's own amount is told where it is of this currency. */
  currency: string;
}

export async function holdReward(
  db: Database,
  shop: Shop,
  customerId: number,
  { reward, key, currency }: HoldWish,
  patienceMs = 2_000,
): Promise<ShopperOutcome> {
  const reserved = await reserveForShopper(db, shop, customerId, { reward, key, isHold: true });
  if (!reserved.ok) return reserved;
  const { redemption } = reserved;
  const latest = redemption.status === "reserved" ? await made(db, shop, reserved, patienceMs) : redemption;
  const left =
    reserved.available ?? (await memberBalance(db, shop.id, reserved.memberId, Date.now()))?.available;
  return outcome(latest, left ?? 0, currency);
}

async function made(
  db: Database,
  shop: Shop,
  { redemption, available }: { redemption: Redemption; available: number | null },
  patienceMs: number,
): Promise<Redemption> {
  const signal = AbortSignal.timeout(patienceMs);
  const access = { signal, priority: "interactive" } as const;
  try {
    if (available !== null) await issueReserved(db, shop, redemption, access);
    // No store credit can be held, so nothing has to arrive before it is asked for again.
    else await issueRedemption(db, shop.id, redemption.id, access, 0);
  } catch (error) {
    // The job that was added with the reservation goes on.
    if (!(error instanceof ShopifyError) && !signal.aborted) throw error;
  }
  return onceMade(db, shop.id, redemption, 0);
}

function outcome(
  { id, status, terms, code, points: spent, holdEndsAt }: Redemption,
  points: number,
  currency: string,
): ShopperOutcome {
  if (status === "failed") return { ok: false, reason: "not-made" };
  if (holdEndsAt === null || (status !== "reserved" && status !== "issued"))
    return { ok: false, reason: "over" };
  const until = new Date(holdEndsAt).toISOString();
  const facts = { redemption: id, points, spent, value: valueOf(terms, currency), until };
  return status === "reserved"
    ? { ok: true, message: "pending", ...facts, code: null, pending: true }
    : { ok: true, message: "code", ...facts, code };
}

/** What the code takes off, where that is certain; `null`: it depends on the cart, or on Shopify's rate of exchange. */
function valueOf({ gives, currency: own }: Redemption["terms"], currency: string) {
  if (gives.kind !== "amount-off") return null;
  const minor = own === currency ? gives.valueMinor : gives.amounts?.[currency];
  return minor === undefined ? null : { minor, currency };
}
