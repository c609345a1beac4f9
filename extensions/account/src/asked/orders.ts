/** The customer's orders with their parcels and returns. */
import { askShopify } from "./ask-shopify.ts";
import { ORDERS, REQUEST_RETURN } from "./operations.ts";

export interface Order {
  id: string;
  name: string;
  processedAt: string;
  cancelledAt: string | null;
  fulfillmentStatus: string;
  statusPageUrl: string;
  totalPrice: { amount: string; currencyCode: string };
  fulfillments: { nodes: Parcel[] };
  returns: { nodes: { id: string; name: string; status: string }[] };
  returnInformation: { returnableLineItems: { nodes: Returnable[] } };
}

export interface Parcel {
  id: string;
  latestShipmentStatus: string | null;
  estimatedDeliveryAt: string | null;
  trackingInformation: { company: string | null; number: string | null; url: string | null }[];
}

export interface Returnable {
  quantity: number;
  lineItem: { id: string; title: string };
}

export interface OrdersPage {
  orders: Order[];
  /** `null`: there are no older ones. */
  next: string | null;
}

interface Answer {
  customer: {
    orders: { pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: Order[] };
  };
}

export async function loadOrders(after: string | null): Promise<OrdersPage> {
  const { orders } = (await askShopify<Answer>(ORDERS, { after })).customer;
  const { hasNextPage, endCursor } = orders.pageInfo;
  return { orders: orders.nodes, next: hasNextPage ? endCursor : null };
}

export interface ReturnedLine {
  lineItemId: string;
  quantity: number;
  returnReason: string;
  customerNote?: string;
}

/** Why Shopify refuses, in its own words. */
export async function requestReturn(
  orderId: string,
  lines: readonly ReturnedLine[],
): Promise<{ ok: true; name: string } | { ok: false; message: string }> {
  const { orderRequestReturn } = await askShopify<{
    orderRequestReturn: { return: { name: string } | null; userErrors: { message: string }[] };
  }>(REQUEST_RETURN, { orderId, lines });
  const { return: made, userErrors } = orderRequestReturn;
  if (made) return { ok: true, name: made.name };
  return { ok: false, message: userErrors.map(({ message }) => message).join(" ") };
}
