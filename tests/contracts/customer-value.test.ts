/** What is expected of customers, one by one, in the list and as things to do: told from what is stored, for the orders of now, and of no other shop. */
import { afterEach, expect, test } from "vitest";
import { csvLine } from "../../app/core/csv.ts";
import { dayFromIso, isoDate } from "../../app/core/calendar.ts";
import type { ShopModel } from "../../app/core/clv/shop-model.ts";
import { PRODUCTS_ONLY } from "../../app/core/metrics/amounts.ts";
import type { Database } from "../../app/db/database.server.ts";
import { saveCheckouts } from "../../app/db/stores/checkouts.server.ts";
import { findShopById, type Shop } from "../../app/db/stores/shops.server.ts";
import { saveValueModel } from "../../app/db/stores/value-models.server.ts";
import { customersTable } from "../../app/services/customers/customer-tables.server.ts";
import { listCustomers } from "../../app/services/customers/list-customers.server.ts";
import { loadOutlook } from "../../app/services/customers/load-outlook.server.ts";
import { readCustomerList } from "../../app/services/customers/read-customer-list.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { loadLearnt } from "../../app/services/value/load-learnt.server.ts";
import { loadToDo } from "../../app/services/value/load-to-do.server.ts";
import { allTime } from "../support/all-time.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { createShop, writeOrders } from "../support/order-rows.ts";
import { paperModel } from "../support/paper-model.ts";

const TODAY = dayFromIso("2025-06-01");
const VIEW = allTime(TODAY);
const ago = (days: number) => isoDate(TODAY - days);
const REGULAR = 1;
const SILENT = 2;
const ONCE = 3;
const GONE = 4;

/** A regular customer, one who was and has fallen silent, one who came once, one who is long gone, and a guest. */
async function smallShop(db: Database, domain: string): Promise<number> {
  const shopId = await createShop(db, domain);
  let id = 0;
  const orders = (customer: number, days: readonly number[], grossMinor: number) =>
    days.map((day) => ({
      id: ++id,
      on: ago(day),
      customer,
      product: 70,
      grossMinor,
      costedNetMinor: grossMinor,
    }));
  await writeOrders(db, shopId, [
    ...orders(REGULAR, [200, 170, 140, 110, 80, 50, 20], 40),
    ...orders(SILENT, [400, 380, 360, 340, 320, 300, 280, 260, 240, 220], 90),
    ...orders(ONCE, [60], 30),
    ...orders(GONE, [900, 880, 870], 30),
    { id: 99, on: ago(0), grossMinor: 10, costedNetMinor: 10 },
  ]);
  return shopId;
}

async function learn(db: Database, shopId: number, fittedAt = 1): Promise<void> {
  const model: ShopModel = {
    ...paperModel(TODAY),
    customers: 4,
    backtest: { ok: false, reason: "no-transactions" },
    tracking: null,
  };
  await db.write((tx) => saveValueModel(tx, shopId, { fittedAt, dataVersion: 1, settingsVersion: 0, model }));
}

async function shopRow(db: Database, shopId: number): Promise<Shop> {
  const shop = await findShopById(db, shopId);
  if (!shop) throw new Error("the shop is there");
  return shop;
}

async function listed(db: Database, shopId: number, query: string) {
  const learnt = await loadLearnt(db, shopId);
  const list = readCustomerList(new URLSearchParams(query), {
    currency: "EUR",
    today: TODAY,
    isLearnt: learnt !== null,
  });
  const { stated } = await listCustomers(db, shopId, list, PRODUCTS_ONLY, learnt);
  return { ids: stated.figures.rows.map(({ customerId }) => customerId), list, ...stated.figures };
}

async function file(db: Database, shopId: number, query: string): Promise<string[][]> {
  const { headings, rows } = await customersTable.load(
    db,
    await shopRow(db, shopId),
    VIEW,
    new URLSearchParams(query),
  );
  const lines = [csvLine(headings)];
  for await (const row of rows) lines.push(csvLine(row));
  return lines.map((line) => line.trimEnd().split(","));
}

async function outlook(db: Database, shopId: number, customerId: number) {
  const loaded = await loadOutlook(db, await shopRow(db, shopId), { customerId, discount: 15 });
  return { ...loaded, told: (await loaded.told)?.figures ?? null };
}

