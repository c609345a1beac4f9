/** What a sync asks before it fetches: how many records Shopify has, between which times, and which of them changed. */
import type { SyncResource } from "../../core/job.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { idOf } from "../../shopify/gid.ts";
import { CHECKOUTS_COUNT, CHECKOUTS_PAGE } from "../../shopify/operations/checkouts.ts";
import { CUSTOMERS_COUNT, CUSTOMERS_PAGE } from "../../shopify/operations/customers.ts";
import { ORDERS_COUNT, ORDER_STAMPS_PAGE } from "../../shopify/operations/orders.ts";
import { PRODUCTS_COUNT, PRODUCTS_PAGE } from "../../shopify/operations/products.ts";

/** A record's id with the two times that a sync goes by. */
export interface Stamp {
  id: number;
  createdAt: number;
  updatedAt: number;
}

interface Page {
  nodes: readonly { id: string; createdAt: string; updatedAt: string }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

interface PageRequest {
  query?: string;
  after?: string | null;
  sortKey: "CREATED_AT" | "ID" | "UPDATED_AT";
  reverse: boolean;
  first: number;
}

interface Questions {
  count: (client: AdminClient, query: string) => Promise<number>;
  page: (client: AdminClient, request: PageRequest) => Promise<Page>;
  pageSize: number;
  /** Shopify cannot sort checkouts by their last change. */
  byUpdate: "UPDATED_AT" | "ID";
}

const QUESTIONS: Readonly<Record<SyncResource, Questions>> = {
  orders: {
    count: async (client, query) => (await client.request(ORDERS_COUNT, { query })).ordersCount?.count ?? 0,
    page: async (client, request) => (await client.request(ORDER_STAMPS_PAGE, request)).orders,
    pageSize: 250,
    byUpdate: "UPDATED_AT",
  },
  customers: {
    count: async (client, query) =>
      (await client.request(CUSTOMERS_COUNT, { query })).customersCount?.count ?? 0,
    page: async (client, request) => (await client.request(CUSTOMERS_PAGE, request)).customers,
    pageSize: 250,
    byUpdate: "UPDATED_AT",
  },
  products: {
    count: async (client, query) =>
      (await client.request(PRODUCTS_COUNT, { query })).productsCount?.count ?? 0,
    page: async (client, request) => (await client.request(PRODUCTS_PAGE, request)).products,
    pageSize: 20,
    byUpdate: "UPDATED_AT",
  },
  checkouts: {
    count: async (client, query) =>
      (await client.request(CHECKOUTS_COUNT, { query })).abandonedCheckoutsCount?.count ?? 0,
    page: async (client, request) => (await client.request(CHECKOUTS_PAGE, request)).abandonedCheckouts,
    pageSize: 250,
    byUpdate: "ID",
  },
};

export function countMatching(client: AdminClient, resource: SyncResource, query: string): Promise<number> {
  return QUESTIONS[resource].count(client, query);
}

/** Every record that matches, page by page. */
export async function* stampsMatching(
  client: AdminClient,
  resource: SyncResource,
  query: string,
): AsyncGenerator<Stamp[]> {
  const { page, pageSize, byUpdate } = QUESTIONS[resource];
  let after: string | null = null;
  do {
    const request: PageRequest = { query, after, sortKey: byUpdate, reverse: false, first: pageSize };
    const { nodes, pageInfo } = await page(client, request);
    yield nodes.map(toStamp);
    after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
  } while (after !== null);
}

/** The newest records by creation, newest first. */
export async function newestStamps(
  client: AdminClient,
  resource: SyncResource,
  count: number,
): Promise<Stamp[]> {
  return edgeStamps(client, resource, "CREATED_AT", true, count);
}

/** Creation times of the oldest and the newest record that Shopify lists; `null` where there is none. */
export async function creationBounds(
  client: AdminClient,
  resource: SyncResource,
): Promise<{ oldest: number; newest: number } | null> {
  const [oldest] = await edgeStamps(client, resource, "CREATED_AT", false, 1);
  const [newest] = await edgeStamps(client, resource, "CREATED_AT", true, 1);
  return oldest && newest ? { oldest: oldest.createdAt, newest: newest.createdAt } : null;
}

/**
 * The time of the last change that Shopify lists: where sweeps begin. Shopify's clock, never ours, so that no change falls
 * between two clocks. Checkouts are not sorted by change; their newest creation is a time before which all is known.
 */
export async function lastChange(client: AdminClient, resource: SyncResource): Promise<number> {
  const key = QUESTIONS[resource].byUpdate === "ID" ? "CREATED_AT" : "UPDATED_AT";
  const [last] = await edgeStamps(client, resource, key, true, 1);
  return last ? (key === "CREATED_AT" ? last.createdAt : last.updatedAt) : 0;
}

async function edgeStamps(
  client: AdminClient,
  resource: SyncResource,
  sortKey: "CREATED_AT" | "UPDATED_AT",
  reverse: boolean,
  first: number,
): Promise<Stamp[]> {
  const { nodes } = await QUESTIONS[resource].page(client, { sortKey, reverse, first });
  return nodes.map(toStamp);
}

function toStamp(node: Page["nodes"][number]): Stamp {
  return {
    id: idOf(node.id),
    createdAt: Date.parse(node.createdAt),
    updatedAt: Date.parse(node.updatedAt),
  };
}
