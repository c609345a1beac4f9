/** Points summed up by month agree with every line of the ledger, as of any month's end, and the page says what they come to in money. */
import { afterAll, expect, it } from "vitest";
import { isoMonth, monthOf, shopCalendar } from "../../app/core/calendar.ts";
import { memberSums } from "../../app/core/loyalty/explain.ts";
import { openPoints, type PointsMonth } from "../../app/core/loyalty/points-month.ts";
import { memberTransactions } from "../../app/db/queries/member-account.server.ts";
import { programmeTotals } from "../../app/db/queries/programme-totals.server.ts";
import { pointsMonths } from "../../app/db/stores/points-months.server.ts";
import { saveReward } from "../../app/db/stores/rewards.server.ts";
import { ensureShop, findShopById, markInstalled, type Shop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { advancePoints } from "../../app/services/loyalty/advance-points.server.ts";
import {
  liabilityTables,
  openLiability,
  pointsCost,
} from "../../app/services/loyalty/load-liability.server.ts";
import { startOfMonth } from "../../app/services/loyalty/month-starts.ts";
import { changePointValue } from "../../app/services/loyalty/save-point-value.server.ts";
import { sumPoints } from "../../app/services/loyalty/sum-points.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { startAppWorker } from "../support/local-shopify.ts";
import { writePast } from "../support/loyalty-past.ts";
import { DAY_MS, START } from "../support/orders.ts";
import { writeOrders } from "../support/order-rows.ts";

const ZONE = "Asia/Tokyo";
const calendar = shopCalendar(ZONE);
const SIGNAL = AbortSignal.timeout(300_000);

async function openShop(db: Database): Promise<Shop> {
  const shopId = await db.write(async (tx) => {
    const { id } = await ensureShop(tx, "liable.myshopify.com");
    await markInstalled(tx, id, { timeZone: ZONE, currency: "EUR" }, START);
    return id;
  });
  const shop = await findShopById(db, shopId);
  if (!shop) throw new Error("no shop");
  return shop;
}

afterAll(closeShopMetrics);

describeOnBothDatabases("points summed up by month", (open) => {
  it("are the ledger's, line by line, and of a past month they stay what they were", async () => {
    const db = await open();
    const shop = await openShop(db);
    const now = Date.now();
    const customerIds = Array.from({ length: 40 }, (_, index) => index + 1);
    const members = await writePast(db, shop.id, { customerIds, months: 14, until: now - DAY_MS });
    await advancePoints(db, shop.id, SIGNAL);
    await sumPoints(db, shop.id, SIGNAL, now);
    const stored = await pointsMonths(db, shop.id, ZONE);
    expect(stored.map(({ isFinal }) => isFinal)).toEqual(stored.map((_, i) => i < stored.length - 1));
    const months = stored.map(({ summed }) => summed);

    const { available, pending, debt } = await programmeTotals(db, shop.id);
    const total = (of: (month: PointsMonth) => number) => months.reduce((sum, month) => sum + of(month), 0);
    expect([total((m) => m.available), total((m) => m.pending), total((m) => m.owed)]).toEqual([
      ...[available, pending, debt],
    ]);
    expect(total(({ cells }) => cells.reduce((sum, cell) => sum + openPoints(cell), 0))).toBe(
      available + pending,
    );
    const histories = await Promise.all(members.map((id) => memberTransactions(db, shop.id, id)));
    for (const { month, ...told } of months) {
      const own = { available: 0, pending: 0, owed: 0 };
      let redeemed = 0;
      for (const { memberIds, transactions } of histories) {
        const within = transactions.filter(({ at }) => monthOf(calendar.dayOf(at)) === month);
        const sums = memberSums(within, memberIds);
        own.available += sums.available;
        own.pending += sums.pending;
        own.owed += sums.owed;
        redeemed -= within.reduce(
          (sum, { kind, points }) => sum + (/redeem|restore/.test(kind) ? points : 0),
          0,
        );
      }
      expect(told).toMatchObject({ ...own, redeemed });
    }
    // Whoever looks at the end of a month sees what was seen then.
    const past = months.at(-4)?.month ?? 0;
    const name = isoMonth(past);
    const before = await liabilityTables(db, shop, new URLSearchParams({ asOf: name }));
    expect(before?.asOf).toBe(name);
    expect(before?.report.breakage?.mean).toBeGreaterThan(0.1);
    await db.write((tx) => tx.prisma.pointsMonth.deleteMany({ where: { shopId: shop.id } }));
    await sumPoints(db, shop.id, SIGNAL, startOfMonth(past + 1, calendar));
    const then = await liabilityTables(db, shop, new URLSearchParams());
    expect(then?.report.rows).toEqual(before?.report.rows);
    expect(then?.report.breakage).toEqual(before?.report.breakage);
    // The last of them is summed up anew until nothing can come any more, the others are left alone.
    await db.write((tx) =>
      tx.prisma.pointsMonth.updateMany({
        where: { shopId: shop.id, month: { lt: past - 1 } },
        data: { through: 1 },
      }),
    );
    await sumPoints(db, shop.id, SIGNAL, now);
    const again = await pointsMonths(db, shop.id, ZONE);
    expect(again.map(({ summed }) => summed)).toEqual(months);
    expect(again.filter(({ through }) => through === 1)).toHaveLength(months.length - 5);
  }, 120_000);

  it("say what they come to in money, by the value that was chosen, and what rewards cost", async () => {
    const db = await open();
    const shop = await openShop(db);
    expect(await openLiability(db, shop, new URLSearchParams())).toEqual({ hasProgramme: false });
    const now = Date.now();
    await writePast(db, shop.id, { customerIds: [1, 2, 3, 4, 5, 6], months: 3, until: now });
    const waiting = await openLiability(db, shop, new URLSearchParams());
    expect(waiting).toMatchObject({ isWaiting: true, loaded: null });
    await advancePoints(db, shop.id, SIGNAL);
    // Looking has asked for the sums.
    const worker = await startAppWorker(db);
    await expect.poll(() => db.prisma.pointsMonth.count(), { timeout: 20_000 }).toBeGreaterThan(0);
    await worker.stop();
    const shown = async () => {
      const page = await openLiability(db, shop, new URLSearchParams({ asOf: "1999-01" }));
      if (!page.hasProgramme || !page.loaded) throw new Error("nothing is shown");
      return page.loaded;
    };
    const unknown = await shown();
    expect(unknown.asOf).toBeNull();
    expect(unknown.report).toMatchObject({ value: null, outstandingMinor: null, liabilityMinor: null });
    expect(unknown.report.tooEarly).not.toBeNull();
    const { outstanding } = unknown.report;
    expect(outstanding).toBeGreaterThan(0);

    await changePointValue(db, shop, { intent: "point-value", rule: "entered", thousand: "€ 12.50" });
    expect((await shown()).report).toMatchObject({
      outstandingMinor: outstanding * 1.25,
      liabilityMinor: { mean: outstanding * 1.25 },
    });
    const refused = { intent: "point-value", rule: "entered", thousand: "-3" };
    expect(await changePointValue(db, shop, refused)).toMatchObject({ ok: false });
    expect(await changePointValue(db, shop, { intent: "point-value", rule: "any" })).toBeNull();

    await changePointValue(db, shop, { intent: "point-value", rule: "redeemed" });
    await db.write((tx) =>
      saveReward(
        tx,
        shop.id,
        {
          ...{ id: "ten", name: "Ten off", costPoints: 500, minimumMinor: null, validDays: 30 },
          ...{ gives: { kind: "amount-off", valueMinor: 1_000 }, returnsUnused: true, isActive: true },
          combinesWith: { order: false, product: false, shipping: false },
        },
        now,
      ),
    );
    expect((await shown()).report.value).toEqual({ minor: 2, by: "best" });

    const on = new Date(now - 20 * DAY_MS).toISOString();
    await writeOrders(
      db,
      shop.id,
      [1, 2, 3, 4, 5].map((id) => ({ id, on, grossMinor: 4_000, discountMinor: 700, customer: id })),
    );
    const gives = [
      // No more than the order was discounted by.
      { kind: "amount-off", valueMinor: 1_000, on: 1 },
      { kind: "percentage", percent: 20, on: 2 },
      // Whose discount it was nobody knows.
      { kind: "percentage", percent: 20, on: 3 },
      { kind: "free-shipping", on: 4 },
      { kind: "amount-off", valueMinor: 300, on: 5 },
      { kind: "gift-card", valueMinor: 2_500, on: null },
    ];
    await db.write(async (tx) => {
      const order = (id: number, data: object) =>
        tx.prisma.order.update({ where: { shopId_id: { shopId: shop.id, id } }, data });
      await order(2, { discountCodes: `["A"]` });
      await order(3, { discountCodes: `["A","B"]` });
      await order(5, { cancelledAt: now });
      for (const [index, { on: usedOrderId, ...given }] of gives.entries()) {
        await tx.prisma.redemption.create({
          data: {
            ...{ shopId: shop.id, id: `r${index}`, memberId: 1, rewardId: "any", requestKey: `k${index}` },
            ...{ points: 100, status: usedOrderId === null ? "issued" : "used", usedOrderId },
            ...{ terms: JSON.stringify({ gives: given }), reservedAt: now, issuedAt: now - 20 * DAY_MS },
          },
        });
      }
    });
    const { cost, report } = await shown();
    const month = monthOf(calendar.dayOf(now - 20 * DAY_MS));
    expect(cost.find((row) => row.month === month)).toMatchObject({
      ...{ rewards: 6, untold: 2, costMinor: 700 + 700 + 0 + 2_500 },
      // Cancelled orders are no sales.
      ...{ netMinor: 5 * 3_300, share: 3_900 / (5 * 3_300) },
    });
    expect(report.value).toEqual({ minor: 3_900 / 400, by: "redeemed" });

    // The order that a code was used on is lower by it already: what it cost is not taken twice.
    const each = 3_900 / 400;
    const outstandingMinor = Math.round(2_500 + outstanding * each);
    expect((await pointsCost(db, shop))?.costMinor).toBe(outstandingMinor);
    const unused = { ...{ status: "issued", usedOrderId: null }, terms: `{"gives":{"kind":"percentage"}}` };
    await db.write((tx) =>
      tx.prisma.redemption.update({ where: { shopId_id: { shopId: shop.id, id: "r1" } }, data: unused }),
    );
    const costs = (700 + 2_500) / 300;
    expect((await pointsCost(db, shop))?.costMinor).toBe(Math.round(2_500 + (outstanding + 100) * costs));
  });
});
