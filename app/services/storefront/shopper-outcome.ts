/** What a shopper's wish can come to. */
import type { ShopperMessage } from "../../core/storefront/shopper-messages.ts";

export interface ShopperRefusal {
  ok: false;
  reason: ShopperMessage;
}

/** Facts beside the message are for the page's script. */
export type ShopperOutcome =
  { ok: true; message?: ShopperMessage; code?: string | null; [fact: string]: unknown } | ShopperRefusal;
