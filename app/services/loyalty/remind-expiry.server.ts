/**
 * Notes, once a day, whose points are about to expire, and tells Shopify Flow and the shop's own addresses in the same transaction. The note is
 * the reminder: it stands in the member's account and in the activity. For points that expire at one moment a member has one, and one event,
 * whatever crashes or is done twice.
 */
import { isoDate, shopCalendar } from "../../core/calendar.ts";
import type { NewJob } from "../../core/job.ts";
import { DAY_MS } from "../../core/loyalty/ledger.ts";
import { addExpiryReminders, unremindedExpiries } from "../../db/stores/expiry-reminders.server.ts";
import { tellOutside } from "../../db/stores/outgoing-events.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { activeShop } from "../sync/active-shop.server.ts";

const MEMBERS_AT_ONCE = 500;

export async function remindExpiry(
  db: Database,
  shopId: number,
  signal: AbortSignal,
  now = Date.now(),
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const noted = await db.write(async (tx) => {
      const shop = await activeShop(tx, shopId);
      if (!shop) return 0;
      await lockShop(tx, shopId);
      const programme = await findProgramme(tx, shopId);
      // While it is paused nobody could do anything about it.
      if (programme?.state !== "running" || programme.remindDays === null) return 0;
      const until = now + programme.remindDays * DAY_MS;
      const found = await unremindedExpiries(tx, shopId, { after: now, until, limit: MEMBERS_AT_ONCE });
      await addExpiryReminders(
        tx,
        shopId,
        found.map((each) => ({ ...each, remindedAt: now })),
      );
      const calendar = shopCalendar(shop.timeZone);
      await tellOutside(
        tx,
        shopId,
        found.map(({ memberId, expiresAt, points }) => ({
          ...{ kind: "points.expiring", memberId, cause: `${memberId}/${expiresAt}`, occurredAt: now },
          data: { points, expiresAt, lastDay: isoDate(calendar.dayOf(expiresAt - 1)) },
        })),
      );
      failpoint("remind-expiry:before-commit");
      return found.length;
    });
    failpoint("remind-expiry:after-commit");
    if (noted < MEMBERS_AT_ONCE) return;
  }
}

/** At most one of a shop waits. */
export function remindExpiryJob(shopId: number, runAt: number): NewJob<"remind-expiry"> {
  return { shopId, kind: "remind-expiry", payload: {}, key: "remind-expiry", queue: "remind-expiry", runAt };
}
