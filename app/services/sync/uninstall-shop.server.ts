/**
 * What is left to do when a merchant removed the app: mark it, forget the dead tokens. No call is made to Shopify, and the
 * shop's jobs stop by themselves, because each looks whether its install still stands.
 */
import { markUninstalled } from "../../db/stores/shops.server.ts";
import type { Transaction } from "../../db/types.ts";

/** A late event of an earlier install is ignored. Answers whether the shop was marked. */
export async function uninstallShop(
  tx: Transaction,
  shopId: number,
  installGeneration: number,
): Promise<boolean> {
  return markUninstalled(tx, shopId, installGeneration, Date.now());
}
