/** Finds customers by name or e-mail address: Shopify searches, because Perennial keeps neither, and the figures are added. */
import type { Included } from "../../core/metrics/amounts.ts";
import type { CustomerRow } from "../../core/customers/customer-page.ts";
import type { Database } from "../../db/types.ts";
import { customerSearch } from "../../shopify/customer-search.ts";
import { idOf } from "../../shopify/gid.ts";
import { CUSTOMERS_FOUND } from "../../shopify/operations/names.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { askForPage } from "./ask-for-page.server.ts";
import { customerName, type CustomerName } from "./name-records.server.ts";

interface CustomerSearch {
  typed: string;
  /** Shopify's own places in its list of matches. */
  after?: string | undefined;
  before?: string | undefined;
  included: Included;
}

interface FoundCustomer extends CustomerName {
  customerId: number;
  /** `null`: no order of theirs counts. */
  figures: CustomerRow | null;
}

export type FoundCustomers =
  { ok: true; found: FoundCustomer[]; previous: string | null; next: string | null } | { ok: false };

const FOUND_AT_ONCE = 50;

export async function searchCustomers(
  db: Database,
  shopId: number,
  { typed, after, before, included }: CustomerSearch,
): Promise<FoundCustomers> {
  const query = customerSearch(typed);
  if (query === null) return { ok: true, found: [], previous: null, next: null };
  const range =
    before === undefined ? { first: FOUND_AT_ONCE, after: after ?? null } : { last: FOUND_AT_ONCE, before };
  const answer = await askForPage(db, shopId, (client) =>
    client.request(CUSTOMERS_FOUND, { query, ...range }),
  );
  if (!answer) return { ok: false };
  const { nodes, pageInfo } = answer.customers;
  const customerIds = nodes.map(({ id }) => idOf(id));
  const options = { customerIds, included };
  const figures = await shopMetrics(db.url, shopId, { question: "customerRows", options });
  const rows = new Map(figures?.figures.map((row) => [row.customerId, row]));
  return {
    ok: true,
    found: nodes.map((node) => ({
      customerId: idOf(node.id),
      ...customerName(node),
      figures: rows.get(idOf(node.id)) ?? null,
    })),
    previous: pageInfo.hasPreviousPage ? (pageInfo.startCursor ?? null) : null,
    next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null,
  };
}
