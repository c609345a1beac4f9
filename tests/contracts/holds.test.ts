/** Rewards held for a checkout, on both databases, against the local Shopify: the points are somebody's at every moment, and never twice. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { HOLD_MINUTES } from "../../app/core/loyalty/hold.ts";
import { RetryAt } from "../../app/core/retry-at.ts";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { memberFacts } from "../../app/db/queries/profile-facts.server.ts";
import { saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { findRedemption } from "../../app/db/stores/redemptions.server.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { tellAccount } from "../../app/services/account/tell-account.server.ts";
import { holdReward } from "../../app/services/checkout/hold-reward.server.ts";
import { releaseHold } from "../../app/services/checkout/release-hold.server.ts";
import { touchHold } from "../../app/services/checkout/touch-hold.server.ts";
import { endHold } from "../../app/services/loyalty/end-hold.server.ts";
import { expireRedemptions } from "../../app/services/loyalty/expire-redemptions.server.ts";
import { issueRedemption } from "../../app/services/loyalty/issue-redemption.server.ts";
import { redeemReward } from "../../app/services/loyalty/redeem-reward.server.ts";
import { placeOrder } from "../../devstore/state/place-order.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { COST, openProgramme, type OpenProgramme } from "../support/open-programme.ts";
import { value, workEvents } from "../support/open-shop.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

const MINUTE_MS = 60_000;
const HOLD_MS = HOLD_MINUTES * MINUTE_MS;
let keys = 0;

/** A checkout of the first member's. */
async function openCheckout(db: Database, { points = 1000 } = {}) {
  const open = await openProgramme(local, db, { points, members: 2 });
  const stored = await findShopById(db, open.shopId);
  if (!stored) throw new Error("no shop");
  const { shopId, customer } = open;
  const [member] = open.members;
  return {
    ...open,
    stored,
    memberId: member?.memberId ?? 0,
    hold: (reward = "amount-off", key = `checkout-${(keys += 1)}`, patienceMs = 5_000) =>
      holdReward(db, stored, customer.id, { reward, key, currency: stored.currency }, patienceMs),
    touch: (id: string, now?: number) => touchHold(db, shopId, customer.id, id, now),
    release: (id: string) => releaseHold(db, shopId, customer.id, id),
    end: (id: string, now?: number) => endHold(db, shopId, id, {}, now),
    available: async () =>
      (await memberBalance(db, shopId, member?.memberId ?? 0, Date.now()))?.available ?? -1,
    debt: async () => (await memberBalance(db, shopId, member?.memberId ?? 0, Date.now()))?.debt ?? -1,
    state: async (id: string) => findRedemption(db, shopId, id),
    pay: (codes: string[]) => pay(open, codes),
  };
}

function pay({ shop, product, customer }: OpenProgramme, codes: string[]) {
  const lines = [{ variantId: product.variantIds[0] ?? 0, quantity: 2 }];
  return value(placeOrder(local.world, shop, { lines, codes, customerId: customer.id, shippingMinor: 300 }));
}

interface Held {
  ok: true;
  redemption: string;
  code: string;
  until: string;
  points: number;
}

const held = (outcome: unknown): Held => {
  expect(outcome).toMatchObject({
    ok: true,
    code: expect.stringMatching(/^[2-9A-HJKLMNP-Z]{12}$/) as string,
  });
  return outcome as Held;
};

