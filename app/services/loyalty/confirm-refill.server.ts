/** What a merchant confirms at the counter: that a member brought what a code was given for. Confirmed twice it is confirmed once. */
import { redemptionOfCode } from "../../db/stores/redemptions.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { redemptionEvent } from "./change-redemption.server.ts";

export type Confirming =
  | { ok: true; isAgain: boolean; redemptionId: string }
  | { ok: false; reason: "no-such-code" | "already-over" };

/** `code` as it was read out: spaces, dashes and small letters do not matter. */
export async function confirmRefill(
  db: Database,
  shopId: number,
  { rewardId, code }: { rewardId: string; code: string },
  now = Date.now(),
): Promise<Confirming> {
  const confirmed = await db.write(async (tx): Promise<Confirming> => {
    const redemption = await redemptionOfCode(tx, shopId, code.replace(/[\s-]/g, "").toUpperCase());
    if (redemption?.rewardId !== rewardId || redemption.terms.gives.kind !== "refill")
      return { ok: false, reason: "no-such-code" };
    const step = await redemptionEvent(tx, shopId, redemption.id, { happened: "fulfilled" }, now);
    failpoint("confirm-refill:before-commit");
    if (!step.ok) return { ok: false, reason: "already-over" };
    return { ok: true, isAgain: redemption.status === "used", redemptionId: redemption.id };
  });
  failpoint("confirm-refill:after-commit");
  return confirmed;
}
