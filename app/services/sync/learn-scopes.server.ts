/** Reads what Shopify allows after the merchant was asked: a scope that has just been granted is known there before its webhook comes. */
import type { Database } from "../../db/types.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { refreshShop } from "./refresh-shop.server.ts";

export async function learnScopes(db: Database, shopId: number): Promise<{ ok: boolean; message: string }> {
  try {
    await refreshShop(db, shopId);
    return { ok: true, message: "What Shopify allows is read again" };
  } catch (error) {
    if (error instanceof ShopifyError)
      return { ok: false, message: "Shopify could not be asked. Try again." };
    throw error;
  }
}
