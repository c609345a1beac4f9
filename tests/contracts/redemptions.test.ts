/** Points become rewards at Shopify and come back where they must, on both databases, against the local Shopify. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_MS } from "../../app/core/loyalty/ledger.ts";
import { isMadeHere, type Reward, type RewardKind } from "../../app/core/loyalty/reward.ts";
import { RetryAt } from "../../app/core/retry-at.ts";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { customerData } from "../../app/db/queries/data-requests.server.ts";
import { saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { saveOrders } from "../../app/db/stores/orders.server.ts";
import { findRedemption } from "../../app/db/stores/redemptions.server.ts";
import { saveReward } from "../../app/db/stores/rewards.server.ts";
import { changeShop, findShopById } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { accrueChangedOrders } from "../../app/services/loyalty/accrue-changed-orders.server.ts";
import {
  cancelRedemption,
  requestCancellation,
} from "../../app/services/loyalty/cancel-redemption.server.ts";
import { changeMember } from "../../app/services/loyalty/change-member.server.ts";
import { changeReward } from "../../app/services/loyalty/change-reward.server.ts";
import { cancelByHand } from "../../app/services/loyalty/change-redemptions.server.ts";
import { expireRedemptions } from "../../app/services/loyalty/expire-redemptions.server.ts";
import { issueRedemption } from "../../app/services/loyalty/issue-redemption.server.ts";
import { openMember } from "../../app/services/loyalty/open-member.server.ts";
import { redeemReward } from "../../app/services/loyalty/redeem-reward.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { placeOrder } from "../../devstore/state/place-order.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import {
  COST,
  givePoints,
  openProgramme,
  REWARD_SCOPES,
  type OpenProgramme,
} from "../support/open-programme.ts";
import { value, workEvents } from "../support/open-shop.ts";
import { makeLine, makeOrder } from "../support/orders.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

const never = new AbortController().signal;
let wishes = 0;

const memberOf = ({ members }: OpenProgramme) => members[0]?.memberId ?? 0;

function redeem(db: Database, open: OpenProgramme, kind: RewardKind, requestKey = `wish-${(wishes += 1)}`) {
  return redeemReward(db, open.shopId, { memberId: memberOf(open), rewardId: kind, requestKey });
}

/** Reserved, not yet issued. */
async function reserved(db: Database, open: OpenProgramme, kind: RewardKind) {
  const redeeming = await redeem(db, open, kind);
  if (!redeeming.ok) throw new Error(redeeming.reason);
  return redeeming.redemption;
}

const issue = (db: Database, { shopId }: OpenProgramme, id: string, arrivalMs = 0) =>
  issueRedemption(db, shopId, id, { signal: never }, arrivalMs);

async function issued(db: Database, open: OpenProgramme, kind: RewardKind) {
  const redemption = await reserved(db, open, kind);
  await issue(db, open, redemption.id);
  expect(await stateOf(db, open, redemption.id)).toMatchObject({ status: "issued" });
  return redemption;
}

const stateOf = (db: Database, { shopId }: OpenProgramme, id: string) => findRedemption(db, shopId, id);

async function balance(db: Database, open: OpenProgramme, member = memberOf(open)) {
  return memberBalance(db, open.shopId, member, Date.now());
}

/** Two units at 10.00. */
function order(open: OpenProgramme, codes: string[], customer = open.customer) {
  const lines = [{ variantId: open.product.variantIds[0] ?? 0, quantity: 2 }];
  return value(
    placeOrder(local.world, open.shop, { lines, codes, customerId: customer.id, shippingMinor: 300 }),
  );
}

/** One thing at Shopify for each, whatever it is. */
function made({ shop }: OpenProgramme): number {
  const credits = [...shop.storeCreditAccounts.values()].flatMap(({ transactions }) => transactions);
  return shop.discounts.size + shop.giftCards.size + credits.length;
}

