/** Members climb and fall by what they buy: in the transaction that saves an order, by the hour, and once the merchant changes the tiers. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Tier, TierRules } from "../../app/core/loyalty/tiers.ts";
import { addMonths, shopCalendar, startOfDay } from "../../app/core/calendar.ts";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { addReceiver } from "../../app/db/stores/event-receivers.server.ts";
import { membersOf } from "../../app/db/stores/members.server.ts";
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { lockShop } from "../../app/db/stores/shops.server.ts";
import { memberTiers } from "../../app/db/stores/tiers.server.ts";
import { changeMember } from "../../app/services/loyalty/change-member.server.ts";
import { changeTiers } from "../../app/services/loyalty/change-tiers.server.ts";
import { judgeTiers } from "../../app/services/loyalty/judge-tiers.server.ts";
import { openMember } from "../../app/services/loyalty/open-member.server.ts";
import { redactCustomer } from "../../app/services/privacy/redact-customer.server.ts";
import { syncOrders } from "../../app/services/sync/sync-orders.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { openShop, value, workEvents } from "../support/open-shop.ts";
import { DAY_MS, START } from "../support/orders.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

function tier(id: string, threshold: number | null, facts: Partial<Tier> = {}): Tier {
  return {
    ...{
      id,
      name: id,
      threshold,
      factorPercent: 100,
      entryPoints: 0,
      entryRewardId: null,
      perks: [],
      sold: [],
    },
    ...facts,
  };
}

const SILVER = tier("silver", 2, { entryPoints: 50 });
const GOLD = tier("gold", 4, { entryPoints: 500, factorPercent: 200 });

describeOnBothDatabases("tiers", (open) => {
  async function openTiers(facts: Partial<TierRules> = {}, windowDays = 0) {
    const at = await openShop(local, await open());
    const { db, shopId } = at;
    const tiers: TierRules = {
      by: "orders",
      period: "rolling-year",
      graceDays: 0,
      ladder: [SILVER, GOLD],
      ...facts,
    };
    await db.write(async (tx) => {
      await saveProgramme(tx, shopId, { state: "running", membership: "automatic", startedAt: START });
      await addProgrammeVersion(tx, shopId, START, makeRules({ windowDays, tiers }));
    });
    await judgeTiers(db, shopId, AbortSignal.timeout(20_000));
    const member = async (customerId = at.customer.id) =>
      (await membersOf(db, shopId, [customerId])).get(customerId) ?? 0;
    const standing = async (customerId?: number) => {
      const memberId = await member(customerId);
      return (await memberTiers(db, shopId, [memberId])).get(memberId);
    };
    const points = async (customerId?: number) => {
      const balance = await memberBalance(db, shopId, await member(customerId), Date.now());
      return balance && balance.available + balance.pending - balance.debt;
    };
    const buy = async (times: number, customerId = at.customer.id) => {
      const orders = [];
      for (let count = 0; count < times; count += 1) {
        orders.push(at.order(customerId));
        await workEvents(local, at);
      }
      return orders;
    };
    return { ...at, standing, points, buy, member };
  }

  it("are climbed order by order, each entry brings its reward once, and a tier's orders earn by its factor", async () => {
    const at = await openTiers();
    await at.buy(1);
    expect(await at.standing()).toMatchObject({ tierId: null, amount: 1, entries: 0 });
    expect(await at.points()).toBe(20);
    await at.buy(1);
    expect(await at.standing()).toMatchObject({ tierId: "silver", because: "amount", entries: 1 });
    expect(await at.points()).toBe(40 + 50);
    const last = await at.buy(2);
    // The fourth order makes gold, and is not yet one of gold's.
    expect(await at.standing()).toMatchObject({ tierId: "gold", entries: 2 });
    expect(await at.points()).toBe(80 + 550);
    await at.buy(1);
    expect(await at.points()).toBe(120 + 550);
    await syncOrders(
      at.db,
      at.shopId,
      last.map(({ id }) => id),
    );
    await judgeTiers(at.db, at.shopId, AbortSignal.timeout(20_000));
    expect(await at.points()).toBe(120 + 550);
    const kinds = await at.db.prisma.ledgerTransaction.findMany({
      where: { shopId: at.shopId, kind: "tier" },
    });
    expect(kinds.map(({ sourceId, points }) => [sourceId, Number(points)]).toSorted()).toEqual([
      [`${await at.member()}.1`, 50],
      [`${await at.member()}.2`, 500],
    ]);
  });

  it("are told of each time that they change, once, with what did it, and Flow not of what the merchant's own change did", async () => {
    const at = await openTiers();
    const receiver = { url: null, secret: null, previousSecret: null, previousUntil: null, isActive: true };
    await at.db.write(async (tx) => {
      for (const id of ["own", "flow/tier-changed"])
        await addReceiver(tx, at.shopId, {
          ...{ ...receiver, id, kinds: ["tier.changed"], createdAt: 0, changedAt: 0 },
        });
    });
    const told = async () => {
      const events = await at.db.prisma.outgoingEvent.findMany({
        where: { shopId: at.shopId },
        orderBy: { occurredAt: "asc" },
      });
      const sent = await at.db.prisma.eventDelivery.findMany({ where: { shopId: at.shopId } });
      return events.map(({ id, data, memberId }) => ({
        ...(JSON.parse(data) as object),
        memberId,
        to: sent.filter(({ eventId }) => eventId === id).map(({ receiverId }) => receiverId),
        tier: (JSON.parse(data) as { to: { id: string } | null }).to?.id ?? null,
      }));
    };
    const both = expect.arrayContaining(["own", "flow/tier-changed"]) as string[];
    const [first] = await at.buy(2);
    const memberId = await at.member();
    const silver = { from: null, direction: "up", reason: "amount", tier: "silver", memberId, to: both };
    expect(await told()).toMatchObject([silver]);
    await syncOrders(at.db, at.shopId, [first?.id ?? 0]);
    await judgeTiers(at.db, at.shopId, AbortSignal.timeout(20_000));
    expect(await told()).toHaveLength(1);

    value(actions.cancelOrder(local.world, at.shop, { orderId: first?.id ?? 0 }));
    await workEvents(local, at);
    const lost = { from: { id: "silver", name: "silver" }, direction: "down", reason: "lost", tier: null };
    expect(await told()).toMatchObject([silver, lost]);

    const shop = await at.db.write((tx) => lockShop(tx, at.shopId));
    const ask = (form: Record<string, string>) => changeMember(at.db, shop, at.customer.id, form);
    await ask({ intent: "give-tier", key: "k1", tierId: "gold", months: "", reason: "A friend" });
    await ask({ intent: "give-tier", key: "k1", tierId: "gold", months: "", reason: "A friend" });
    const given = { from: null, direction: "up", reason: "given", tier: "gold" };
    expect(await told()).toMatchObject([silver, lost, given]);

    const tiers: TierRules = { by: "orders", period: "lifetime", graceDays: 0, ladder: [tier("all", 0)] };
    await at.db.write((tx) => addProgrammeVersion(tx, at.shopId, Date.now(), makeRules({ tiers })));
    await judgeTiers(at.db, at.shopId, AbortSignal.timeout(20_000));
    const [byRules] = (await told()).slice(3);
    expect(byRules).toMatchObject({ from: { id: "gold" }, reason: "programme", tier: "all", to: ["own"] });
    expect(await told()).toHaveLength(4);
  });

  it("fall with a refund at once, with what they would have brought, and are entered anew", async () => {
    const at = await openTiers({}, 14);
    const [first] = await at.buy(2);
    expect(await at.standing()).toMatchObject({ tierId: "silver" });
    expect(await at.points()).toBe(40);
    const lines = (first?.lines ?? []).map(({ id, quantity }) => ({ lineId: id, quantity }));
    value(actions.refundOrder(local.world, at.shop, { orderId: first?.id ?? 0, lines }));
    await workEvents(local, at);
    expect(await at.standing()).toMatchObject({ tierId: null, amount: 1 });
    await judgeTiers(at.db, at.shopId, AbortSignal.timeout(20_000), Date.now() + 15 * DAY_MS);
    expect(await at.points()).toBe(20);
    await at.buy(1);
    await judgeTiers(at.db, at.shopId, AbortSignal.timeout(20_000), Date.now() + 15 * DAY_MS);
    await judgeTiers(at.db, at.shopId, AbortSignal.timeout(20_000), Date.now() + 16 * DAY_MS);
    expect(await at.standing()).toMatchObject({ tierId: "silver", entries: 2 });
    expect(await at.points()).toBe(40 + 50);
  });

  it("end by time, which a job sees to, in as many steps as there are", async () => {
    const at = await openTiers({ graceDays: 10 });
    await at.buy(2);
    const { changesAt, changesTo } = (await at.standing()) ?? {};
    expect(changesTo).toBeNull();
    const due = changesAt ?? 0;
    expect(due).toBeGreaterThan(Date.now() + 374 * DAY_MS);
    await judgeTiers(at.db, at.shopId, AbortSignal.timeout(20_000), due - 1);
    expect(await at.standing()).toMatchObject({ tierId: "silver" });
    await judgeTiers(at.db, at.shopId, AbortSignal.timeout(20_000), due);
    expect(await at.standing()).toMatchObject({ tierId: null, since: due, changesAt: null });
  });

  it("that the merchant changes place everybody anew, with no reward for it", async () => {
    const at = await openTiers();
    await at.buy(1);
    const tiers: TierRules = {
      by: "spend",
      period: "lifetime",
      graceDays: 0,
      ladder: [tier("all", 0, { entryPoints: 7 })],
    };
    await at.db.write((tx) => addProgrammeVersion(tx, at.shopId, Date.now(), makeRules({ tiers })));
    await judgeTiers(at.db, at.shopId, AbortSignal.timeout(20_000));
    expect(await at.standing()).toMatchObject({ tierId: "all", amount: 2_000, entries: 1 });
    expect(await at.points()).toBe(20);
    const { id } = value(actions.createCustomer(local.world, at.shop, {}));
    await at.buy(1, id);
    expect(await at.points(id)).toBe(20 + 7);
  });

  it("are bought with a product until it is refunded", async () => {
    const at = await openTiers();
    const productId = at.product.id;
    const tiers: TierRules = {
      ...{ by: "orders", period: "rolling-year", graceDays: 0 },
      ladder: [tier("club", null, { sold: [{ productId, months: 3 }] })],
    };
    await at.db.write((tx) => addProgrammeVersion(tx, at.shopId, Date.now(), makeRules({ tiers })));
    const [order] = await at.buy(1);
    expect(await at.standing()).toMatchObject({ tierId: "club", because: "bought", changesTo: null });
    value(actions.cancelOrder(local.world, at.shop, { orderId: order?.id ?? 0 }));
    await workEvents(local, at);
    expect(await at.standing()).toMatchObject({ tierId: null, changesAt: null });
  });

  it("that are bought follow each product, what is renewed, partly or wholly refunded, charged back or free", async () => {
    const at = await openTiers();
    const { id: longId, variantIds } = value(
      actions.createProduct(local.world, at.shop, { title: "A year", variants: [{ priceMinor: 9_000 }] }),
    );
    const tiers: TierRules = {
      ...{ by: "spend", period: "lifetime", graceDays: 0 },
      ladder: [
        tier("club", null, {
          sold: [
            { productId: at.product.id, months: 1 },
            { productId: longId, months: 12 },
          ],
        }),
        tier("rich", 500_000),
      ],
    };
    await at.db.write((tx) => addProgrammeVersion(tx, at.shopId, Date.now(), makeRules({ tiers })));
    const calendar = shopCalendar("America/New_York");
    const today = calendar.dayOf(Date.now());
    const months = async () => {
      const { tierId, changesAt } = (await at.standing()) ?? {};
      if (tierId !== "club" || !changesAt) return 0;
      return Array.from({ length: 40 }, (_, count) => count).find(
        (count) => startOfDay(addMonths(today, count) + 1, calendar) === changesAt,
      );
    };
    const act = async (done: { ok: boolean; message?: string }) => {
      expect(done).toMatchObject({ ok: true });
      await workEvents(local, at);
    };
    // Two units of a month each, and a year that is bought while they run.
    const [monthly] = await at.buy(1);
    expect(await months()).toBe(2);
    const buyYear = () =>
      value(
        actions.createOrder(local.world, at.shop, {
          lines: [{ variantId: variantIds[0] ?? 0, quantity: 1 }],
          customerId: at.customer.id,
        }),
      );
    const year = buyYear();
    await workEvents(local, at);
    expect(await months()).toBe(14);

    // One of the two months comes back; then money without a line, for which nothing is given back.
    const line = monthly?.lines[0]?.id ?? 0;
    const orderId = monthly?.id ?? 0;
    const back = { orderId, lines: [{ lineId: line, quantity: 1 }] };
    await act(actions.refundOrder(local.world, at.shop, back));
    expect(await months()).toBe(13);
    await act(actions.refundOrder(local.world, at.shop, { orderId: year.id, adjustmentMinor: 100 }));
    expect(await months()).toBe(13);

    const dispute = value(actions.disputeOrder(local.world, at.shop, { orderId: year.id }));
    await workEvents(local, at);
    await syncOrders(at.db, at.shopId, [year.id]);
    expect(await months()).toBe(1);
    value(actions.settleDispute(local.world, at.shop, { disputeId: dispute.id, status: "WON" }));
    await workEvents(local, at);
    await syncOrders(at.db, at.shopId, [year.id]);
    expect(await months()).toBe(13);
    const again = value(actions.disputeOrder(local.world, at.shop, { orderId: year.id }));
    value(actions.settleDispute(local.world, at.shop, { disputeId: again.id, status: "LOST" }));
    await workEvents(local, at);
    await syncOrders(at.db, at.shopId, [year.id]);
    expect(await months()).toBe(1);

    await act(actions.refundOrder(local.world, at.shop, back));
    expect(await months()).toBe(0);
    // A year that the merchant gives away is a year, and counts for no threshold.
    value(
      actions.createOrder(local.world, at.shop, {
        lines: [{ variantId: variantIds[0] ?? 0, quantity: 1, discountMinor: 9_000 }],
        customerId: at.customer.id,
      }),
    );
    await workEvents(local, at);
    expect(await months()).toBe(12);
    expect(await at.standing()).toMatchObject({ amount: 0 });
  });

  it("go along when customers are merged, enter nothing twice, and go when one is erased", async () => {
    const at = await openTiers();
    const { id: other } = value(actions.createCustomer(local.world, at.shop, {}));
    await at.buy(3);
    await at.buy(1, other);
    const both = { customerOneId: at.customer.id, customerTwoId: other };
    const { kept } = value(actions.mergeCustomers(local.world, at.shop, both));
    await workEvents(local, at);
    expect(await at.standing(kept.id)).toMatchObject({ tierId: "gold", amount: 4 });
    expect(await at.points(kept.id)).toBe(80 + 50 + 500);
    const memberId = await at.member(kept.id);
    await redactCustomer(at.db, at.shopId, kept.id, []);
    expect((await memberTiers(at.db, at.shopId, [memberId])).size).toBe(0);
    expect(await at.db.prisma.tierEntry.count({ where: { shopId: at.shopId } })).toBe(0);
  });

  it("are counted before they are saved, saved over nobody's change, and then hold for everybody", async () => {
    const at = await openTiers();
    await at.buy(2);
    const { id: other } = value(actions.createCustomer(local.world, at.shop, {}));
    await at.buy(1, other);
    const shop = await at.db.write((tx) => lockShop(tx, at.shopId));
    const ladder = [tier("silver", 1), tier("gold", 3)];
    const tiers = JSON.stringify({ by: "orders", period: "lifetime", graceDays: 0, ladder });
    const count = await changeTiers(at.db, shop, { intent: "count-tiers", tiers, after: "0" });
    expect(count).toMatchObject({ up: 1, down: 0, same: 1, byTier: { silver: 2 }, after: null });
    const wish = { intent: "save-tiers", tiers, version: "1" };
    expect(await changeTiers(at.db, shop, wish)).toMatchObject({ ok: true });
    expect(await changeTiers(at.db, shop, wish)).toMatchObject({ ok: false, changedMeanwhile: true });
    await judgeTiers(at.db, at.shopId, AbortSignal.timeout(20_000));
    expect(await at.standing(other)).toMatchObject({ tierId: "silver", entries: 1 });
    for (const wrong of [
      { by: "orders", period: "lifetime", graceDays: 0, ladder: [tier("a", 3), tier("b", 2)] },
      { by: "orders", period: "lifetime", graceDays: 0, ladder: [tier("a", 1), tier("a", 2)] },
      { by: "orders", period: "lifetime", graceDays: 0, ladder: [tier("a", -1)] },
      { by: "orders", period: "lifetime", graceDays: -1, ladder: [] },
    ])
      expect(
        await changeTiers(at.db, shop, { ...wish, version: "2", tiers: JSON.stringify(wrong) }),
      ).toMatchObject({
        ok: false,
        message: "These tiers make no sense",
      });
  });

  it("are given by hand once for a key, as a floor, and taken back", async () => {
    const at = await openTiers();
    await at.buy(1);
    const shop = await at.db.write((tx) => lockShop(tx, at.shopId));
    const given = { intent: "give-tier", key: "k1", tierId: "silver", months: "", reason: "A good friend" };
    const ask = (form: Record<string, string>) => changeMember(at.db, shop, at.customer.id, form);
    expect(await ask(given)).toMatchObject({ ok: true });
    expect(await ask(given)).toMatchObject({ ok: true });
    expect(await ask({ ...given, reason: "Another" })).toMatchObject({ ok: false });
    expect(await ask({ ...given, key: "k2", tierId: "none" })).toMatchObject({ ok: false });
    expect(await at.standing()).toMatchObject({ tierId: "silver", because: "given", entries: 1 });
    expect(await at.points()).toBe(20 + 50);
    expect(await ask({ intent: "take-tier-back", id: "k1" })).toMatchObject({ ok: true });
    expect(await at.standing()).toMatchObject({ tierId: null, because: null });
    expect(await ask({ intent: "take-tier-back", id: "k9" })).toMatchObject({ ok: false });
  });

  it("of a member are published with what is missing and when they end", async () => {
    const at = await openTiers();
    await at.buy(2);
    const page = await openMember(
      at.db,
      { id: at.shopId, timeZone: "America/New_York" },
      at.customer.id,
      new URLSearchParams(),
    );
    await Promise.all([page.names, page.account?.orderNames]);
    expect(page.account?.tier?.standing).toMatchObject({
      ...{ tierId: "silver", because: "amount", amount: 2 },
      goal: { tierId: "gold", missing: 2 },
      next: { tierId: null },
    });
  });
});
