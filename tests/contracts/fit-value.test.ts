/** What is learnt of a shop's customers: kept, told from, learnt anew when something changed, and never for a shop that has left. */
import { afterAll, expect, test } from "vitest";
import { eraseCustomer } from "../../app/db/stores/erasures.server.ts";
import { addReceiver } from "../../app/db/stores/event-receivers.server.ts";
import { mergeRiskFalls } from "../../app/db/stores/risk-falls.server.ts";
import { changeShop, findShopById } from "../../app/db/stores/shops.server.ts";
import { loadValueModel } from "../../app/db/stores/value-models.server.ts";
import type { Database } from "../../app/db/database.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { fitValue } from "../../app/services/value/fit-value.server.ts";
import { loadValue, readValueView } from "../../app/services/value/load-value.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { tellAtRisk } from "../../app/services/value/tell-at-risk.server.ts";
import { createShop, writeOrders } from "../support/order-rows.ts";

const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2025, 0, 1);

/** Forty customers who come in the first quarter; every other one comes back every `gap` days for a year, each with a gap of their own. */
async function shopWithRegulars(db: Database, domain: string): Promise<number> {
  const shopId = await createShop(db, domain);
  let id = 0;
  const orders = Array.from({ length: 40 }, (_, index) => {
    const customer = index + 1;
    const gap = 20 + 3 * index;
    const visits = index % 2 === 0 ? Math.floor((365 - 2 * index) / gap) : 0;
    return Array.from({ length: visits + 1 }, (_, visit) => ({
      id: ++id,
      on: new Date(FIRST + (2 * index + visit * gap) * DAY_MS).toISOString().slice(0, 10),
      customer,
      grossMinor: 1_000 + 10 * customer + visit,
    }));
  }).flat();
  await writeOrders(db, shopId, orders);
  await changeInstall(db, shopId, { installedAt: FIRST });
  return shopId;
}

async function changeInstall(
  db: Database,
  shopId: number,
  data: { installedAt?: number; uninstalledAt?: number },
): Promise<void> {
  await db.write(async (tx) => void (await tx.prisma.shop.update({ where: { id: shopId }, data })));
}

async function shopRow(db: Database, shopId: number) {
  const shop = await findShopById(db, shopId);
  if (!shop) throw new Error("the shop is there");
  return shop;
}

const never = new AbortController().signal;
const view = (query: string) => readValueView(new URLSearchParams(query));