describeOnBothDatabases("a reward held for a checkout", (open) => {
  test("reserves its points, gives a code at once and the same to whoever asks again, and is given back", async () => {
    const db = await open();
    const shop = await openCheckout(db);
    const [first, again] = await Promise.all([
      shop.hold("amount-off", "twice-at-once"),
      shop.hold("amount-off", "twice-at-once"),
    ]);
    const { redemption, code, until } = held(first);
    expect(held(again)).toEqual(first);
    expect(first).toMatchObject({
      ...{ points: 1000 - COST, spent: COST, message: "code" },
      value: { minor: 500, currency: shop.stored.currency },
    });
    const left = Date.parse(until) - Date.now();
    expect([left > HOLD_MS - MINUTE_MS, left <= HOLD_MS]).toEqual([true, true]);
    expect(shop.shop.discounts.size).toBe(1);
    // A code for this checkout is none to be shown in the storefront.
    const facts = await memberFacts(db, shop.shopId, [shop.customer.id]);
    expect(facts.get(shop.customer.id)?.issued).toEqual([]);
    expect(await tellAccount(db, shop.stored, shop.customer.id)).toMatchObject({
      codes: [{ redemption, status: "held", code, canGiveBack: true }],
    });
    for (let time = 0; time < 2; time++)
      expect(await shop.release(redemption)).toEqual({ ok: true, message: "given-back", points: 1000 });
    const [discount] = shop.shop.discounts.values();
    expect(discount?.endsAt).toBeLessThanOrEqual(Date.now());
    expect(await shop.touch(redemption)).toEqual({ ok: false, reason: "over" });
    expect(await shop.hold("amount-off", "twice-at-once")).toEqual({ ok: false, reason: "over" });
  }, 60_000);

  test("asks Shopify once while somebody waits, and looks for the code where it was asked before", async () => {
    const db = await open();
    const shop = await openCheckout(db, { points: 2 * COST });
    const sent = vi.spyOn(globalThis, "fetch");
    const operations = () =>
      sent.mock.calls
        .splice(0)
        .flatMap(
          ([, init]) =>
            /(?:query|mutation) (\w+)/.exec(typeof init?.body === "string" ? init.body : "")?.[1] ?? [],
        );
    try {
      held(await shop.hold("percentage", "asked-for-once"));
      expect(operations()).toEqual(["CreateDiscount"]);
      const lost = await redeemReward(db, shop.shopId, {
        ...{
          memberId: shop.memberId,
          rewardId: "percentage",
          requestKey: "crashed-before-asking",
          isHold: true,
        },
      });
      if (!lost.ok) throw new Error(lost.reason);
      await issueRedemption(db, shop.shopId, lost.redemption.id, { signal: AbortSignal.timeout(10_000) }, 0);
      expect(operations()).toEqual(["DiscountByCode", "CreateDiscount"]);
    } finally {
      sent.mockRestore();
    }
  }, 60_000);

  test("of points for one serves one of two checkouts, and waits for its time to end in the other", async () => {
    const db = await open();
    const shop = await openCheckout(db, { points: COST });
    const outcomes = await Promise.all([shop.hold(), shop.hold("percentage")]);
    expect(outcomes.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(outcomes.find(({ ok }) => !ok)).toEqual({ ok: false, reason: "insufficient-points" });
    expect(await shop.available()).toBe(0);
    const { redemption } = held(outcomes.find(({ ok }) => ok));
    // Before its time nothing ends, and a touch puts it off.
    const inHalf = Date.now() + HOLD_MS / 2;
    expect(await shop.end(redemption, inHalf)).toBeInstanceOf(RetryAt);
    expect(await shop.touch(redemption, inHalf)).toMatchObject({ ok: true });
    expect(await shop.end(redemption, Date.now() + HOLD_MS + MINUTE_MS)).toBeInstanceOf(RetryAt);
    await shop.end(redemption, inHalf + HOLD_MS + MINUTE_MS);
    expect(await shop.state(redemption)).toMatchObject({ status: "cancelled", isRestored: true });
    expect(await shop.available()).toBe(COST);
  }, 60_000);

  test("is used by the order that carries it, also where the order is known to Shopify alone", async () => {
    const db = await open();
    const shop = await openCheckout(db);
    const paid = held(await shop.hold());
    const order = shop.pay([paid.code]);
    // Its webhook has not been worked: uses are not counted yet, and the order says so.
    const [discount] = shop.shop.discounts.values();
    discount?.uses.splice(0);
    await shop.end(paid.redemption, Date.now() + HOLD_MS + MINUTE_MS);
    expect(await shop.state(paid.redemption)).toMatchObject({ status: "issued", holdEndsAt: null });
    const jobs = await db.prisma.job.findMany({ where: { shopId: shop.shopId, kind: "sync-orders" } });
    if (db.dialect === "sqlite")
      expect(jobs.map(({ payload }) => payload)).toEqual([`{"orderIds":[${order.id}]}`]);
    await workEvents(local, shop);
    expect(await shop.state(paid.redemption)).toMatchObject({ status: "used", usedOrderId: order.id });
    expect(await shop.release(paid.redemption)).toEqual({ ok: false, reason: "over" });
    expect(await shop.available()).toBe(1000 - COST);
  }, 60_000);

  test("that was let go and paid with all the same is charged, into debt where the points are spent again", async () => {
    const db = await open();
    const shop = await openCheckout(db, { points: COST });
    const first = held(await shop.hold());
    // Paid in the moment in which it was let go: Shopify has taken the code and does not know of it yet.
    const order = shop.pay([first.code]);
    const [discount] = shop.shop.discounts.values();
    discount?.uses.splice(0);
    shop.shop.orders.delete(order.id);
    expect(await shop.release(first.redemption)).toMatchObject({ ok: true, points: COST });
    held(await shop.hold("percentage"));
    shop.shop.orders.set(order.id, order);
    await workEvents(local, shop);
    expect(await shop.state(first.redemption)).toMatchObject({ status: "used", isRestored: false });
    expect([await shop.available(), await shop.debt()]).toEqual([0, COST]);
  }, 60_000);

  test("outlives a Shopify that does not answer, and ends once it does", async () => {
    const db = await open();
    const shop = await openCheckout(db);
    local.world.chaos.answer500.next = 50;
    const pending = await shop.hold("amount-off", "slow-shopify", 200);
    expect(pending).toMatchObject({ ok: true, message: "pending", code: null, pending: true });
    const { redemption } = pending as unknown as Held;
    expect(await shop.release(redemption)).toMatchObject({ ok: true, message: "returning", pending: true });
    expect(await shop.available()).toBe(1000 - COST);
    local.world.chaos.answer500.next = 0;
    expect(await shop.end(redemption)).toBeInstanceOf(RetryAt);
    await issueRedemption(db, shop.shopId, redemption, { signal: AbortSignal.timeout(10_000) }, 0);
    await shop.end(redemption);
    expect(await shop.state(redemption)).toMatchObject({ status: "cancelled" });
    expect(await shop.available()).toBe(1000);
  }, 60_000);

  test("whose job has died is ended by the daily round", async () => {
    const db = await open();
    const shop = await openCheckout(db);
    const { redemption } = held(await shop.hold());
    const inTwoDays = Date.now() + 48 * HOLD_MS;
    await expireRedemptions(db, shop.shopId, AbortSignal.timeout(10_000), inTwoDays);
    expect(await shop.state(redemption)).toMatchObject({ status: "issued" });
    await shop.end(redemption, inTwoDays);
    expect(await shop.available()).toBe(1000);
  }, 60_000);

  test("is nobody else's, and nothing where there is no such reward, code or programme", async () => {
    const db = await open();
    const shop = await openCheckout(db);
    const { redemption } = held(await shop.hold());
    const stranger = shop.members[1]?.customer.id ?? 0;
    for (const ask of [touchHold, releaseHold]) {
      expect(await ask(db, shop.shopId, stranger, redemption)).toEqual({ ok: false, reason: "not-found" });
      expect(await ask(db, shop.shopId, stranger, "never-was")).toEqual({ ok: false, reason: "not-found" });
      expect(await ask(db, shop.shopId, 999, redemption)).toEqual({ ok: false, reason: "no-member" });
    }
    for (const reward of ["gift-card", "store-credit", "nothing"])
      expect(await shop.hold(reward)).toEqual({ ok: false, reason: "not-offered" });
    const paused = { state: "paused", membership: "automatic", startedAt: 0 } as const;
    await db.write((tx) => saveProgramme(tx, shop.shopId, paused));
    expect(await shop.hold()).toEqual({ ok: false, reason: "not-offered" });
    expect(await shop.available()).toBe(1000 - COST);
  }, 60_000);
});
