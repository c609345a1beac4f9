import { describe, expect, test } from "vitest";
import { sampleColumns, type SampleOrder } from "../../../tests/support/order-columns.ts";
import { dayFromIso, isoDate } from "../calendar.ts";
import { countOrders } from "../metrics/counted-orders.ts";
import { customerTotals } from "../metrics/customer-totals.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import type { CustomerEstimates } from "./customer-estimates.ts";
import { whatToDo, type Action, type LeftCart } from "./what-to-do.ts";

const TODAY = dayFromIso("2026-06-01");
const ago = (days: number) => isoDate(TODAY - days);

function actionsOf(
  columns: OrderColumns,
  estimates: CustomerEstimates | null = null,
  carts: LeftCart[] = [],
) {
  return whatToDo(columns, countOrders(columns), () => customerTotals(columns), estimates, carts);
}

/** In the order of the customers' ids: value, chance to order again, first and last day on which the next order is due. */
function estimated(rows: [number, number, number, number][]): CustomerEstimates {
  const column = (place: 0 | 1 | 2 | 3) => rows.map((row) => row[place]);
  return {
    untilDay: TODAY,
    valueMinor: Float64Array.from(column(0)),
    chances: {
      returnChance: Float64Array.from(column(1)),
      dueFrom: Int32Array.from(column(2), (days) => TODAY + days),
      dueBy: Int32Array.from(column(3), (days) => TODAY + days),
    },
  };
}

const of = <K extends Action["kind"]>(actions: readonly Action[], kind: K) =>
  actions.find((action): action is Extract<Action, { kind: K }> => action.kind === kind);

describe("customers whose chances are known", () => {
  // Costs are known, so that nothing is said of them.
  const costs = { grossMinor: 100, costedNetMinor: 100, costMinor: 50 };
  const columns = sampleColumns([
    { on: ago(300), customer: 1, ...costs },
    { on: ago(200), customer: 1, ...costs },
    { on: ago(300), customer: 2, ...costs },
    { on: ago(100), customer: 2, ...costs },
    { on: ago(60), customer: 3, ...costs },
    { on: ago(40), customer: 4, ...costs },
    { on: ago(300), customer: 5, ...costs },
    { on: ago(0), customer: 6, ...costs },
    { on: ago(10), customer: 6, ...costs },
  ]);
  // The mean value is 600 / 6 = 100.
  const estimates = estimated([
    [240, 0.4, -150, -10], // overdue, and worth more than the mean
    [60, 0.5, -50, -1], // overdue, worth less
    [50, 0.2, -55, 30], // once, within the window
    [40, 0.8, 1, 60], // once, the window has not begun
    [10, 0.1, -295, -30], // once, and lost
    [200, 0.9, 5, 50],
  ]);
  const { actions, members } = actionsOf(columns, estimates);

  test("who are valuable and overdue have at stake what goes if they come to count as lost", () => {
    expect(of(actions, "overdue")).toEqual({
      kind: "overdue",
      meanMinor: 100,
      customers: 1,
      expectedMinor: 240,
      stakeMinor: expect.closeTo(240 * (1 - 0.1 / 0.4), 9) as number,
    });
    expect([...(members.overdue ?? [])]).toEqual([1, 0, 0, 0, 0, 0]);
  });

  test("who ordered once are asked for a second order while its window is open", () => {
    expect(of(actions, "second-order")).toEqual({
      kind: "second-order",
      fromDays: 5,
      byDays: 90,
      customers: 1,
      expectedMinor: 50,
      stakeMinor: expect.closeTo(25, 9) as number,
    });
    expect([...(members["second-order"] ?? [])]).toEqual([0, 0, 1, 0, 0, 0]);
  });

  test("who are worth most are kept, where they hold much", () => {
    // A tenth of six is one: 240 of 600.
    expect(of(actions, "best-customers")).toMatchObject({ share: 0.4, customers: 1, expectedMinor: 240 });
    const even = estimated(Array.from({ length: 6 }, () => [100, 0.5, 1, 2]));
    expect(of(actionsOf(columns, even).actions, "best-customers")).toBeUndefined();
  });

  test("are ranked by what is at stake, and those without anything are not named", () => {
    expect(actions.map(({ kind }) => kind)).toEqual(["overdue", "best-customers", "second-order"]);
    const lost = estimated(Array.from({ length: 6 }, () => [100, 0.1, -20, -10]));
    expect(actionsOf(columns, lost).actions).toEqual([]);
    expect(actionsOf(columns, { ...estimates, chances: null }).actions).toEqual([]);
  });
});

