/** Keeps a shopper's birthday, a month and a day, with the customer at Shopify: Perennial's own database never holds it. */
import { programmeState } from "../../db/stores/programmes.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { log } from "../../observability/log.server.ts";
import { gidOf } from "../../shopify/gid.ts";
import { SAVE_BIRTHDAY } from "../../shopify/operations/profile.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { earnActivity } from "../loyalty/earn-activity.server.ts";
import type { ShopperOutcome } from "./shopper-outcome.ts";

export async function saveBirthday(
  db: Database,
  shopId: number,
  customerId: number,
  birthday: string,
  patienceMs = 8_000,
): Promise<ShopperOutcome> {
  if ((await programmeState(db, shopId)) === "off") return { ok: false, reason: "no-programme" };
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const client = await adminFor(db, shopId, { priority: "interactive", signal });
    failpoint("save-birthday:before-call");
    const { metafieldsSet } = await client.request(SAVE_BIRTHDAY, {
      ownerId: gidOf("Customer", customerId),
      value: birthday,
    });
    failpoint("save-birthday:after-call");
    const codes = (metafieldsSet?.userErrors ?? []).map(({ code }) => code ?? "INVALID");
    if (codes.length === 0) {
      // Should this be lost, the night finds the birthday.
      await earnActivity(db, shopId, customerId, { key: "profile", occasion: "once" });
      return { ok: true, message: "saved" };
    }
    // A code says nothing of the customer; Shopify's sentences may.
    log.warn({ shopId, because: codes.join() }, "birthday not saved");
    return { ok: false, reason: "later" };
  } catch (error) {
    if (!(error instanceof ShopifyError) && !signal.aborted) throw error;
    log.warn(
      { shopId, because: error instanceof ShopifyError ? error.kind : "timeout" },
      "birthday not saved",
    );
    return { ok: false, reason: "later" };
  }
}
