/**
 * What each webhook topic names: ids alone. The payload holds names and addresses, so nothing else of it goes further, and
 * what it says of the record is not believed either: the record is fetched, unless it says that nothing we keep has changed.
 */
import { z } from "zod";
import { idOf } from "./gid.ts";

export interface WebhookResource {
  /** The record that the event is about; orders for what happens to orders. */
  resourceId: number;
  /** Further ids: the survivor of a merge; the orders of a customer to be erased or exported. */
  relatedIds: number[];
  /** What Perennial keeps of a customer, as it was told: enough to see that nothing of it has changed, and never stored. */
  told?: ToldCustomer;
  /** The same of a product. */
  toldProduct?: ToldProduct;
}

interface ToldCustomer {
  updatedAt: number;
  state: string;
  /** `null`: Shopify did not say. */
  tags: string[] | null;
}

interface ToldProduct {
  updatedAt: number;
  title: string;
  productType: string;
  vendor: string;
  status: string;
  publishedAt: number | null;
  /** Prices as Shopify spells them, in the shop's currency. */
  variants: readonly { id: number; title: string; price: string }[];
}

/** `null`: about nothing that is kept here. */
type Parser = (payload: unknown) => WebhookResource | null;

const id = z.number().int().positive();
const gid = z.string().transform((text) => idOf(text));

const record = parser(z.object({ id }), ({ id }) => ({ resourceId: id, relatedIds: [] }));
const customerUpdate = parser(
  z.object({
    id,
    updated_at: z.string().optional(),
    state: z.string().optional(),
    tags: z.string().optional(),
  }),
  ({ id: resourceId, updated_at, state, tags }) => {
    const updatedAt = Date.parse(updated_at ?? "");
    if (Number.isNaN(updatedAt) || state === undefined) return { resourceId, relatedIds: [] };
    const named = tags === undefined ? null : tags.split(",").flatMap((tag) => tag.trim() || []);
    return { resourceId, relatedIds: [], told: { updatedAt, state, tags: named } };
  },
);
/** Of more variants than these Shopify tells the first only. */
const MOST_TOLD_VARIANTS = 100;
const toldProduct = z.object({
  updated_at: z.string(),
  title: z.string(),
  product_type: z.string(),
  vendor: z.string(),
  status: z.string(),
  published_at: z.string().nullable(),
  variants: z.array(z.object({ id, title: z.string(), price: z.string() })).max(MOST_TOLD_VARIANTS - 1),
});
const productUpdate: Parser = (payload) => {
  const { id: resourceId } = z.object({ id }).parse(payload);
  const parsed = toldProduct.safeParse(payload);
  const updatedAt = Date.parse(parsed.data?.updated_at ?? "");
  const publishedAt = parsed.data?.published_at ? Date.parse(parsed.data.published_at) : null;
  if (!parsed.success || Number.isNaN(updatedAt) || Number.isNaN(publishedAt))
    return { resourceId, relatedIds: [] };
  const { title, product_type: productType, vendor, status, variants } = parsed.data;
  const told = { updatedAt, title, productType, vendor, status, publishedAt, variants };
  return { resourceId, relatedIds: [], toldProduct: told };
};
const ofOrder = parser(z.object({ order_id: id }), ({ order_id }) => ({
  resourceId: order_id,
  relatedIds: [],
}));
const edit = parser(z.object({ order_edit: z.object({ order_id: id }) }), ({ order_edit }) => ({
  resourceId: order_edit.order_id,
  relatedIds: [],
}));
/** A dispute about no order of this shop's is none of ours. */
const ofDisputedOrder = parser(z.object({ order_id: id.nullish() }), ({ order_id }) =>
  order_id ? { resourceId: order_id, relatedIds: [] } : null,
);
const merge = parser(
  z.object({ admin_graphql_api_customer_kept_id: gid, admin_graphql_api_customer_deleted_id: gid }),
  (merge) => ({
    resourceId: merge.admin_graphql_api_customer_deleted_id,
    relatedIds: [merge.admin_graphql_api_customer_kept_id],
  }),
);
const bulkOperation = parser(z.object({ admin_graphql_api_id: gid }), (operation) => ({
  resourceId: operation.admin_graphql_api_id,
  relatedIds: [],
}));
const shopRedaction = parser(z.object({ shop_id: id }), ({ shop_id }) => ({
  resourceId: shop_id,
  relatedIds: [],
}));
/** The shop is the record; the payload only says what it may do or has bought. */
const ofShop = parser(z.object({}), () => ({ resourceId: 0, relatedIds: [] }));
const customerRedaction = parser(
  z.object({ customer: z.object({ id }), orders_to_redact: z.array(id).default([]) }),
  ({ customer, orders_to_redact }) => ({ resourceId: customer.id, relatedIds: orders_to_redact }),
);
const dataRequest = parser(
  z.object({ customer: z.object({ id }), orders_requested: z.array(id).default([]) }),
  ({ customer, orders_requested }) => ({ resourceId: customer.id, relatedIds: orders_requested }),
);

const PARSERS: Readonly<Record<string, Parser>> = {
  "app/scopes_update": ofShop,
  "app/uninstalled": record,
  "app_subscriptions/update": ofShop,
  "bulk_operations/finish": bulkOperation,
  "customers/create": record,
  "customers/data_request": dataRequest,
  "customers/delete": record,
  "customers/disable": record,
  "customers/enable": record,
  "customers/merge": merge,
  "customers/redact": customerRedaction,
  "customers/update": customerUpdate,
  "disputes/create": ofDisputedOrder,
  "disputes/update": ofDisputedOrder,
  "inventory_items/update": record,
  "orders/cancelled": record,
  "orders/create": record,
  "orders/delete": record,
  "orders/edited": edit,
  "orders/paid": record,
  "orders/updated": record,
  "products/create": record,
  "products/delete": record,
  "products/update": productUpdate,
  "refunds/create": ofOrder,
  "shop/redact": shopRedaction,
  "shop/update": record,
};

/** Topics that Perennial understands, as webhook headers and shopify.app.toml name them. */
export const WEBHOOK_TOPICS: readonly string[] = Object.keys(PARSERS);

/**
 * Topics that need a scope which not every shop grants: the toml, which speaks for all shops, cannot name them, so each shop that grants it is
 * subscribed by itself (subscribe-disputes.server.ts).
 */
export const DISPUTE_TOPICS = ["disputes/create", "disputes/update"] as const;

/** The ids in a payload; `null` for a topic that Perennial does not know, or about nothing that it keeps. Throws a ZodError where it is not Shopify's payload. */
export function parseWebhook(topic: string, payload: unknown): WebhookResource | null {
  const parse = Object.hasOwn(PARSERS, topic) ? PARSERS[topic] : undefined;
  return parse ? parse(payload) : null;
}

function parser<Payload>(
  schema: z.ZodType<Payload>,
  ids: (payload: Payload) => WebhookResource | null,
): Parser {
  return (payload) => ids(schema.parse(payload));
}
