/** What the pages about customers ask: names and searches from Shopify as it answers, figures from the shop's own orders. */
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { dayFromIso } from "../../app/core/calendar.ts";
import { csvLine, type CsvRow } from "../../app/core/csv.ts";
import { PRODUCTS_ONLY } from "../../app/core/metrics/amounts.ts";
import { customerStanding } from "../../app/db/queries/customer-standing.server.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import { customerOrdersTable, customersTable } from "../../app/services/customers/customer-tables.server.ts";
import { listCustomers } from "../../app/services/customers/list-customers.server.ts";
import { loadCustomer } from "../../app/services/customers/load-customer.server.ts";
import { nameCustomers, nameOrders } from "../../app/services/customers/name-records.server.ts";
import { readCustomerList } from "../../app/services/customers/read-customer-list.server.ts";
import { searchCustomers } from "../../app/services/customers/search-customers.server.ts";
import { syncProducts } from "../../app/services/sync/sync-products.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { allTime } from "../support/all-time.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { everyColumn } from "../support/every-column.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { openShop, value, workEvents, type OpenShop } from "../support/open-shop.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterEach(() => closeShopMetrics());
afterAll(() => local.stop());

const VIEW = allTime(dayFromIso("2026-06-01"));

async function text(headings: readonly string[], rows: Iterable<CsvRow> | AsyncIterable<CsvRow>) {
  let file = csvLine(headings);
  for await (const row of rows) file += csvLine(row);
  return file;
}

async function everything({ db, shopId }: OpenShop) {
  const list = readCustomerList(new URLSearchParams(), { currency: "USD", today: VIEW.today });
  return listCustomers(db, shopId, list, PRODUCTS_ONLY);
}

