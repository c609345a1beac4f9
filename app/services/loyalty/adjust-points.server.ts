/** Gives or takes a member's points by hand, under a key that the form made before it asked, and undoes that: each happens once, however often it is asked for. */
import { shopCalendar } from "../../core/calendar.ts";
import { lifeOfPoints } from "../../core/loyalty/accrue-order.ts";
import { adjust, undoAdjustment } from "../../core/loyalty/adjust.ts";
import { lotId } from "../../core/loyalty/ledger.ts";
import { findTransaction } from "../../db/queries/member-account.server.ts";
import { lockAccounts, saveChanges } from "../../db/stores/ledger.server.ts";
import { currentMembers } from "../../db/stores/members.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";

export type Adjusted =
  | { ok: true }
  | { ok: false; reason: "insufficient-points"; available: number }
  | { ok: false; reason: "no-programme" | "other-contents" | "no-such-adjustment" };

interface AdjustmentWish {
  key: string;
  memberId: number;
  /** Negative takes. */
  points: number;
  reason: string;
}

export async function adjustPoints(
  db: Database,
  { id: shopId, timeZone }: Pick<Shop, "id" | "timeZone">,
  { key: id, memberId, points, reason }: AdjustmentWish,
): Promise<Adjusted> {
  const done = await db.write(async (tx): Promise<Adjusted> => {
    const rules = (await findProgramme(tx, shopId))?.versions.at(-1)?.rules;
    if (!rules) return { ok: false, reason: "no-programme" };
    const account = (await lockAccounts(tx, shopId, [memberId])).get(memberId);
    if (!account) throw new Error(`member ${memberId} could not be locked`);
    // Asked for after the lock: a second click sees what the first wrote.
    const written = await findTransaction(tx, shopId, { kind: "adjust", sourceId: id, sequence: 0 });
    if (written) {
      const isSame = written.points === points && written.reason === reason;
      return isSame && written.memberId === memberId ? { ok: true } : { ok: false, reason: "other-contents" };
    }
    const now = Date.now();
    const paid = { placedAt: now, paidAt: now };
    const { expiresAt } = lifeOfPoints(paid, { ...rules, windowDays: 0 }, shopCalendar(timeZone));
    const decided = adjust(account, { id, points, reason, expiresAt }, now);
    if (!decided.ok) return decided;
    await saveChanges(tx, shopId, [decided]);
    failpoint("adjust-points:before-commit");
    return { ok: true };
  });
  failpoint("adjust-points:after-commit");
  return done;
}

/** `memberId`: whose adjustment it is now. */
export async function undoPoints(
  db: Database,
  shopId: number,
  { memberId, adjustmentId }: { memberId: number; adjustmentId: string },
): Promise<Adjusted> {
  const done = await db.write(async (tx): Promise<Adjusted> => {
    const adjustment = await findTransaction(tx, shopId, {
      ...{ kind: "adjust", sourceId: adjustmentId, sequence: 0 },
    });
    const owner = adjustment && (await currentMembers(tx, shopId, [adjustment.memberId]));
    if (!adjustment || owner?.get(adjustment.memberId) !== memberId) {
      return { ok: false, reason: "no-such-adjustment" };
    }
    const touched = adjustment.postings.flatMap((posting) => posting.lotId ?? []);
    const lots = adjustment.points > 0 ? [...touched, lotId("adjust", adjustmentId, 0)] : touched;
    const account = (await lockAccounts(tx, shopId, [memberId], lots)).get(memberId);
    if (!account) throw new Error(`member ${memberId} could not be locked`);
    // Asked for after the lock: of two who undo at once the second sees what the first wrote.
    const undone = await findTransaction(tx, shopId, { kind: "undo", sourceId: adjustmentId, sequence: 0 });
    if (undone) return { ok: true };
    const change = undoAdjustment(account, adjustment, adjustment.reason ?? "", Date.now());
    await saveChanges(tx, shopId, [change]);
    failpoint("undo-points:before-commit");
    return { ok: true };
  });
  failpoint("undo-points:after-commit");
  return done;
}