describeOnBothDatabases("redemptions", (open) => {
  test("are used by an order that came by bulk as by any other", async () => {
    const db = await open();
    const shop = await openProgramme(local, db);
    const { id, code } = await issued(db, shop, "amount-off");
    const { shopId, customer } = shop;
    const placed = {
      id: 9,
      customerId: customer.id,
      placedAt: Date.now(),
      discountCodes: [code.toLowerCase()],
    };
    await db.write((tx) => saveOrders(tx, shopId, [makeOrder({ ...placed, lines: [makeLine({ id: 9 })] })]));
    await accrueChangedOrders(db, shopId, AbortSignal.timeout(10_000));
    expect(await stateOf(db, shop, id)).toMatchObject({ status: "used", usedOrderId: 9 });
    const cancelled = { ...placed, cancelledAt: Date.now(), updatedAt: Date.now() + DAY_MS };
    await db.write((tx) =>
      saveOrders(tx, shopId, [makeOrder({ ...cancelled, lines: [makeLine({ id: 9 })] })]),
    );
    await accrueChangedOrders(db, shopId, AbortSignal.timeout(10_000));
    expect(await balance(db, shop)).toMatchObject({ available: 1000 });
  }, 60_000);

  test("spend points once, however often the wish is told, and give a code for its customer", async () => {
    const db = await open();
    const shop = await openProgramme(local, db);
    const first = await redeem(db, shop, "amount-off", "key");
    if (!first.ok) throw new Error(first.reason);
    const again = await Promise.all([
      redeem(db, shop, "amount-off", "key"),
      redeem(db, shop, "amount-off", "key"),
    ]);
    expect(again).toEqual([1, 2].map(() => ({ ok: true, redemption: first.redemption, isAgain: true })));
    expect(await redeem(db, shop, "percentage", "key")).toEqual({ ok: false, reason: "request-key-taken" });
    expect(await balance(db, shop)).toMatchObject({ available: 1000 - COST });
    const { id, code } = first.redemption;
    expect(code).toMatch(/^[2-9A-HJKLMNP-Z]{12}$/);
    await Promise.all([issue(db, shop, id), issue(db, shop, id)]);
    await issue(db, shop, id);
    expect(made(shop)).toBe(1);
    const [discount] = shop.shop.discounts.values();
    expect(discount).toMatchObject({
      code,
      customerIds: [shop.customer.id],
      usageLimit: 1,
      title: "Reward: amount-off",
    });
    expect(await stateOf(db, shop, id)).toMatchObject({ status: "issued", shopifyId: String(discount?.id) });
  }, 60_000);

  test("of every kind are issued, for as long as was promised", async () => {
    const db = await open();
    const shop = await openProgramme(local, db);
    const kinds = Object.values(shop.rewards).filter(({ gives }) => !isMadeHere(gives));
    for (const { gives } of kinds) await issued(db, shop, gives.kind);
    expect(made(shop)).toBe(6);
    expect(await balance(db, shop)).toMatchObject({ available: 1000 - 6 * COST });
    const { discounts, giftCards, storeCreditAccounts } = shop.shop;
    const [account] = storeCreditAccounts.values();
    const ends = [...discounts.values()].map(({ endsAt }) => endsAt);
    // Each ends in a second of its own.
    expect(new Set([...ends, account?.transactions[0]?.expiresAt]).size).toBe(5);
    const [card] = giftCards.values();
    expect(card).toMatchObject({ customerId: shop.customer.id, initialMinor: 1000 });
    // Whoever reads the database can pay with no card: only its end stands there in clear.
    const { shopId } = shop;
    const row = await db.prisma.redemption.findFirstOrThrow({ where: { shopId, rewardId: "gift-card" } });
    const { code } = (await findRedemption(db, shopId, row.id)) ?? {};
    expect(code?.toLowerCase()).toBe(card?.code);
    expect(row.code).toMatch(new RegExp(`^v1\\.test\\.[\\w-]+~${code?.slice(-4)}$`));
    expect(row.code).not.toContain(code);
    const told = await customerData(db, shopId, shop.customer.id, []);
    expect(told.loyalty?.redemptions.map((each) => each.code)).toContain(code);
  }, 60_000);

  test("are refused as values, with nothing spent", async () => {
    const db = await open();
    const shop = await openProgramme(local, db, { points: COST - 1 });
    const { shopId, rewards } = shop;
    expect(await redeem(db, shop, "amount-off")).toEqual({
      ok: false,
      reason: "insufficient-points",
      available: COST - 1,
    });
    const wish = { memberId: 99, rewardId: "amount-off", requestKey: "k" };
    expect(await redeemReward(db, shopId, wish)).toEqual({ ok: false, reason: "no-such-member" });
    await givePoints(db, shopId, memberOf(shop), COST);
    await db.write((tx) => saveReward(tx, shopId, { ...rewards.percentage, isActive: false }, 0));
    expect(await redeem(db, shop, "percentage")).toEqual({ ok: false, reason: "no-such-reward" });
    await db.write((tx) => changeShop(tx, shopId, { scopes: "read_orders,write_discounts" }));
    expect(await redeem(db, shop, "gift-card")).toEqual({
      ok: false,
      reason: "scope-missing",
      scopes: ["write_gift_cards", "write_customers"],
    });
    const paused = { state: "paused", membership: "automatic", startedAt: 0 } as const;
    await db.write((tx) => saveProgramme(tx, shopId, paused));
    expect(await redeem(db, shop, "amount-off")).toEqual({ ok: false, reason: "no-programme" });
    expect(await balance(db, shop)).toMatchObject({ available: 2 * COST - 1 });
    expect(await db.prisma.redemption.count()).toBe(0);
  }, 60_000);

  test("that Shopify refuses for good give the points back; those whose answer was lost are looked for", async () => {
    const db = await open();
    const shop = await openProgramme(local, db);
    const gone = await reserved(db, shop, "free-product");
    value(actions.deleteProduct(local.world, shop.shop, { productId: shop.product.id }));
    await issue(db, shop, gone.id);
    expect(await stateOf(db, shop, gone.id)).toMatchObject({
      status: "failed",
      failedBecause: "PRODUCT_NOT_FOUND",
      isRestored: true,
    });
    expect(await balance(db, shop)).toMatchObject({ available: 1000 });

    const lost = await reserved(db, shop, "store-credit");
    local.world.chaos.cutAnswerAfterWork.next = 20;
    await expect(issue(db, shop, lost.id)).rejects.toMatchObject({ name: "ShopifyError", retry: "later" });
    local.world.chaos.cutAnswerAfterWork.next = 0;
    // Until a late request must have arrived nobody asks again.
    expect(await issue(db, shop, lost.id, 60_000)).toBeInstanceOf(RetryAt);
    await issue(db, shop, lost.id);
    await issue(db, shop, lost.id);
    expect(made(shop)).toBe(1);
    expect(await stateOf(db, shop, lost.id)).toMatchObject({ status: "issued" });
  }, 60_000);

  test("whose scope is taken back fail where nothing was asked for, and wait where it may be there", async () => {
    const db = await open();
    const shop = await openProgramme(local, db);
    const [early, late] = [await reserved(db, shop, "gift-card"), await reserved(db, shop, "gift-card")];
    await db.write((tx) =>
      tx.prisma.redemption.updateMany({ where: { id: late.id }, data: { attemptedAt: 1 } }),
    );
    const { installation } = shop.shop;
    if (!installation) throw new Error("the app is installed");
    const scopes = installation.scopes;
    installation.scopes = scopes.filter((scope) => !REWARD_SCOPES.includes(scope));
    // Shopify refuses before the shop's row knows.
    await issue(db, shop, early.id);
    expect(await stateOf(db, shop, early.id)).toMatchObject({
      status: "failed",
      failedBecause: "SCOPE_MISSING",
    });
    expect(await issue(db, shop, late.id)).toBeInstanceOf(RetryAt);
    await db.write((tx) => changeShop(tx, shop.shopId, { scopes: installation.scopes.join(",") }));
    expect(await issue(db, shop, late.id)).toBeInstanceOf(RetryAt);
    expect(await balance(db, shop)).toMatchObject({ available: 1000 - COST });
    installation.scopes = scopes;
    await db.write((tx) => changeShop(tx, shop.shopId, { scopes: scopes.join(",") }));
    await issue(db, shop, late.id);
    expect(await stateOf(db, shop, late.id)).toMatchObject({ status: "issued" });
  }, 60_000);

  test("are taken back only where the code is ended and unused, and give to the very lots", async () => {
    const db = await open();
    const shop = await openProgramme(local, db, { points: COST / 2 });
    const { shopId } = shop;
    const soon = Date.now() + 5 * DAY_MS;
    await givePoints(db, shopId, memberOf(shop), COST, soon);
    const cancel = async (id: string) => {
      const asked = await requestCancellation(db, shopId, id);
      if (asked.ok) await cancelRedemption(db, shopId, id, { signal: never });
      return asked;
    };
    const waiting = await reserved(db, shop, "percentage");
    expect(await cancel(waiting.id)).toEqual({ ok: false, reason: "not-issued-yet" });
    await issue(db, shop, waiting.id);
    expect(await cancel(waiting.id)).toEqual({ ok: true });
    expect(await cancel(waiting.id)).toEqual({ ok: false, reason: "already-over" });
    expect(await cancel("nothing")).toEqual({ ok: false, reason: "no-such-redemption" });
    expect([...shop.shop.discounts.values()][0]?.endsAt).toBeLessThanOrEqual(Date.now());
    const lots = await db.prisma.lot.findMany({
      where: { shopId, isOpen: true },
      orderBy: { available: "asc" },
    });
    expect(
      lots.map(({ available, expiresAt }) => [
        Number(available),
        expiresAt === null ? null : Number(expiresAt),
      ]),
    ).toEqual([
      [COST / 2, null],
      [COST, soon],
    ]);
    const card = await issued(db, shop, "gift-card");
    expect(await cancel(card.id)).toEqual({ ok: true });
    expect([...shop.shop.giftCards.values()][0]?.deactivatedAt).not.toBeNull();
    const credit = await issued(db, shop, "store-credit");
    expect(await cancel(credit.id)).toEqual({ ok: false, reason: "cannot-be-taken-back" });
    await givePoints(db, shopId, memberOf(shop), COST);
    const used = await issued(db, shop, "amount-off");
    order(shop, [used.code]);
    await cancel(used.id);
    expect(await stateOf(db, shop, used.id)).toMatchObject({ status: "issued" });
    await workEvents(local, shop);
    expect(await stateOf(db, shop, used.id)).toMatchObject({ status: "used" });
    expect(await balance(db, shop)).toMatchObject({ available: COST / 2 });
  }, 60_000);

  test("are used by the order that carries the code, whose refunds bring points back in proportion", async () => {
    const db = await open();
    const shop = await openProgramme(local, db);
    const redemption = await issued(db, shop, "amount-off");
    const placed = order(shop, [redemption.code.toLowerCase()]);
    await workEvents(local, shop);
    expect(await stateOf(db, shop, redemption.id)).toMatchObject({ status: "used", usedOrderId: placed.id });
    const lineId = placed.lines[0]?.id ?? 0;
    value(
      actions.refundOrder(local.world, shop.shop, { orderId: placed.id, lines: [{ lineId, quantity: 1 }] }),
    );
    await workEvents(local, shop);
    await workEvents(local, shop);
    expect(await stateOf(db, shop, redemption.id)).toMatchObject({ returnedPoints: COST / 2 });
    value(actions.cancelOrder(local.world, shop.shop, { orderId: placed.id }));
    await workEvents(local, shop);
    expect(await stateOf(db, shop, redemption.id)).toMatchObject({ status: "used", returnedPoints: COST });
    const spentBack = await db.prisma.ledgerTransaction.findMany({ where: { kind: "return-spent" } });
    expect(spentBack.map(({ points }) => Number(points))).toEqual([COST / 2, COST / 2]);
  }, 60_000);

  test("are redeemed and taken back by hand, with what came of it in words, also where Shopify does not answer", async () => {
    const db = await open();
    const shop = await openProgramme(local, db, { members: 2 });
    const stored = await findShopById(db, shop.shopId);
    if (!stored) throw new Error("no shop");
    const ask = (form: Record<string, unknown>, customer = shop.customer) =>
      changeMember(db, stored, customer.id, form);
    const wish = { intent: "redeem", key: "by-hand", rewardId: "percentage" };
    expect(await Promise.all([ask(wish), ask(wish)])).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await ask({ ...wish, rewardId: "amount-off" })).toMatchObject({ ok: false });
    const { redemptions } =
      (await openMember(db, stored, shop.customer.id, new URLSearchParams())).account ?? {};
    expect(redemptions).toMatchObject([{ status: "reserved" }]);
    const id = redemptions?.[0]?.id ?? "";
    expect(redemptions?.[0]?.codeEnd).toMatch(/^[2-9A-HJKLMNP-Z]{4}$/);
    const cancel = { intent: "cancel", id };
    expect((await ask(cancel))?.message).toContain("still being asked");
    await issue(db, shop, id);
    expect(await ask(cancel, shop.members[1]?.customer)).toMatchObject({
      message: "There is no such redemption",
    });

    local.world.chaos.cutAnswerAfterWork.next = 20;
    const asked = { memberId: memberOf(shop), redemptionId: id };
    const unanswered = await cancelByHand(db, shop.shopId, asked, 500);
    expect(unanswered.message).toContain("Shopify does not answer. No points have moved yet");
    local.world.chaos.cutAnswerAfterWork.next = 0;
    const waiting = await stateOf(db, shop, id);
    expect([waiting?.status, typeof waiting?.cancelAskedAt]).toEqual(["issued", "number"]);
    expect(await ask(cancel)).toEqual({ ok: true, message: `It is cancelled: ${COST} points are back` });
    expect(await balance(db, shop)).toMatchObject({ available: 1000 });

    // Shopify refuses: it is not waited for any more, and the page says why until somebody asks again.
    const kept = await issued(db, shop, "percentage");
    const scopes = shop.shop.installation?.scopes.splice(0) ?? [];
    expect(await ask({ intent: "cancel", id: kept.id })).toMatchObject({
      ...{ ok: false, message: expect.stringContaining("does not let Perennial end it") as string },
    });
    const refused = { status: "issued", cancelAskedAt: null, failedBecause: "ACCESS_DENIED" };
    expect(await stateOf(db, shop, kept.id)).toMatchObject(refused);
    shop.shop.installation?.scopes.push(...scopes);
    expect(await ask({ intent: "cancel", id: kept.id })).toMatchObject({ ok: true });
    expect(await stateOf(db, shop, kept.id)).toMatchObject({ status: "cancelled", failedBecause: null });

    const used = await issued(db, shop, "percentage");
    order(shop, [used.code]);
    expect((await ask({ intent: "cancel", id: used.id }))?.message).toContain("used meanwhile");
    expect(await stateOf(db, shop, used.id)).toMatchObject({ status: "issued", cancelAskedAt: null });
    const names = (await openMember(db, stored, shop.customer.id, new URLSearchParams())).account;
    expect(names?.redeemed[used.id]).toBe("Reward: percentage");

    // A product that the shop does not have is told at its field.
    const gone: Reward = {
      ...shop.rewards["free-product"],
      id: "gone",
      gives: { kind: "free-product", variantId: 1 },
    };
    const form = { intent: "save-reward", reward: JSON.stringify(gone), begunFrom: "" };
    expect(await changeReward(db, shop.shopId, form)).toMatchObject({ ok: false, faults: ["variant"] });
  }, 60_000);

  test("take their points again where a code that was thought unused comes with an order after all", async () => {
    const db = await open();
    const shop = await openProgramme(local, db, { points: COST });
    const redemption = await issued(db, shop, "percentage");
    await requestCancellation(db, shop.shopId, redemption.id);
    await cancelRedemption(db, shop.shopId, redemption.id, { signal: never });
    expect(await balance(db, shop)).toMatchObject({ available: COST, debt: 0 });
    await reserved(db, shop, "amount-off");
    // It was at the checkout when the code was ended.
    const lines = [{ variantId: shop.product.variantIds[0] ?? 0, quantity: 1 }];
    const late = { lines, customerId: shop.customer.id, discountCodes: [redemption.code] };
    value(actions.createOrder(local.world, shop.shop, late));
    await workEvents(local, shop);
    expect(await stateOf(db, shop, redemption.id)).toMatchObject({ status: "used", isRestored: false });
    expect(await balance(db, shop)).toMatchObject({ available: 0, debt: COST });
  }, 60_000);

  test("end unused with their points back, where the merchant chose so, once Shopify says that nobody used them", async () => {
    const db = await open();
    const shop = await openProgramme(local, db);
    const { shopId, rewards } = shop;
    const kept = await issued(db, shop, "amount-off");
    await db.write((tx) => saveReward(tx, shopId, { ...rewards.percentage, returnsUnused: false }, 0));
    const lost = await issued(db, shop, "percentage");
    const used = await issued(db, shop, "free-shipping");
    const longer = await issued(db, shop, "free-product");
    const card = await issued(db, shop, "gift-card");
    const credit = await issued(db, shop, "store-credit");
    const stuck = await reserved(db, shop, "amount-off");
    order(shop, [used.code]);
    const now = Date.now() + 70 * DAY_MS;
    for (const discount of shop.shop.discounts.values())
      if (discount.code !== longer.code) discount.endsAt = Date.now() - 1000;
    const jobs = () => db.prisma.job.findMany({ where: { shopId, kind: "issue-redemption" } });
    if (db.dialect === "sqlite") await db.write(async (tx) => void (await tx.prisma.job.deleteMany()));
    await expireRedemptions(db, shopId, never);
    expect(await stateOf(db, shop, kept.id)).toMatchObject({ status: "issued" });
    await expireRedemptions(db, shopId, never, now);
    await expireRedemptions(db, shopId, never, now);
    const statuses = await Promise.all(
      [kept, lost, used, longer, card, credit, stuck].map(async ({ id }) => {
        const { status, isRestored } = (await stateOf(db, shop, id)) ?? {};
        return [status, isRestored];
      }),
    );
    expect(statuses).toEqual([
      ["expired", true],
      ["expired", false],
      ["issued", false],
      ["issued", false],
      ["expired", true],
      ["expired", false],
      ["reserved", false],
    ]);
    expect(await balance(db, shop)).toMatchObject({ available: 1000 - 5 * COST });
    if (db.dialect === "sqlite") expect((await jobs()).map(({ key }) => key)).toEqual([`issue:${stuck.id}`]);
  }, 60_000);

  test("follow a member who is merged into another", async () => {
    const db = await open();
    const shop = await openProgramme(local, db, { members: 2 });
    const [one, two] = shop.members;
    if (!one || !two) throw new Error("there are two");
    const before = await issued(db, shop, "amount-off");
    const pending = await reserved(db, shop, "percentage");
    const both = { customerOneId: one.customer.id, customerTwoId: two.customer.id };
    const { kept } = value(actions.mergeCustomers(local.world, shop.shop, both));
    expect(kept.id).toBe(two.customer.id);
    await workEvents(local, shop);
    await issue(db, shop, pending.id);
    expect([...shop.shop.discounts.values()].map(({ customerIds }) => customerIds)).toEqual([
      [kept.id],
      [kept.id],
    ]);
    await requestCancellation(db, shop.shopId, before.id);
    await cancelRedemption(db, shop.shopId, before.id, { signal: never });
    expect(await balance(db, shop, two.memberId)).toMatchObject({ available: 2000 - COST });
    expect(await balance(db, shop, one.memberId)).toMatchObject({ available: 0, pending: 0, debt: 0 });
  }, 60_000);
});
