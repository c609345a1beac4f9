/** What buyers say of their orders is kept and earns points once, on both databases. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { surveyReport } from "../../app/core/survey/survey-report.ts";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { customerData } from "../../app/db/queries/data-requests.server.ts";
import { eraseCustomer } from "../../app/db/stores/erasures.server.ts";
import { addProgrammeVersion } from "../../app/db/stores/programmes.server.ts";
import { ensureShop, findShopById } from "../../app/db/stores/shops.server.ts";
import { saveCustomers } from "../../app/db/stores/customers.server.ts";
import { saveOrders } from "../../app/db/stores/orders.server.ts";
import {
  answersOfCustomer,
  countSurveyAnswers,
  saveSurveyAnswer,
} from "../../app/db/stores/survey-answers.server.ts";
import { daysUntilLeft, leavingReasons } from "../../app/services/metrics/leaving-reasons.server.ts";
import type { orderIntervals } from "../../app/services/metrics/retention.server.ts";
import type { Database } from "../../app/db/types.ts";
import { answerSurvey } from "../../app/services/checkout/answer-survey.server.ts";
import { tellOrder } from "../../app/services/checkout/tell-order.server.ts";
import { changeSurvey } from "../../app/services/loyalty/change-survey.server.ts";
import { openActivity } from "../../app/services/loyalty/open-activity.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { makeCustomer, makeOrder, START } from "../support/orders.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { openProgramme } from "../support/open-programme.ts";
import { value, workEvents } from "../support/open-shop.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

const DAY_MS = 86_400_000;
const NOTHING = { quality: null, delivery: null, recommend: null };

async function openSurvey(db: Database) {
  const open = await openProgramme(local, db, { members: 2 });
  const { shopId, members, customer } = open;
  await db.write((tx) => addProgrammeVersion(tx, shopId, 1, makeRules()).then(() => undefined));
  expect(await changeSurvey(db, shopId, { intent: "survey", points: "20" })).toMatchObject({ ok: true });
  const order = open.order(customer.id);
  await workEvents(local, open);
  const stored = await findShopById(db, shopId);
  if (!stored) throw new Error("no shop");
  const told = await tellOrder(db, shopId, customer.id, order.id);
  return {
    ...{ ...open, stored, orderId: order.id },
    /** By the order itself. */
    earned: "points" in told ? Number(told["points"]) : 0,
    stranger: members[1]?.customer.id ?? 0,
    say: (said: object, customerId = customer.id, orderId = order.id, now?: number) =>
      answerSurvey(db, stored, customerId, { order: orderId, ...NOTHING, ...said }, now),
    points: async () => {
      const balance = await memberBalance(db, shopId, members[0]?.memberId ?? 0, Date.now());
      return (balance?.available ?? 0) + (balance?.pending ?? 0);
    },
  };
}

