/** A dry run tells what a change would come to and changes nothing; what it posts is what it told, however often the work is stopped. */
import { expect, it } from "vitest";
import { adjust } from "../../app/core/loyalty/adjust.ts";
import type { EarningRules } from "../../app/core/loyalty/programme.ts";
import type { Order } from "../../app/core/order.ts";
import { differences } from "../../app/db/queries/ledger-proof.server.ts";
import { latestDryRun } from "../../app/db/stores/dry-runs.server.ts";
import { lockAccounts, saveChanges } from "../../app/db/stores/ledger.server.ts";
import { membersOf } from "../../app/db/stores/members.server.ts";
import { deleteOrder, saveOrders } from "../../app/db/stores/orders.server.ts";
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { ensureShop, findShopById, markInstalled } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { accrueChangedOrders } from "../../app/services/loyalty/accrue-changed-orders.server.ts";
import { applyDryRun } from "../../app/services/loyalty/apply-dry-run.server.ts";
import { changeDryRuns } from "../../app/services/loyalty/change-dry-run.server.ts";
import { countDryRun } from "../../app/services/loyalty/count-dry-run.server.ts";
import { openDryRun } from "../../app/services/loyalty/open-dry-run.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { DAY_MS, makeLine, makeOrder, START } from "../support/orders.ts";

const STARTED = START + 100 * DAY_MS;

