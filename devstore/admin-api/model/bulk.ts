/** Bulk operations as Shopify shows them. */
import { now } from "../../state/world.ts";
import { refreshed, type BulkOperation } from "../bulk/registry.ts";
import type { Context } from "../context.ts";
import type { Collection } from "../connection.ts";
import { gid } from "../ids.ts";
import { compileSearch, textFilter, timeFilter } from "../search.ts";
import { dateTime } from "../time.ts";
import { fields, type Fields } from "./fields.ts";
import type { Typed } from "./sources.ts";

export interface BulkSource extends Typed {
  operation: BulkOperation;
}

export const bulkSource = (operation: BulkOperation): BulkSource => ({
  __typename: "BulkOperation",
  operation,
});

/** The shop's operation with this id. */
export function findBulkOperation(id: number, { bulk, shop, world }: Context): BulkOperation | null {
  const operation = bulk.operations.get(id);
  return operation?.shopDomain === shop.domain ? refreshed(operation, now(world)) : null;
}

export function bulkCollection(
  args: Readonly<Record<string, unknown>>,
  context: Context,
): Collection<BulkOperation> {
  const { bulk, shop, world } = context;
  const filters = {
    id: textFilter(({ id }: BulkOperation) => String(id)),
    status: textFilter(({ status }: BulkOperation) => status),
    operation_type: textFilter(({ type }: BulkOperation) => type),
    created_at: timeFilter(({ createdAt }: BulkOperation) => createdAt),
  };
  return {
    items: [...bulk.operations.values()]
      .filter(({ shopDomain }) => shopDomain === shop.domain)
      .map((operation) => refreshed(operation, now(world))),
    matches: compileSearch(
      args["query"] as string | null | undefined,
      "bulkOperations",
      filters,
      shop.timeZone,
    ),
    sortValue: ({ createdAt }) => Math.floor(createdAt / 1000),
    id: ({ id }) => id,
    source: bulkSource,
  };
}

function address({ bulk }: Context, { fileName }: BulkOperation): string {
  return `${bulk.resultsUrl}/${fileName}`;
}

export const bulkTypes: Readonly<Record<string, Fields>> = {
  BulkOperation: fields<BulkSource>({
    id: ({ operation }) => gid("BulkOperation", operation.id),
    status: ({ operation }) => operation.status,
    errorCode: ({ operation }) => operation.errorCode,
    type: ({ operation }) => operation.type,
    query: ({ operation }) => operation.query,
    createdAt: ({ operation }) => dateTime(operation.createdAt),
    completedAt: ({ operation }) => (operation.completedAt === null ? null : dateTime(operation.completedAt)),
    objectCount: ({ operation }) => String(operation.objectCount),
    rootObjectCount: ({ operation }) => String(operation.rootObjectCount),
    fileSize: ({ operation }) => (operation.fileSize === null ? null : String(operation.fileSize)),
    url: ({ operation }, _args, context) =>
      operation.status === "COMPLETED" && operation.objectCount > 0 ? address(context, operation) : null,
    partialDataUrl: ({ operation }, _args, context) =>
      (operation.status === "FAILED" || operation.status === "CANCELED") && operation.objectCount > 0
        ? address(context, operation)
        : null,
  }),
};