test("who began with a product that brings people back have not been brought back yet", () => {
  const TEA = 7;
  const CUP = 8;
  // Of 40 who begin with tea 30 come back, of 60 who begin with a cup 10 do.
  const orders = Array.from({ length: 100 }, (_, index): SampleOrder[] => {
    const product = index < 40 ? TEA : CUP;
    const again = index < 30 || index >= 90;
    const one = { customer: index + 1, product, grossMinor: 10, costedNetMinor: 10 };
    return [{ ...one, on: ago(50) }, ...(again ? [{ ...one, on: ago(20) }] : [])];
  }).flat();
  const columns = sampleColumns(orders);
  const estimates = estimated(Array.from({ length: 100 }, () => [100, 0.2, 10, 20]));
  const { actions, members } = actionsOf(columns, estimates);
  expect(of(actions, "first-product")).toEqual({
    kind: "first-product",
    productId: TEA,
    rate: 0.75,
    shopRate: 0.4,
    customers: 10,
    expectedMinor: 1_000,
    stakeMinor: expect.closeTo(500, 9) as number,
  });
  expect([...(members["first-product"] ?? [])].indexOf(1)).toBe(30);
});

test("discounts are told of who always has one and leaves less than half the margin", () => {
  const order = (
    customer: number,
    day: number,
    grossMinor: number,
    discountMinor: number,
    costMinor: number,
  ) => ({
    ...{ on: ago(day), customer, grossMinor, discountMinor, costMinor },
    costedNetMinor: grossMinor - discountMinor,
  });
  const columns = sampleColumns([
    // Full price, 50%.
    order(1, 300, 1_000, 0, 500),
    order(1, 200, 1_000, 0, 500),
    // 600 left of 1,000, of which 500 are costs: 1/6.
    order(2, 100, 1_000, 400, 500),
    order(2, 50, 1_000, 400, 500),
    // One order without a discount.
    order(3, 100, 1_000, 400, 500),
    order(3, 50, 1_000, 0, 500),
    // Discounts that leave 44%.
    order(4, 100, 1_000, 100, 500),
    order(4, 50, 1_000, 100, 500),
    // A second order, but too long ago.
    order(5, 400, 1_000, 400, 500),
    order(5, 0, 1_000, 400, 500),
  ]);
  const { actions, members } = actionsOf(columns);
  // In the last 365 days 7,200 of 9 orders are left, of which 4,500 are costs.
  expect(actions).toEqual([
    {
      kind: "discounts",
      customers: 1,
      stakeMinor: 800,
      marginShare: expect.closeTo(1 / 6, 12) as number,
      shopMarginShare: expect.closeTo((7_200 - 4_500) / 7_200, 12) as number,
    },
  ]);
  expect([...(members.discounts ?? [])]).toEqual([0, 1, 0, 0, 0]);
});

test("carts count as their customer's average order, unless an order came since", () => {
  const at = (days: number) => (TODAY - days) * 86_400_000;
  const one = { costedNetMinor: 100 };
  const columns = sampleColumns(
    [
      { ...one, on: ago(90), customer: 1, grossMinor: 100 },
      { ...one, on: ago(80), customer: 1, grossMinor: 201 },
      { ...one, on: ago(1), customer: 2, grossMinor: 100 },
      { ...one, on: ago(70), customer: 3, grossMinor: 100 },
    ],
    {},
    [3],
  );
  const carts = [
    { customerId: 1, createdAt: at(3) },
    { customerId: 1, createdAt: at(2) },
    { customerId: 2, createdAt: at(5) },
    { customerId: 3, createdAt: at(2) },
    { customerId: 9, createdAt: at(2) },
  ];
  const { actions, members } = actionsOf(columns, null, carts);
  expect(of(actions, "carts")).toEqual({ kind: "carts", customers: 1, stakeMinor: 150.5 });
  expect([...(members.carts ?? [])]).toEqual([1, 0, 0]);
});

test("costs that are missing stand last, and only without a flat margin", () => {
  const orders: SampleOrder[] = [
    { on: ago(400), customer: 1, grossMinor: 5_000 },
    {
      on: ago(20),
      customer: 1,
      grossMinor: 900,
      discountMinor: 100,
      refunds: [{ on: ago(1), productMinor: 50 }],
    },
    { on: ago(10), grossMinor: 250, costedNetMinor: 250, costMinor: 100 },
  ];
  // 1,000 of the last year, 250 of them with a cost.
  expect(actionsOf(sampleColumns(orders)).actions).toEqual([
    { kind: "unit-costs", customers: null, stakeMinor: 750, share: 0.75 },
  ]);
  expect(actionsOf(sampleColumns(orders, { flatMarginBasisPoints: 4_000 })).actions).toEqual([]);
  const small = estimated([[2, 1, -9, -1]]);
  expect(actionsOf(sampleColumns(orders), small).actions.at(-1)?.kind).toBe("unit-costs");
});

test("an empty shop has nothing to do", () => {
  expect(actionsOf(sampleColumns([]))).toEqual({ actions: [], members: {} });
});