describeOnBothDatabases("what is expected of customers", (open) => {
  afterEach(closeShopMetrics);

  test("is not told before anything has been learnt, and that is said", async () => {
    const db = await open();
    const shopId = await smallShop(db, "early.myshopify.com");
    expect(await outlook(db, shopId, REGULAR)).toEqual({ discount: 15, room: "values", told: null });
    const { list, ids, rows } = await listed(db, shopId, "sort=value-desc&risk=high&due=passed&valueFrom=1");
    expect(list.notice).toMatch(/expected value, churn risk, next order, order/);
    expect(ids).toEqual([REGULAR, ONCE, SILENT, GONE]);
    expect(rows.map(({ expected }) => expected)).toEqual([null, null, null, null]);
    const [headings = [], first = []] = await file(db, shopId, "");
    expect(headings.slice(9)).toEqual([
      "Expected in 12 months (EUR)",
      "Churn risk",
      "Churn band",
      "Next order due from",
      "Next order due by",
    ]);
    expect(first.slice(9)).toEqual(["", "", "", "", ""]);
    expect((await loadToDo(db, await shopRow(db, shopId))).stated.figures).toEqual([]);
  });

  test("is the same on a customer's page, in the list and in its file, and knows of an order at once", async () => {
    const db = await open();
    const shopId = await smallShop(db, "known.myshopify.com");
    await learn(db, shopId);
    const { told, room } = await outlook(db, shopId, REGULAR);
    if (!told?.told || !told.chances) throw new Error("nothing told");
    expect(room).toBe("curve");
    const { ids, rows } = await listed(db, shopId, "sort=value-desc");
    expect(ids).toHaveLength(4);
    const row = rows.find(({ customerId }) => customerId === REGULAR);
    expect(row?.expected).toEqual({
      valueMinor: Math.round(told.values[0]?.meanMinor ?? NaN),
      chances: {
        churnRisk: expect.closeTo(told.chances.churnRisk, 9) as number,
        band: told.chances.band,
        dueFrom: told.chances.due?.fromDay,
        dueBy: told.chances.due?.byDay,
        isOverdue: false,
      },
    });
    const lines = await file(db, shopId, "sort=value-desc");
    expect(lines.slice(1).map(([id]) => Number(id))).toEqual(ids);
    expect(lines.find(([id]) => id === String(REGULAR))?.slice(9)).toEqual([
      ((row?.expected?.valueMinor ?? NaN) / 100).toFixed(2),
      told.chances.churnRisk.toFixed(4),
      told.chances.band,
      isoDate(told.chances.due?.fromDay ?? NaN),
      isoDate(told.chances.due?.byDay ?? NaN),
    ]);
    expect((await listed(db, shopId, "sort=churn-risk-asc")).ids[0]).toBe(REGULAR);
    expect((await listed(db, shopId, "due=passed")).ids).toContain(SILENT);
    expect((await listed(db, shopId, "due=open")).ids).toContain(REGULAR);
    expect((await outlook(db, shopId, 12_345)).told).toEqual({ told: false, reason: "unknown" });

    await writeOrders(db, shopId, [{ id: 500, on: ago(0), customer: REGULAR, grossMinor: 400 }]);
    const later = await outlook(db, shopId, REGULAR);
    if (!later.told?.told) throw new Error("nothing told");
    expect(later.told.lastDay).toBe(TODAY);
    expect(later.told.values[0]?.meanMinor).toBeGreaterThan(told.values[0]?.meanMinor ?? Infinity);
  });

  test("follows what is learnt anew", async () => {
    const db = await open();
    const shopId = await smallShop(db, "again.myshopify.com");
    await learn(db, shopId);
    const value = async () => (await listed(db, shopId, "sort=value-desc")).rows[0]?.expected?.valueMinor;
    const before = await value();
    const { model } = (await loadLearnt(db, shopId))?.use ?? { model: paperModel(TODAY) };
    const fits = model.fits.map(({ outcome, ...rest }) => ({
      ...rest,
      outcome: outcome.ok
        ? { ...outcome, fit: { ...outcome.fit, parameters: { ...outcome.fit.parameters, alpha: 1 } } }
        : outcome,
    }));
    await db.write((tx) =>
      saveValueModel(tx, shopId, {
        ...{ fittedAt: 2, dataVersion: 1, settingsVersion: 0 },
        model: {
          ...model,
          fits,
          customers: 4,
          backtest: { ok: false, reason: "no-transactions" },
          tracking: null,
        },
      }),
    );
    expect(await value()).not.toBe(before);
  });

  test("leads to things to do, each with the customers whom the list shows for it", async () => {
    const db = await open();
    const shopId = await smallShop(db, "busy.myshopify.com");
    await learn(db, shopId);
    const now = Date.now();
    const cart = { completedAt: null, updatedAt: now, createdAt: now - 86_400_000 };
    await db.write((tx) =>
      saveCheckouts(tx, shopId, [
        { ...cart, id: 1, customerId: REGULAR },
        { ...cart, id: 2, customerId: null },
        { ...cart, id: 3, customerId: ONCE, completedAt: now },
        { ...cart, id: 4, customerId: GONE, createdAt: now - 15 * 86_400_000 },
      ]),
    );
    const { stated } = await loadToDo(db, await shopRow(db, shopId));
    const kinds = stated.figures.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["carts", "second-order", "best-customers"]));
    const stakes = stated.figures.map(({ stakeMinor }) => stakeMinor);
    expect(stakes).toEqual(stakes.toSorted((a, b) => b - a));
    for (const { kind, customers } of stated.figures)
      expect((await listed(db, shopId, `action=${kind}`)).matching, kind).toBe(customers);
    expect((await listed(db, shopId, "action=carts")).ids).toEqual([REGULAR]);
    expect((await listed(db, shopId, "action=second-order")).ids).toEqual([ONCE]);
    // Another shop has its own, and this one's carts and model are nothing to it.
    const other = await smallShop(db, "other.myshopify.com");
    expect((await loadToDo(db, await shopRow(db, other))).stated.figures).toEqual([]);
    expect((await listed(db, other, "action=carts")).matching).toBe(0);
    const empty = await createShop(db, "empty.myshopify.com");
    expect((await loadToDo(db, await shopRow(db, empty))).stated.figures).toEqual([]);
  });
});
