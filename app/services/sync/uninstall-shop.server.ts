/**
 * What is left to do when a merchant removed the app: mark it, forget the dead tokens and what was published. No call is made to Shopify, and the
 * shop's jobs stop by themselves, because each looks whether its install still stands.
 */
import type { InboxEvent } from "../../db/stores/events.server.ts";
import { installProvenAt } from "../../db/stores/sessions.server.ts";
import { lockShop, markUninstalled } from "../../db/stores/shops.server.ts";
import { endStorefront } from "../../db/stores/storefronts.server.ts";
import type { Transaction } from "../../db/types.ts";

/**
 * A late event of an earlier install is ignored. That it is one shows in its own time, where it is stored (receive-event.server.ts),
 * or in a token that came since. Answers whether the shop was marked.
 */
export async function uninstallShop(
  tx: Transaction,
  shopId: number,
  { installGeneration, receivedAt }: Pick<InboxEvent, "installGeneration" | "receivedAt">,
): Promise<boolean> {
  await lockShop(tx, shopId);
  const provenAt = await installProvenAt(tx, shopId);
  if (provenAt !== null && provenAt > receivedAt) return false;
  const isMarked = await markUninstalled(tx, shopId, installGeneration, Date.now());
  if (isMarked) await endStorefront(tx, shopId);
  return isMarked;
}