describeOnBothDatabases("the survey after an order", (open) => {
  test("keeps one answer for an order and earns once, however often and at once it is given", async () => {
    const db = await open();
    const shop = await openSurvey(db);
    const { shopId, customer, orderId } = shop;
    const before = await shop.points();
    const asked = await Promise.all([shop.say({ recommend: 9 }), shop.say({ recommend: 9 })]);
    for (const outcome of asked) expect(outcome).toMatchObject({ ok: true, message: "thanks", points: 20 });
    // What it is worth now changes nothing about what was earned.
    await changeSurvey(db, shopId, { intent: "survey", points: "100" });
    expect(await shop.say({ quality: 4, recommend: 2 })).toMatchObject({ ok: true, points: 20 });
    expect(await shop.points()).toBe(before + 20);
    const kept = await answersOfCustomer(db, shopId, customer.id, 10);
    expect(kept).toMatchObject([{ orderId, quality: 4, delivery: null, recommend: 2 }]);
    expect(surveyReport(await countSurveyAnswers(db, shopId, 0))).toMatchObject({
      ...{ answers: 1, quality: { mean: 4 }, delivery: { answers: 0 } },
      recommend: { detractors: 1, score: { value: -100 } },
    });
    const { page } = await openActivity(db, shop.stored, new URLSearchParams({ kind: "survey" }));
    expect(page?.lines).toMatchObject([{ kind: "survey", sourceId: String(orderId) }]);
    const data = await customerData(db, shopId, customer.id, []);
    expect(data.orders[0]?.survey).toMatchObject({ quality: 4, recommend: 2 });
    // Points for what is said are none of the order's own.
    expect(await tellOrder(db, shopId, customer.id, orderId)).toMatchObject({
      ok: true,
      points: 20,
      member: true,
    });
  }, 60_000);

  test("is no one else's, and earns nothing for a cancelled order", async () => {
    const db = await open();
    const shop = await openSurvey(db);
    const other = await shop.say({ recommend: 1 }, shop.stranger);
    expect(other).toEqual({ ok: false, reason: "not-yet" });
    expect(await shop.say({ recommend: 1 }, shop.customer.id, 999_999)).toEqual(other);
    expect(await answersOfCustomer(db, shop.shopId, shop.customer.id, 10)).toEqual([]);
    value(actions.cancelOrder(local.world, shop.shop, { orderId: shop.orderId }));
    await workEvents(local, shop);
    const before = await shop.points();
    expect(await shop.say({ delivery: 1 })).toMatchObject({ ok: true, points: 0 });
    expect(await shop.points()).toBe(before);
    const late = Date.now() + 100 * DAY_MS;
    expect(await shop.say({ delivery: 5 }, shop.customer.id, shop.orderId, late)).toEqual({
      ok: false,
      reason: "no-survey",
    });
  }, 60_000);

  test("keeps its points when the order is sent back: the answer was given", async () => {
    const db = await open();
    const shop = await openSurvey(db);
    await shop.say({ delivery: 1 });
    const order = shop.shop.orders.get(shop.orderId);
    const lines = (order?.lines ?? []).map(({ id, quantity }) => ({ lineId: id, quantity }));
    const before = await shop.points();
    value(actions.refundOrder(local.world, shop.shop, { orderId: shop.orderId, lines }));
    await workEvents(local, shop);
    const told = await tellOrder(db, shop.shopId, shop.customer.id, shop.orderId);
    expect(told).toMatchObject({ ok: true, points: 0 });
    expect(await shop.points()).toBe(before - shop.earned);
    expect(await shop.say({ delivery: 1 })).toMatchObject({ ok: true, points: 20 });
  }, 60_000);

  test("can be switched off, by a choice that is one of those offered", async () => {
    const db = await open();
    const shop = await openSurvey(db);
    for (const points of ["-5", "7", "many", ""])
      expect(await changeSurvey(db, shop.shopId, { intent: "survey", points })).toBeNull();
    expect(await changeSurvey(db, shop.shopId, { intent: "survey", points: "off" })).toMatchObject({
      ok: true,
    });
    expect(await shop.say({ recommend: 9 })).toEqual({ ok: false, reason: "no-survey" });
  }, 60_000);

  test("tells what those had said who did not come back, beside those who did", async () => {
    const db = await open();
    const shop = await db.write((tx) => ensureShop(tx, "said.myshopify.com"));
    const day = (days: number) => START + days * DAY_MS;
    const orders = [
      // Came back within 30 days, on the last of them.
      ...[makeOrder({ id: 1, customerId: 5 }), makeOrder({ id: 2, customerId: 5, placedAt: day(30) })],
      // Too late.
      ...[makeOrder({ id: 3, customerId: 6 }), makeOrder({ id: 4, customerId: 6, placedAt: day(31) })],
      // Only a test and a cancelled one followed.
      makeOrder({ id: 5, customerId: 7 }),
      makeOrder({ id: 6, customerId: 7, placedAt: day(1), isTest: true }),
      makeOrder({ id: 7, customerId: 7, placedAt: day(1), cancelledAt: day(2) }),
      // Nobody's, and one that was left out.
      ...[makeOrder({ id: 8, customerId: null }), makeOrder({ id: 9, customerId: 8 })],
    ];
    await db.write(async (tx) => {
      await saveCustomers(tx, shop.id, [makeCustomer({ id: 8, excluded: true })]);
      await saveOrders(tx, shop.id, orders);
      for (const [order, delivery] of [
        [1, 5],
        [2, 4],
        [3, 1],
        [4, null],
        [5, 1],
        [8, 1],
        [9, 1],
      ] as const)
        await saveSurveyAnswer(tx, shop.id, order, { ...NOTHING, quality: 3, delivery }, START);
    });
    const intervals = { figures: { upperQuartileDays: 15 } } as Awaited<ReturnType<typeof orderIntervals>>;
    const first = START / DAY_MS;
    const asked = (lastDay: number, now: number) =>
      leavingReasons(db, shop, { firstDay: first, lastDay }, Promise.resolve(intervals), now);
    expect(await asked(first, day(60))).toMatchObject({
      ...{ days: 30, left: 2, back: 1 },
      questions: [
        { question: "quality", left: { answers: 2, bad: 0 }, difference: null },
        { question: "delivery", left: { answers: 2, bad: 2 }, back: { answers: 1, bad: 0 } },
        { question: "recommend", left: { answers: 0 } },
      ],
    });
    // Orders that have not had their time tell nothing yet.
    expect(await asked(first + 100, day(31.5))).toMatchObject({ left: 2, back: 1 });
    expect(await asked(first + 100, day(62.5))).toMatchObject({ left: 4, back: 1 });
    expect(await asked(first + 100, day(30))).toBeNull();
    expect(daysUntilLeft({ upperQuartileDays: null })).toBe(90);
  });

  test("leads to nobody once the customer is erased", async () => {
    const db = await open();
    const shop = await openSurvey(db);
    const { shopId, customer } = shop;
    await shop.say({ recommend: 9, quality: 5 });
    await db.write((tx) => eraseCustomer(tx, shopId, customer.id, [], Date.now()));
    expect(await answersOfCustomer(db, shopId, customer.id, 10)).toEqual([]);
    expect((await customerData(db, shopId, customer.id, [])).orders).toEqual([]);
    expect(await countSurveyAnswers(db, shopId, 0)).toMatchObject({ answers: 1 });
  }, 60_000);
});
