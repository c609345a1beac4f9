/**
 * Orders by page and by id, each with its whole journal: what a page's connections left out is fetched before an order is
 * handed on. Page sizes follow what Shopify says a query costs, so that the shop's plan or a longer fragment changes nothing.
 */
import type { AdminClient } from "./admin-client.server.ts";
import { withFittingSize } from "./fitting-size.ts";
import type { WholeOrderFragment } from "./generated/admin.generated.d.ts";
import { gidOf } from "./gid.ts";
import {
  MORE_ORDER_AGREEMENTS,
  MORE_ORDER_LINES,
  MORE_ORDER_SALES,
  ORDERS_BY_ID,
  ORDERS_PAGE,
} from "./operations/orders.ts";
import { agreementNodeOf, orderNodeOf, saleNodeOf, type OrderNode } from "./order-nodes.ts";
import { ShopifyError } from "./shopify-error.ts";

export interface OrderQuery {
  /** Shopify's search syntax, such as `updated_at:>='2026-01-01T00:00:00Z'`. */
  query?: string;
  sortKey: "CREATED_AT" | "UPDATED_AT";
  /** Newest first. */
  reverse?: boolean;
  /** Stop after this many orders. */
  limit?: number;
}

/** Orders in the order asked for, a page at a time. */
export async function* ordersByPage(client: AdminClient, wanted: OrderQuery): AsyncGenerator<OrderNode[]> {
  const { query = null, sortKey, reverse = false, limit = Infinity } = wanted;
  let after: string | null = null;
  let left = limit;
  while (left > 0) {
    const { nodes, pageInfo } = await withFittingSize(client, "orders", left, async (first) => {
      const { orders } = await client.request(ORDERS_PAGE, { first, after, query, sortKey, reverse });
      return orders;
    });
    left -= nodes.length;
    yield await completeOrders(client, nodes);
    if (!pageInfo.hasNextPage || nodes.length === 0) return;
    after = pageInfo.endCursor ?? null;
  }
}

/** Orders by id. An id that Shopify no longer knows (or does not let us read) is in `missing`. */
export async function ordersById(
  client: AdminClient,
  orderIds: readonly number[],
): Promise<{ orders: OrderNode[]; missing: number[] }> {
  const orders: OrderNode[] = [];
  const missing: number[] = [];
  for (let at = 0; at < orderIds.length;) {
    const rest = orderIds.length - at;
    const { ids, nodes } = await withFittingSize(client, "orders", rest, async (size) => {
      const ids = orderIds.slice(at, at + size);
      const answer = await client.request(ORDERS_BY_ID, { ids: ids.map((id) => gidOf("Order", id)) });
      return { ids, nodes: answer.nodes };
    });
    at += ids.length;
    const found: WholeOrderFragment[] = [];
    ids.forEach((id, index) => {
      const node = nodes[index];
      if (node && "lineItems" in node) found.push(node);
      else missing.push(id);
    });
    orders.push(...(await completeOrders(client, found)));
  }
  return { orders, missing };
}

async function completeOrders(
  client: AdminClient,
  orders: readonly WholeOrderFragment[],
): Promise<OrderNode[]> {
  const whole: OrderNode[] = [];
  for (const order of orders) whole.push(await completeOrder(client, order));
  return whole;
}

/** Adds the lines, agreements and sales beyond the first page of each connection. Most orders have none. */
async function completeOrder(client: AdminClient, order: WholeOrderFragment): Promise<OrderNode> {
  const node = orderNodeOf(order);
  const { id, lineItems, agreements } = order;

  for (let page = lineItems.pageInfo; page.hasNextPage;) {
    const more = (await client.request(MORE_ORDER_LINES, { id, after: page.endCursor ?? null })).order
      ?.lineItems;
    if (!more) throw vanished(id);
    node.lines.push(...more.nodes);
    page = more.pageInfo;
  }

  const edges = [...agreements.edges];
  for (let page = agreements.pageInfo; page.hasNextPage;) {
    const answer = await client.request(MORE_ORDER_AGREEMENTS, { id, after: page.endCursor ?? null });
    const more = answer.order?.agreements;
    if (!more) throw vanished(id);
    edges.push(...more.edges);
    node.agreements.push(...more.edges.map(agreementNodeOf));
    page = more.pageInfo;
  }

  for (const [index, edge] of edges.entries()) {
    const agreementAfter = edges[index - 1]?.cursor ?? null;
    for (let page = edge.node.sales.pageInfo; page.hasNextPage;) {
      const variables = { id, agreementAfter, after: page.endCursor ?? null };
      const more = (await client.request(MORE_ORDER_SALES, variables)).order?.agreements.nodes[0];
      if (!more || more.id !== edge.node.id) throw vanished(id);
      node.agreements[index]?.sales.push(...more.sales.nodes.map(saleNodeOf));
      page = more.sales.pageInfo;
    }
  }
  return node;
}

/** The order was deleted or changed between two of its pages: asking again from the start finds out which. */
function vanished(id: string): ShopifyError {
  return new ShopifyError("cut-answer", `${id} changed while it was read.`);
}
