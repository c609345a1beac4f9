/** What a shopper's wish can come to. */
import type { ShopperMessage } from "../../core/storefront/shopper-messages.ts";

/** Facts beside the message are for the page's script. */
export type ShopperOutcome =
  | {
      ok: true;
      message: ShopperMessage;
      points?: number;
      pending?: true;
      code?: string;
      until?: string | null;
    }
  | { ok: false; reason: ShopperMessage };
