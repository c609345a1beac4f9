/** Finds what an unchanged shop answered already, so that the same question is not worked out twice. */
import type { Context } from "../context.ts";
import type { BulkOperation } from "./registry.ts";

/**
 * The results that still hold for the asking app, with the question as their key; `null` where a result also follows from the
 * time, because old orders are hidden.
 */
export function heldResults(
  { bulk, shop, scopes, ordersFrom }: Context,
  query: string,
): { question: string; byQuestion: Map<string, BulkOperation> } | null {
  if (ordersFrom !== -Infinity) return null;
  let held = bulk.results.get(shop);
  if (held?.revision !== shop.revision) {
    bulk.results.set(shop, (held = { revision: shop.revision, byQuestion: new Map() }));
  }
  return { question: JSON.stringify([query, ...[...scopes].sort()]), byQuestion: held.byQuestion };
}
