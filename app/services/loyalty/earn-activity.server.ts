/**
 * Gives a member what a deed earns that is no order: once for each occasion, as often as the merchant allows, and in the transaction of
 * whoever found it. Joining, a birthday, following and whatever the HTTP API or Shopify Flow bring come through here.
 */
import { shopCalendar } from "../../core/calendar.ts";
import { lifeOfPoints } from "../../core/loyalty/accrue-order.ts";
import { deedOf, deedsOf, isWithinLimit, occasionOf, type Activity } from "../../core/loyalty/activity.ts";
import { givePoints } from "../../core/loyalty/give-points.ts";
import { deedsOfMember } from "../../db/queries/member-deeds.server.ts";
import { findTransaction } from "../../db/queries/member-account.server.ts";
import { saveChanges } from "../../db/stores/ledger.server.ts";
import { membersOf } from "../../db/stores/members.server.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { lockMember } from "./change-redemption.server.ts";
import { judgeMembers } from "./judge-tiers.server.ts";

export type DeedOutcome =
  /** `isAgain`: it was earned before under this key. */
  | { ok: true; points: number; isAgain: boolean }
  | { ok: false; reason: "no-programme" | "no-such-activity" | "no-member" | "limit" };

export interface Deed {
  /** Of the activity. */
  key: string;
  /** Tells two deeds of one member apart. */
  occasion: string;
}

/** Who is a member has joined once. */
export const JOINING: Deed = { key: "join", occasion: "once" };

/** The transaction holds the shop's row. */
export async function earnFor(
  tx: Transaction,
  shop: Shop,
  programme: Programme,
  memberId: number,
  { key, occasion }: Deed,
  now: number,
): Promise<DeedOutcome> {
  const rules = programme.versions.at(-1)?.rules;
  if (programme.state === "off" || !rules?.isAccruing) return { ok: false, reason: "no-programme" };
  const activity = programme.activities.find((each) => each.key === key);
  if (!activity) return { ok: false, reason: "no-such-activity" };
  const account = await lockMember(tx, shop.id, memberId, []);
  const sourceId = deedOf(activity, account.memberId, occasion);
  // Asked for after the lock: of two at once the second sees what the first wrote.
  const before = await findTransaction(tx, shop.id, { kind: "activity", sourceId, sequence: 0 });
  if (before) return { ok: true, points: before.points, isAgain: true };
  const calendar = shopCalendar(shop.timeZone);
  const past = await deedsOfMember(tx, shop.id, account.memberId, deedsOf(activity));
  // A merged member's deeds are the survivor's, under the names that they had.
  const merged = past.find((deed) => occasionOf(deed.sourceId) === occasion);
  if (merged) return { ok: true, points: merged.points, isAgain: true };
  const times = past.map(({ earnedAt }) => earnedAt);
  if (!isWithinLimit(activity, times, now, calendar)) return { ok: false, reason: "limit" };
  const paid = { placedAt: now, paidAt: now };
  const { expiresAt } = lifeOfPoints(paid, { ...rules, windowDays: 0 }, calendar);
  const gift = {
    kind: "activity",
    sourceId,
    points: activity.points,
    reason: reasonOf(activity),
    expiresAt,
  } as const;
  await saveChanges(tx, shop.id, [givePoints(account, gift, now)]);
  if (rules.tiers?.by === "points") await judgeMembers(tx, shop, programme, [account.memberId], now);
  return { ok: true, points: activity.points, isAgain: false };
}

function reasonOf({ name, kind }: Activity): string {
  return name === "" ? kind : name;
}

/** For a customer, in a transaction of its own. */
export async function earnActivity(
  db: Database,
  shopId: number,
  customerId: number,
  deed: Deed,
  now = Date.now(),
): Promise<DeedOutcome> {
  // As a rule nothing is earned by it, and then nobody waits for the shop's row.
  const offered = await findProgramme(db, shopId);
  if (!offered) return { ok: false, reason: "no-programme" };
  if (!offered.activities.some(({ key }) => key === deed.key))
    return { ok: false, reason: offered.state === "off" ? "no-programme" : "no-such-activity" };
  const earned = await db.write(async (tx): Promise<DeedOutcome> => {
    const shop = await lockShop(tx, shopId);
    const programme = await findProgramme(tx, shopId);
    if (!programme) return { ok: false, reason: "no-programme" };
    const memberId = (await membersOf(tx, shopId, [customerId])).get(customerId);
    if (memberId === undefined) return { ok: false, reason: "no-member" };
    const outcome = await earnFor(tx, shop, programme, memberId, deed, now);
    failpoint("earn-activity:before-commit");
    return outcome;
  });
  failpoint("earn-activity:after-commit");
  return earned;
}

/** What the HTTP API and Shopify Flow bring: an activity that the merchant has named, under the asker's own key. */
export async function earnCustomAction(
  db: Database,
  shopId: number,
  { customerId, key, idempotencyKey }: { customerId: number; key: string; idempotencyKey: string },
  now = Date.now(),
): Promise<DeedOutcome> {
  const activity = (await findProgramme(db, shopId))?.activities.find((each) => each.key === key);
  if (activity?.kind !== "custom") return { ok: false, reason: "no-such-activity" };
  return earnActivity(db, shopId, customerId, { key, occasion: idempotencyKey }, now);
}
