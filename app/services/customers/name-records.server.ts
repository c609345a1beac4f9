/** Names of the customers and orders that a page shows, from Shopify as it answers: they are handed on and kept nowhere. */
import type { Database } from "../../db/types.ts";
import { gidOf, idOf } from "../../shopify/gid.ts";
import { CUSTOMER_NAMES, ORDER_NAMES } from "../../shopify/operations/names.ts";
import { askForPage } from "./ask-for-page.server.ts";

export interface CustomerName {
  /** Shopify's own choice: the name, or the e-mail address of somebody without one; empty where it knows neither. */
  name: string;
  email: string | null;
}

/** By id; whom Shopify does not know is missing. `null`: Shopify could not be asked. */
export type Names<Name> = Readonly<Record<number, Name>> | null;

export async function nameCustomers(
  db: Database,
  shopId: number,
  customerIds: readonly number[],
): Promise<Names<CustomerName>> {
  if (customerIds.length === 0) return {};
  const ids = customerIds.map((id) => gidOf("Customer", id));
  const answer = await askForPage(db, shopId, (client) => client.request(CUSTOMER_NAMES, { ids }));
  if (!answer) return null;
  const names: Record<number, CustomerName> = {};
  for (const node of answer.nodes) {
    if (node && "displayName" in node) names[idOf(node.id)] = customerName(node);
  }
  return names;
}

export function customerName(node: {
  displayName: string;
  defaultEmailAddress?: { emailAddress: string } | null;
}): CustomerName {
  return { name: node.displayName, email: node.defaultEmailAddress?.emailAddress ?? null };
}

export async function nameOrders(
  db: Database,
  shopId: number,
  orderIds: readonly number[],
): Promise<Names<string>> {
  if (orderIds.length === 0) return {};
  const ids = orderIds.map((id) => gidOf("Order", id));
  const answer = await askForPage(db, shopId, (client) => client.request(ORDER_NAMES, { ids }));
  if (!answer) return null;
  const names: Record<number, string> = {};
  for (const node of answer.nodes) {
    if (node && "name" in node) names[idOf(node.id)] = node.name;
  }
  return names;
}
