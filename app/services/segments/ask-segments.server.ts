/** What every question about segments brings along: the shop's switches, the checkouts that were left, and its model where one is needed. */
import { shopCalendar } from "../../core/calendar.ts";
import { valueSource } from "../../core/clv/customer-estimates.ts";
import { NOT_COMPLETED, type LeftCheckouts } from "../../core/segments/customer-facts.ts";
import type { SegmentOptions } from "../../core/segments/kept-facts.ts";
import { needsModel, type SegmentRule } from "../../core/segments/segment-rule.ts";
import { checkoutsMark, leftCheckouts } from "../../db/queries/left-checkouts.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { loadValueModel } from "../../db/stores/value-models.server.ts";
import type { Database } from "../../db/types.ts";
import { revenueSwitches } from "../metrics/revenue-switches.ts";
import { USUAL_DISCOUNT_PERCENT } from "../value/load-value.server.ts";

/** `withModel`: whether what is asked for needs one; a rule that needs one brings it in any case. */
export async function segmentOptions(
  db: Database,
  shop: Shop,
  rules: readonly SegmentRule[],
  withModel = false,
): Promise<SegmentOptions> {
  const stored = withModel || rules.some(needsModel) ? await loadValueModel(db, shop.id) : null;
  return {
    included: revenueSwitches(shop).included,
    checkouts: await checkoutsOf(db, shop),
    model: stored && valueSource(stored.model),
    modelVersion: stored?.fittedAt ?? 0,
    yearlyDiscount: USUAL_DISCOUNT_PERCENT / 100,
  };
}

const SHOPS_REMEMBERED = 50;
const remembered = new Map<string, LeftCheckouts>();

/** Read again only where one has changed: a page asks several times, and a rule that is edited with each step. */
async function checkoutsOf(db: Database, { id, timeZone, dataVersion }: Shop): Promise<LeftCheckouts> {
  const key = `${id} ${db.url}`;
  const stamp = `${dataVersion} ${timeZone} ${await checkoutsMark(db, id)}`;
  const known = remembered.get(key);
  if (known?.stamp === stamp) return known;
  const { customerId, createdAt, completedAt } = await leftCheckouts(db, id);
  const calendar = shopCalendar(timeZone);
  const dayOf = (at: number) => calendar.dayOf(at);
  const checkouts: LeftCheckouts = {
    stamp,
    customerId,
    createdDay: Int32Array.from(createdAt, dayOf),
    completedDay: Int32Array.from(completedAt, (at) => (Number.isNaN(at) ? NOT_COMPLETED : dayOf(at))),
  };
  remembered.delete(key);
  remembered.set(key, checkouts);
  const oldest = remembered.keys().next().value;
  if (remembered.size > SHOPS_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return checkouts;
}
