import { expect, test } from "vitest";
import { sampleColumns, type SampleOrder } from "../../../tests/support/order-columns.ts";
import { dayFromIso } from "../calendar.ts";
import { countOrders } from "../metrics/counted-orders.ts";
import { PRODUCTS_ONLY } from "../metrics/amounts.ts";
import { isHeldOut } from "./assignment.ts";
import { heldOutEffect } from "./held-out-effect.ts";

const KEY = "sides";
const asked = { key: KEY, share: 0.5, startedDay: dayFromIso("2026-03-01"), included: PRODUCTS_ONLY };
const [SHOWN = 0, HELD_OUT = 0] = [false, true].map((side) =>
  Array.from({ length: 100 }, (_, id) => id + 1).find((id) => isHeldOut(KEY, id, 0.5) === side),
);

function told(orders: readonly SampleOrder[], today: string) {
  const columns = sampleColumns(orders);
  return heldOutEffect(columns, countOrders(columns), { ...asked, today: dayFromIso(today) });
}

const ORDERS: SampleOrder[] = [
  { on: "2026-01-10", customer: SHOWN, grossMinor: 500 },
  { on: "2026-03-01", customer: SHOWN, grossMinor: 500 },
  // The first that counts, less what was given back; then one after the thirty days.
  { on: "2026-03-20", customer: SHOWN, grossMinor: 1000, discountMinor: 100, refunds: [{ on: "2026-05-01", productMinor: 200 }] },
  { on: "2026-05-20", customer: SHOWN, grossMinor: 3000 },
  { on: "2026-03-10", customer: HELD_OUT, grossMinor: 700 },
]; // prettier-ignore

test("counts each customer's orders since they entered, on the side they were drawn for", () => {
  const early = told(ORDERS, "2026-03-25");
  expect(early.shown).toEqual({ customers: 1, ordered: 1, netMinor: 3700 });
  // Became a customer later: the first order is how they entered.
  expect(early.heldOut).toEqual({ customers: 1, ordered: 0, netMinor: 0 });
  expect(early.observed).toBe(0);
  expect(told(ORDERS, "2026-04-01").observed).toBe(1);
  expect(told(ORDERS, "2026-05-30").observed).toBe(2);
});

test("who has long gone, and who comes back after a year, takes no part", () => {
  const orders = [
    { on: "2024-01-10", customer: SHOWN, grossMinor: 500 },
    { on: "2026-03-20", customer: SHOWN, grossMinor: 500 },
  ];
  expect(told(orders, "2026-05-01").shown).toEqual({ customers: 0, ordered: 0, netMinor: 0 });
});

test("tells the effect from thirty days of each customer alone", () => {
  const many = Array.from({ length: 1_000 }, (_, index) => index + 1);
  const orders = many.flatMap((customer): SampleOrder[] => [
    { on: "2026-02-01", customer, grossMinor: 100 },
    // Whoever is shown them comes back within the month; the others later, for much more.
    isHeldOut(KEY, customer, 0.5)
      ? { on: "2026-04-20", customer, grossMinor: 9000 }
      : { on: "2026-03-20", customer, grossMinor: 1000 + (customer % 3) },
  ]);
  const { repeat, revenue, heldOut } = told(orders, "2026-06-01");
  expect(repeat).toMatchObject({ ok: true, effect: { difference: 1, verdict: "more" } });
  expect(revenue?.ok && revenue.effect.difference).toBeCloseTo(1001, 0);
  expect(heldOut.ordered).toBe(heldOut.customers);
  expect(told([], "2026-06-01").repeat).toMatchObject({ ok: false, reason: "few-customers" });
});
