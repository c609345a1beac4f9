/** Counts every order and refund on its day in the shop's new time zone, in small transactions that can be repeated. */
import { shopCalendar } from "../../core/calendar.ts";
import { RetryAt } from "../../core/retry-at.ts";
import { changeDays } from "../../db/bulk/change-days.ts";
import { orderDaysAfter, refundDaysOf } from "../../db/queries/order-days.server.ts";
import { windowTotals } from "../../db/stores/sync-state.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { giveWay } from "../../observability/give-way.ts";
import { activeShop } from "./active-shop.server.ts";

const ORDERS_AT_ONCE = 500;
const WAIT_FOR_BACKFILL_MS = 15_000;

export async function rebuildDays(
  db: Database,
  shopId: number,
  signal: AbortSignal,
): Promise<RetryAt | void> {
  const shop = await activeShop(db, shopId);
  if (!shop) return;
  // A window that began before the change still writes days of the old zone: first it ends.
  const totals = await windowTotals(db, shopId);
  if (totals.some(({ status }) => status === "running"))
    return new RetryAt(Date.now() + WAIT_FOR_BACKFILL_MS);

  const calendar = shopCalendar(shop.timeZone);
  let afterId = 0;
  for (;;) {
    signal.throwIfAborted();
    giveWay();
    const orders = await orderDaysAfter(db, shopId, afterId, ORDERS_AT_ONCE);
    const last = orders.at(-1);
    if (!last) return;
    const refunds = await refundDaysOf(db, shopId, afterId, last.id);
    await db.write(async (tx) => {
      await changeDays(
        tx,
        shopId,
        orders
          .filter(({ at, day }) => calendar.dayOf(at) !== day)
          .map(({ id, at }) => ({ id, day: calendar.dayOf(at) })),
        refunds
          .filter(({ at, day }) => calendar.dayOf(at) !== day)
          .map(({ orderId, id, at }) => ({ orderId, id, day: calendar.dayOf(at) })),
      );
      failpoint("rebuild-days:before-commit");
    });
    failpoint("rebuild-days:after-commit");
    afterId = last.id;
  }
}
