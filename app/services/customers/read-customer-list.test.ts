import { expect, test } from "vitest";
import { dayFromIso } from "../../core/calendar.ts";
import { readCustomerAddress, readCustomerList } from "./read-customer-list.server.ts";

const today = dayFromIso("2026-07-01");
const read = (query: string) => readCustomerList(new URLSearchParams(query), { currency: "EUR", today });

test("an address without parameters lists everybody, whoever ordered last first", () => {
  expect(read("shop=a&host=b")).toMatchObject({
    tab: "all",
    filter: {},
    sort: "lastOrder",
    descending: true,
    typed: "",
    notice: null,
  });
});

test("filters are read in the shop's days and currency", () => {
  const list = read(
    "ordersFrom=2&ordersTo=5&netFrom=-1.5&netTo=200&firstFrom=2026-01-31&lastTo=2026-02-01&firstProduct=77&standing=any&sort=average-order-asc&after=-12_34",
  );
  expect(list).toMatchObject({
    chosen: {
      orders: { from: 2, to: 5 },
      netMinor: { from: -150, to: 20_000 },
      firstDay: { from: dayFromIso("2026-01-31") },
      lastDay: { to: dayFromIso("2026-02-01") },
      firstProductId: 77,
      standing: "any",
    },
    sort: "averageOrder",
    descending: false,
    after: { value: -12, customerId: 34 },
    notice: null,
  });
});

test("what is expected of customers can be asked for once it is known", () => {
  const query = "valueFrom=10&risk=high,lost&due=passed&action=carts&sort=churn-risk-desc";
  expect(read(query)).toMatchObject({
    chosen: { valueMinor: { from: 1_000 }, bands: ["high", "lost"], due: "passed", action: "carts" },
    sort: "churnRisk",
    descending: true,
    notice: null,
  });
  const early = readCustomerList(new URLSearchParams(query), { currency: "EUR", today, isLearnt: false });
  expect(early).toMatchObject({ sort: "lastOrder", descending: true, chosen: { action: "carts" } });
  expect(early.chosen).toMatchObject({ valueMinor: undefined, bands: undefined, due: undefined });
  expect(early.notice).toMatch(/: expected value, churn risk, next order, order\.$/);
  expect(read("risk=high,gone").chosen.bands).toBeUndefined();
});

test("a view narrows what is chosen beside it", () => {
  expect(read("tab=new").filter.firstDay).toMatchObject({ from: today - 29 });
  expect(read("tab=new&firstFrom=2026-06-30").filter.firstDay).toMatchObject({ from: today - 1 });
  expect(read("tab=repeat").filter.orders).toMatchObject({ from: 2, to: Infinity });
  expect(read("tab=repeat&ordersFrom=4&ordersTo=9").filter.orders).toEqual({ from: 4, to: 9 });
  expect(read("tab=one-order").filter.orders).toEqual({ from: 1, to: 1 });
  expect(read("tab=lapsed").filter.lastDay).toMatchObject({ to: today - 181 });
  expect(read("tab=lapsed").chosen.lastDay).toBeUndefined();
});

test("what makes no sense is left out and said", () => {
  const list = read("ordersFrom=many&tab=best&netFrom=1e9&lastFrom=2026-02-30&sort=name-asc&after=x");
  expect(list).toMatchObject({ tab: "all", filter: {}, sort: "lastOrder", after: undefined });
  expect(list.notice).toBe(
    "Part of the address could not be read and was left out: orders, net sales, last order, view, order, page.",
  );
});

test("the places of a search are Shopify's own", () => {
  const list = read("q=%20ann%20&after=eyJsYXN0&tab=new");
  expect(list).toMatchObject({ typed: "ann", searchAfter: "eyJsYXN0", after: undefined, notice: null });
});

test("a customer's address is a number", () => {
  const parameters = new URLSearchParams({ ordersBefore: "12" });
  expect(readCustomerAddress("7", parameters)).toEqual({ customerId: 7, before: 12 });
  expect(readCustomerAddress("7", new URLSearchParams({ ordersBefore: "x" }))).toEqual({
    customerId: 7,
    before: undefined,
  });
  for (const bad of ["", "7a", "-7", "99999999999999999", undefined]) {
    expect(readCustomerAddress(bad, parameters)).toBeNull();
  }
});