describeOnBothDatabases("what customers are worth", (open) => {
  afterAll(closeShopMetrics);

  test("is learnt, kept, and told for the orders of now", async () => {
    const db = await open();
    const shopId = await shopWithRegulars(db, "regulars.myshopify.com");
    const before = await loadValue(db, await shopRow(db, shopId), view(""));
    expect(before).toMatchObject({ card: null, value: null, view: { months: 12, discount: 15, years: 2 } });
    expect((await before.below.simple).figures.ordersPerYear).toBeGreaterThan(1);

    await fitValue(db, shopId, never);
    const told = await loadValue(db, await shopRow(db, shopId), view("months=24&discount=0"));
    expect(told.card).toMatchObject({ customers: 40 });
    const value = await told.value;
    expect(value?.figures.customers).toBe(40);
    expect(value?.figures.total.meanMinor).toBeGreaterThan(0);
    const year = await (await loadValue(db, await shopRow(db, shopId), view("discount=0"))).value;
    expect(year?.figures.total.meanMinor).toBeLessThan(value?.figures.total.meanMinor ?? 0);

    // Another order is in the figures at once, and the model is as it was.
    const stored = await loadValueModel(db, shopId);
    await writeOrders(db, shopId, [{ id: 9_999, on: "2025-12-31", customer: 2, grossMinor: 50_000 }]);
    const later = await (await loadValue(db, await shopRow(db, shopId), view("discount=0"))).value;
    expect(later?.figures.broughtMinor).toBe((year?.figures.broughtMinor ?? 0) + 50_000);
    expect(later?.figures.total.meanMinor).not.toBe(year?.figures.total.meanMinor);
    expect(await loadValueModel(db, shopId)).toEqual(stored);
  });

  test("is learnt anew when orders or settings have changed, and not otherwise", async () => {
    const db = await open();
    const shopId = await shopWithRegulars(db, "changing.myshopify.com");
    const fit = async () => {
      await fitValue(db, shopId, never);
      return (await loadValueModel(db, shopId))?.fittedAt;
    };
    const first = await fit();
    expect(await fit()).toBe(first);
    await writeOrders(db, shopId, [{ id: 9_999, on: "2025-12-31", customer: 2, grossMinor: 50_000 }]);
    const second = await fit();
    expect(second).toBeGreaterThan(first ?? Infinity);
    await db.write((tx) => changeShop(tx, shopId, { settingsVersion: 1 }));
    expect(await fit()).toBeGreaterThan(second ?? Infinity);
  }, 180_000);

  test("is not learnt of a shop without customers, or of one that has left", async () => {
    const db = await open();
    const empty = await createShop(db, "empty.myshopify.com");
    await changeInstall(db, empty, { installedAt: FIRST });
    await fitValue(db, empty, never);
    expect(await loadValueModel(db, empty)).toBeNull();
    const left = await shopWithRegulars(db, "left.myshopify.com");
    await changeInstall(db, left, { uninstalledAt: FIRST + 1 });
    await fitValue(db, left, never);
    expect(await loadValueModel(db, left)).toBeNull();
  });

  test("tells whose risk has become high, once for each silence, and not of those whom the first model finds", async () => {
    const db = await open();
    const shopId = await shopWithRegulars(db, "silent.myshopify.com");
    await db.write((tx) =>
      addReceiver(tx, shopId, {
        ...{ id: "own", url: null, secret: null, previousSecret: null, previousUntil: null },
        ...{ kinds: ["customer.at_risk"], isActive: true, createdAt: 0, changedAt: 0 },
      }),
    );
    const told = () => db.prisma.outgoingEvent.findMany({ where: { shopId } });
    const noted = () => db.prisma.riskFall.findMany({ where: { shopId }, orderBy: { customerId: "asc" } });
    await fitValue(db, shopId, never);
    expect(await told()).toEqual([]);
    const atFirst = new Set((await noted()).map(({ customerId }) => Number(customerId)));

    // A stranger's order moves the shop's last day on, month by month: the regulars fall silent one after the other.
    let id = 10_000;
    for (const on of ["2026-01-15", "2026-02-10", "2026-03-10", "2026-04-05", "2026-05-01", "2026-05-25"]) {
      await writeOrders(db, shopId, [{ id: ++id, on, customer: id, grossMinor: 1_000 }]);
      await fitValue(db, shopId, never);
    }
    const events = await told();
    const fallen = events.map(({ customerId }) => Number(customerId));
    expect(fallen.length).toBeGreaterThan(3);
    expect(new Set(fallen).size).toBe(fallen.length);
    expect(fallen.filter((customer) => atFirst.has(customer))).toEqual([]);
    for (const { data } of events)
      expect(JSON.parse(data)).toMatchObject({
        riskPercent: expect.toSatisfy((risk: number) => risk >= 65 && risk <= 100) as number,
        lastOrderDay: expect.stringMatching(/^202[56]-/) as string,
      });

    // Back again, and silent anew: another silence. Merged with somebody: it is theirs.
    const [customer = 0, other = 0] = fallen;
    await writeOrders(db, shopId, [{ id: ++id, on: "2026-05-26", customer, grossMinor: 1_000 }]);
    await db.write((tx) => mergeRiskFalls(tx, shopId, other, customer));
    const ofBoth = (await noted()).filter((row) => [customer, other].includes(Number(row.customerId)));
    expect(ofBoth.map(({ customerId }) => Number(customerId))).toEqual([customer]);
    const day = Date.parse("2026-05-26") / DAY_MS;
    const shop = { id: shopId };
    const again = [{ customerId: customer, lastDay: day, riskPercent: 70 }];
    await db.write((tx) => tellAtRisk(tx, shop, again, day + 200));
    await db.write((tx) => tellAtRisk(tx, shop, again, day + 201));
    // Somebody ordered while the model was fitted.
    await db.write((tx) => tellAtRisk(tx, shop, [{ customerId: 2, lastDay: 1, riskPercent: 70 }], 2));
    expect(await told()).toHaveLength(events.length + 1);
    await db.write((tx) => eraseCustomer(tx, shopId, customer, [], Date.now()));
    expect((await noted()).map(({ customerId }) => Number(customerId))).not.toContain(customer);
    expect(await db.prisma.outgoingEvent.count({ where: { shopId, customerId: customer } })).toBe(0);
  }, 180_000);

  test("can be stopped", async () => {
    const db = await open();
    const shopId = await shopWithRegulars(db, "stopped.myshopify.com");
    const stop = new AbortController();
    const fitting = fitValue(db, shopId, stop.signal);
    stop.abort();
    await expect(fitting).rejects.toThrow();
    expect(await loadValueModel(db, shopId)).toBeNull();
  });
});
