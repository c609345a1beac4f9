/**
 * Keeps what a buyer says of an order, and posts what that earns: once for an order, however often the answer changes. Points come and go with
 * the rules that hold now, and ripen with the order's own.
 */
import { shopCalendar } from "../../core/calendar.ts";
import { lifeOfPoints } from "../../core/loyalty/accrue-order.ts";
import { earnPoints } from "../../core/loyalty/earn-points.ts";
import { DAY_MS } from "../../core/loyalty/ledger.ts";
import { versionAt } from "../../core/loyalty/programme.ts";
import { ORDER_FLAGS } from "../../core/order-flags.ts";
import { SURVEY_DAYS } from "../../core/survey/survey-points.ts";
import type { SurveyAnswer } from "../../core/survey/survey-report.ts";
import { findTransaction } from "../../db/queries/member-account.server.ts";
import { ownOrder, type OwnOrder } from "../../db/queries/own-order.server.ts";
import { saveChanges } from "../../db/stores/ledger.server.ts";
import { membersOf } from "../../db/stores/members.server.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { saveSurveyAnswer } from "../../db/stores/survey-answers.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { lockMember } from "../loyalty/change-redemption.server.ts";
import type { ShopperOutcome } from "../storefront/shopper-outcome.ts";

export interface SurveyWish extends SurveyAnswer {
  order: number;
}

export async function answerSurvey(
  db: Database,
  shop: Shop,
  customerId: number,
  wish: SurveyWish,
  now = Date.now(),
): Promise<ShopperOutcome> {
  const answered = await db.write(async (tx) => {
    const outcome = await answer(tx, shop, customerId, wish, now);
    failpoint("answer-survey:before-commit");
    return outcome;
  });
  failpoint("answer-survey:after-commit");
  return answered;
}

async function answer(
  tx: Transaction,
  shop: Shop,
  customerId: number,
  { order: orderId, quality, delivery, recommend }: SurveyWish,
  now: number,
): Promise<ShopperOutcome> {
  const programme = await findProgramme(tx, shop.id);
  if (!programme || programme.state === "off" || programme.surveyPoints === null)
    return { ok: false, reason: "no-survey" };
  const memberId = (await membersOf(tx, shop.id, [customerId])).get(customerId);
  // First the member, as everybody does who writes points: of two answers at once one comes after the other.
  if (memberId !== undefined) await lockMember(tx, shop.id, memberId, []);
  const order = await ownOrder(tx, shop.id, orderId, customerId);
  if (!order) return { ok: false, reason: "not-yet" };
  if (order.placedAt < now - SURVEY_DAYS * DAY_MS) return { ok: false, reason: "no-survey" };
  await saveSurveyAnswer(tx, shop.id, orderId, { quality, delivery, recommend }, now);
  const earned =
    memberId === undefined ? null : await earn(tx, shop, programme, { memberId, orderId, order }, now);
  return { ok: true, message: "thanks", points: earned?.points ?? 0, pending: earned?.isPending ?? false };
}

interface Earning {
  memberId: number;
  orderId: number;
  order: OwnOrder;
}

async function earn(
  tx: Transaction,
  shop: Shop,
  programme: Programme,
  { memberId, orderId, order }: Earning,
  now: number,
): Promise<{ points: number; isPending: boolean } | null> {
  const source = { kind: "survey", sourceId: String(orderId), sequence: 0 } as const;
  const before = await findTransaction(tx, shop.id, source);
  if (before) return { points: before.points, isPending: (before.opensLot?.ripensAt ?? 0) > now };
  const rules = versionAt(programme.versions, now)?.rules;
  const points = programme.surveyPoints ?? 0;
  const isReal = (order.flags & (ORDER_FLAGS.test | ORDER_FLAGS.cancelled | ORDER_FLAGS.b2b)) === 0;
  if (!rules?.isAccruing || points === 0 || !isReal || order.paidAt === null) return null;
  const life = lifeOfPoints(order, rules, shopCalendar(shop.timeZone));
  const account = await lockMember(tx, shop.id, memberId, []);
  const facts = { orderId: String(orderId), sequence: 0, points, reason: null, ...life };
  await saveChanges(tx, shop.id, [earnPoints(account, facts, now, "survey")]);
  return { points, isPending: life.ripensAt > now };
}