describeOnBothDatabases("a dry run", (open) => {
  /** Orders 1 to 250 of ten customers from before the programme, 300 to 309 from after it; each earns 10 points. */
  async function openShop(membership: "automatic" | "joining" = "automatic") {
    const db = await open();
    const shop = await db.write(async (tx) => {
      const { id } = await ensureShop(tx, "dry.myshopify.com");
      await markInstalled(tx, id, {}, START);
      await saveProgramme(tx, id, { state: "running", membership, startedAt: STARTED });
      await addProgrammeVersion(tx, id, STARTED, makeRules({ expiryMonths: 1 }));
      const earlier = Array.from({ length: 250 }, (_, index) => orderOf(index + 1));
      const later = Array.from({ length: 10 }, (_, index) => orderOf(300 + index, STARTED + DAY_MS));
      await saveOrders(tx, id, [...earlier, ...later]);
      return findShopById(tx, id);
    });
    if (!shop) throw new Error("no shop");
    await accrueChangedOrders(db, shop.id, AbortSignal.timeout(20_000));
    const ask = (wish: Record<string, string>) => changeDryRuns(db, shop, wish);
    const run = async () => {
      const latest = await latestDryRun(db, shop.id);
      if (!latest) throw new Error("no dry run");
      return latest;
    };
    const work = async (kind: "count" | "apply", signal = AbortSignal.timeout(20_000)) => {
      const { id } = await run();
      await (kind === "count" ? countDryRun : applyDryRun)(db, shop.id, id, signal);
      return run();
    };
    return { db, shop, ask, run, work };
  }

  function orderOf(id: number, placedAt = START + id * 60_000, more: Partial<Order> = {}): Order {
    const facts = { id, customerId: 1 + (id % 10), placedAt, paidAt: placedAt };
    return { ...makeOrder(facts), lines: [makeLine({ id })], ...more };
  }

  async function balances(db: Database): Promise<number> {
    const { _sum } = await db.prisma.memberBalance.aggregate({ _sum: { available: true, pending: true } });
    return Number(_sum.available ?? 0) + Number(_sum.pending ?? 0);
  }
  const changeRules = (db: Database, shopId: number, rules: Partial<EarningRules>) =>
    db.write((tx) => addProgrammeVersion(tx, shopId, Date.now(), makeRules({ expiryMonths: 1, ...rules })));
  const COUNT_EARLIER = { intent: "count", kind: "earlier", from: "" };

  it("credits orders from before the programme as it told, once, wherever it was stopped", async () => {
    const { db, shop, ask, run, work } = await openShop();
    const before = await balances(db);
    expect(await ask(COUNT_EARLIER)).toMatchObject({ ok: true });
    const counted = await work("count");
    expect(counted).toMatchObject({ state: "counted", orders: 250, done: 250 });
    expect(counted.report).toMatchObject({
      ...{ orders: 250, members: 10, points: 2_500, given: 2_500, taken: 0, waitingPoints: 0 },
      ...{ medianPoints: 250, largestPoints: 250, topTenthShare: 0.1 },
    });
    expect([await balances(db), await db.prisma.orderAccrual.count()]).toEqual([before, 10]);
    expect(await openDryRun(db, shop)).toMatchObject({ run: { state: "counted" }, liabilityMinor: null });

    expect(await ask({ intent: "confirm", id: counted.id })).toMatchObject({ ok: true });
    expect(await ask({ intent: "confirm", id: counted.id })).toMatchObject({ ok: false });
    await expect(work("apply", AbortSignal.abort())).rejects.toThrow();
    const applied = await work("apply");
    expect(applied).toMatchObject({ state: "applied", done: 250, report: counted.report });
    expect(await balances(db)).toBe(before + 2_500);
    await work("apply");
    expect(await ask(COUNT_EARLIER)).toMatchObject({ ok: true });
    expect((await work("count")).report).toMatchObject({ orders: 0, points: 0 });
    expect([await balances(db), await db.prisma.dryRunOrder.count()]).toEqual([before + 2_500, 0]);
    // As if they had come on the programme's first day, which is long ago: they live a month at least.
    const lots = await db.prisma.lot.findMany({ where: { sourceId: { in: ["1", "250"] } } });
    for (const { expiresAt } of lots) expect(Number(expiresAt)).toBeGreaterThan(Date.now());
    expect((await run()).state).toBe("counted");
  });

  it("gives nobody more than the limit, the earliest orders first, and takes all of it back, with what was spent as debt", async () => {
    const { db, shop, ask, work } = await openShop();
    const before = await balances(db);
    expect(await ask({ ...COUNT_EARLIER, most: "0" })).toBeNull();
    await ask({ ...COUNT_EARLIER, most: "95" });
    const counted = await work("count");
    expect(counted.report).toMatchObject({ members: 10, points: 950, largestPoints: 95, capped: 10 });
    await ask({ intent: "confirm", id: counted.id });
    await work("apply");
    expect(await balances(db)).toBe(before + 950);
    const given = await db.prisma.orderAccrual.findMany({
      where: { orderId: { in: [1, 81, 91, 101, 241] } },
    });
    expect(given.map(({ orderId, postedPoints }) => [Number(orderId), Number(postedPoints)])).toEqual([
      ...[[1, 10], [81, 10], [91, 5], [101, 0], [241, 0]],
    ]); // prettier-ignore
    // Of a customer who bought since, an order of before stays at what it was given.
    await db.write((tx) => saveOrders(tx, shop.id, [orderOf(101, undefined, { updatedAt: START + DAY_MS })]));
    await accrueChangedOrders(db, shop.id, AbortSignal.timeout(20_000));
    expect(await balances(db)).toBe(before + 950);
    // Nothing of them is counted again while they are bound.
    await ask({ ...COUNT_EARLIER, from: "" });
    const again = await work("count");
    expect(again.report).toMatchObject({ orders: 0, points: 0 });
    expect(await ask({ intent: "undo", id: again.id })).toMatchObject({ ok: false });
  });

  it("takes a backfill back wherever that is stopped, and counts its orders anew", async () => {
    const { db, shop, ask, work } = await openShop();
    const before = await balances(db);
    await ask(COUNT_EARLIER);
    const { id } = await work("count");
    expect(await ask({ intent: "undo", id })).toMatchObject({ ok: false });
    await ask({ intent: "confirm", id });
    await work("apply");
    await db.write(async (tx) => {
      const memberId = (await membersOf(tx, shop.id, [1])).get(1) ?? 0;
      const account = (await lockAccounts(tx, shop.id, [memberId])).get(memberId);
      const spent =
        account && adjust(account, { id: "spent", points: -255, reason: "", expiresAt: null }, Date.now());
      if (!spent?.ok) throw new Error("not spent");
      await saveChanges(tx, shop.id, [spent]);
    });
    expect(await ask({ intent: "undo", id })).toMatchObject({ ok: true });
    await expect(work("apply", AbortSignal.abort())).rejects.toThrow();
    expect(await work("apply")).toMatchObject({ state: "undone" });
    await work("apply");
    const { _sum } = await db.prisma.memberBalance.aggregate({ _sum: { debt: true } });
    expect([await balances(db), Number(_sum.debt)]).toEqual([before - 10, 245]);
    expect(await db.write((tx) => differences(tx, shop.id))).toEqual({ balances: 0, lots: 0 });
    await ask(COUNT_EARLIER);
    const second = await work("count");
    expect(second.report).toMatchObject({ orders: 250, points: 2_500 });
    await ask({ intent: "confirm", id: second.id });
    await work("apply");
    expect(await balances(db)).toBe(before + 2_500 - 255);
    expect(await db.write((tx) => differences(tx, shop.id))).toEqual({ balances: 0, lots: 0 });
  });

  it("tells what has changed since instead of posting it, and goes on where orders were only written again", async () => {
    const { db, shop, ask, work } = await openShop();
    const from = new Date(START + 100 * 60_000).toISOString().slice(0, 10);
    expect(await ask({ ...COUNT_EARLIER, from })).toMatchObject({ ok: true });
    const first = await work("count");
    const save = (orders: Order[]) => db.write((tx) => saveOrders(tx, shop.id, orders));
    const refunded = { updatedAt: START + DAY_MS, financialStatus: "refunded" } as const;
    await save([orderOf(200, undefined, refunded)]);
    await db.write((tx) => deleteOrder(tx, shop.id, 201, Date.now()));
    expect(await ask({ intent: "confirm", id: first.id })).toMatchObject({ ok: false });
    const second = await work("count");
    expect(second.report?.points).toBe((first.report?.points ?? 0) - 20);
    await save([orderOf(202)]);
    expect(await ask({ intent: "confirm", id: second.id })).toMatchObject({ ok: true });
    // An order that changes while they are posted earns by its state.
    await save([orderOf(203, undefined, refunded)]);
    const before = await balances(db);
    await work("apply");
    expect(await balances(db)).toBe(before + (second.report?.points ?? 0) - 10);
  });

  it("applies today's rules to what earned by earlier ones, both ways, and posts nothing until it is asked to", async () => {
    const { db, shop, ask, work } = await openShop();
    expect(await balances(db)).toBe(100);
    await changeRules(db, shop.id, { base: { points: 3, perMinor: 1_000 } });
    const wish = { intent: "count", kind: "rules", from: "" };
    await ask(wish);
    const less = await work("count");
    expect(less.report).toMatchObject({ orders: 10, members: 10, points: -70, given: 0, taken: 70 });
    await changeRules(db, shop.id, { base: { points: 2, perMinor: 100 } });
    expect(await ask({ intent: "confirm", id: less.id })).toMatchObject({ ok: false });
    await ask(wish);
    const more = await work("count");
    expect(more.report).toMatchObject({ orders: 10, points: 100 });
    expect(await ask({ intent: "cancel", id: more.id })).toMatchObject({ ok: true });
    await work("apply");
    expect([await balances(db), await db.prisma.dryRunOrder.count()]).toEqual([100, 0]);
    await ask(wish);
    await ask({ intent: "confirm", id: (await work("count")).id });
    await work("apply");
    expect(await balances(db)).toBe(200);
    // The order keeps the rules that it has then.
    const cancelled = { cancelledAt: STARTED + DAY_MS, updatedAt: STARTED + 2 * DAY_MS };
    await db.write((tx) => saveOrders(tx, shop.id, [orderOf(300, STARTED + DAY_MS, cancelled)]));
    await accrueChangedOrders(db, shop.id, AbortSignal.timeout(20_000));
    expect(await balances(db)).toBe(180);
  });

  it("leaves orders from before at the limit that each has when rules are changed backwards", async () => {
    const { db, shop, ask, work } = await openShop();
    await ask({ ...COUNT_EARLIER, most: "95" });
    await ask({ intent: "confirm", id: (await work("count")).id });
    await work("apply");
    expect(await balances(db)).toBe(100 + 950);
    await changeRules(db, shop.id, { base: { points: 2, perMinor: 100 } });
    await ask({ intent: "count", kind: "rules", from: "" });
    const doubled = await work("count");
    // Ten later orders by 10 more each. Of a customer's earlier ones 95, 85 and so on were left for the first, the second and so on.
    expect(doubled.report).toMatchObject({ points: 100 + 10 * (8 * 10 + 5), taken: 0 });
    await ask({ intent: "confirm", id: doubled.id });
    await work("apply");
    expect(await balances(db)).toBe(200 + 10 * (8 * 20 + 15 + 5));
  });

  it("gives nothing back by other rules of what a backfill gave and was taken back", async () => {
    const { db, shop, ask, work } = await openShop();
    await ask(COUNT_EARLIER);
    const { id } = await work("count");
    await ask({ intent: "confirm", id });
    await work("apply");
    await ask({ intent: "undo", id });
    await work("apply");
    expect(await balances(db)).toBe(100);
    await changeRules(db, shop.id, { base: { points: 3, perMinor: 100 } });
    await ask({ intent: "count", kind: "rules", from: "" });
    const counted = await work("count");
    expect(counted.report).toMatchObject({ orders: 10, points: 200 });
    await ask({ intent: "confirm", id: counted.id });
    await work("apply");
    expect(await balances(db)).toBe(300);
  });

  it("keeps apart what waits for customers who have not joined, and asks nothing of a programme that earns nothing", async () => {
    const { db, shop, ask, work } = await openShop("joining");
    await ask(COUNT_EARLIER);
    const { report } = await work("count");
    expect(report).toMatchObject({ orders: 250, members: 0, points: 0, waitingPoints: 2_500 });
    expect(await ask({ ...COUNT_EARLIER, from: "2090-01-01" })).toMatchObject({ ok: false });
    await changeRules(db, shop.id, { isAccruing: false });
    expect(await ask(COUNT_EARLIER)).toMatchObject({ ok: false });
    expect(await ask({ intent: "confirm", id: "nothing" })).toBeNull();
  });
});