describeOnBothDatabases("customers", (open) => {
  it("are named by Shopify, and the names are stored nowhere", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId, customer } = at;
    const nameless = value(actions.createCustomer(local.world, shop, { email: "zed@example.org" }));
    const order = at.order(customer.id);
    at.order(nameless.id);
    await workEvents(local, at);
    await syncProducts(db, shopId, [at.product.id]);
    const { stated, titles } = await everything(at);
    const ids = stated.figures.rows.map(({ customerId }) => customerId);
    expect(new Set(ids)).toEqual(new Set([customer.id, nameless.id]));
    expect(stated.figures.rows[0]).toMatchObject({ orders: 1, netMinor: 2_000 });
    expect(titles).toEqual(new Map([[at.product.id, "Tea"]]));
    expect(await nameCustomers(db, shopId, [...ids, 1])).toEqual({
      [customer.id]: { name: "Ann", email: "ann@example.com" },
      [nameless.id]: { name: "zed@example.org", email: "zed@example.org" },
    });
    expect(await nameOrders(db, shopId, [order.id, 5])).toEqual({ [order.id]: `#${order.number}` });
    for await (const { value: stored } of everyColumn(db))
      expect(stored).not.toMatch(/example\.(com|org)|\bAnn\b/);
  });

  it("are found by name, with their figures or without orders", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId, customer } = at;
    const idle = value(actions.createCustomer(local.world, shop, { firstName: "Anna", lastName: "O'Hara" }));
    at.order(customer.id);
    await workEvents(local, at);
    const search = (typed: string) => searchCustomers(db, shopId, { typed, included: PRODUCTS_ONLY });
    const found = await search("ann");
    expect(found).toMatchObject({
      ok: true,
      found: [
        { customerId: customer.id, name: "Ann", figures: { orders: 1 } },
        { customerId: idle.id, name: "Anna O'Hara", figures: null },
      ],
      previous: null,
      next: null,
    });
    expect(await search("O'Hara")).toMatchObject({ found: [{ customerId: idle.id }] });
    expect(await search("ann@example.com")).toMatchObject({ found: [{ customerId: customer.id }] });
    expect(await search(String(customer.id))).toMatchObject({ found: [{ customerId: customer.id }] });
    expect(await search("tag:vip")).toMatchObject({ ok: true, found: [] });
    expect(await search("()")).toMatchObject({ ok: true, found: [] });
  });

  it("go without names while Shopify does not answer", async () => {
    const at = await openShop(local, await open());
    at.order(at.customer.id);
    await workEvents(local, at);
    local.world.chaos.answer429.probability = 1;
    try {
      expect(await nameCustomers(at.db, at.shopId, [at.customer.id])).toBeNull();
      expect(await nameOrders(at.db, at.shopId, [1])).toBeNull();
      const search = { typed: "ann", included: PRODUCTS_ONLY };
      expect(await searchCustomers(at.db, at.shopId, search)).toEqual({ ok: false });
    } finally {
      local.world.chaos.answer429.probability = 0;
    }
    expect((await everything(at)).stated.figures.matching).toBe(1);
  });

  it("stand for somebody, somebody else, nobody any more, or nobody", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId, customer } = at;
    const twin = value(actions.createCustomer(local.world, shop, { firstName: "Ann" }));
    at.order(customer.id);
    await workEvents(local, at);
    const standing = (id: number) => customerStanding(db, shopId, id);
    expect(await standing(customer.id)).toMatchObject({ kind: "known", excluded: false, formerIds: [] });
    expect(await standing(12_345)).toEqual({ kind: "unknown" });
    const merged = value(
      actions.mergeCustomers(local.world, shop, { customerOneId: twin.id, customerTwoId: customer.id }),
    );
    await workEvents(local, at);
    expect(await standing(twin.id)).toEqual({ kind: "merged", intoId: merged.kept.id });
    expect(await standing(customer.id)).toMatchObject({ kind: "known", formerIds: [twin.id] });
    value(actions.redactCustomer(local.world, shop, { customerId: customer.id }));
    await workEvents(local, at);
    expect(await standing(customer.id)).toMatchObject({ kind: "erased" });
    expect(await standing(twin.id)).toMatchObject({ kind: "erased" });
    const loaded = await loadCustomer(db, shopId, {
      customerId: customer.id,
      before: undefined,
      included: PRODUCTS_ONLY,
    });
    expect(loaded.history).toBeNull();
  });

  it("are another shop's business in another shop", async () => {
    const db = await open();
    const [mine, other] = [await openShop(local, db), await openShop(local, db)];
    const order = other.order(other.customer.id);
    await workEvents(local, other);
    expect((await everything(mine)).stated.figures.matching).toBe(0);
    expect(await customerStanding(db, mine.shopId, other.customer.id)).toEqual({ kind: "unknown" });
    expect(await nameCustomers(db, mine.shopId, [other.customer.id])).toEqual({});
    expect(await nameOrders(db, mine.shopId, [order.id])).toEqual({});
    const search = { typed: "ann", included: PRODUCTS_ONLY };
    expect(await searchCustomers(db, mine.shopId, search)).toMatchObject({
      found: [{ customerId: mine.customer.id, figures: null }],
    });
  });

  it("leave as files of ids and figures, without names", async () => {
    const at = await openShop(local, await open());
    const { db, shopId, customer } = at;
    const order = at.order(customer.id);
    at.order(customer.id);
    value(actions.cancelOrder(local.world, at.shop, { orderId: at.order(customer.id).id }));
    await workEvents(local, at);
    await syncProducts(db, shopId, [at.product.id]);
    const shop = await findShopById(db, shopId);
    if (!shop) throw new Error("no shop");
    const params = new URLSearchParams({
      tab: "repeat",
      sort: "net-desc",
      after: "0_1",
      customer: String(customer.id),
    });
    const list = await customersTable.load(db, shop, VIEW, params);
    const file = await text(list.headings, list.rows);
    const [, row, end] = file.split("\r\n");
    expect(row).toMatch(
      new RegExp(`^${customer.id},2,40\\.00,20\\.00,[\\d-]+,[\\d-]+,${at.product.id},Tea,no,,,,,$`),
    );
    expect(end).toBe("");
    // Of a search, those whom Shopify finds, 50 at a time, with and without an order.
    const idle = Array.from(
      { length: 60 },
      () => value(actions.createCustomer(local.world, at.shop, { firstName: "Anneliese" })).id,
    );
    const found = await customersTable.load(db, shop, VIEW, new URLSearchParams({ q: "ann" }));
    const foundLines = (await text(found.headings, found.rows)).trimEnd().split("\r\n").slice(1);
    expect(foundLines.toSorted()).toEqual([row, ...idle.map((id) => `${id},0,,,,,,,,,,,,`)].toSorted());
    const orders = await customerOrdersTable.load(db, shop, VIEW, params);
    const lines = (await text(orders.headings, orders.rows)).split("\r\n");
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain("no, cancelled");
    expect(lines[3]).toMatch(new RegExp(`^${order.id},[\\d-]+,1,,20\\.00,0\\.00,yes$`));
    expect(`${file}${lines.join()}`).not.toMatch(/Ann|example/);
  });
});
