/** Starts a bulk query after Shopify's checks. */
import { GraphQLError } from "graphql";
import { accessRules } from "../access.ts";
import type { Context } from "../context.ts";
import { userError, type UserError } from "../errors.ts";
import { queryRoot } from "../model/query-root.ts";
import { types } from "../model/types.ts";
import { prepare } from "../schemas.ts";
import { linesOf } from "./lines.ts";
import { compileProjection } from "./projection.ts";
import { isActive, refreshed, type BulkOperation } from "./registry.ts";
import { checkBulkQuery } from "./rules.ts";
import { startBulkOperation } from "./run.ts";

export const MAX_ACTIVE = 5;

const tables = { ...types, QueryRoot: queryRoot };

/** Whether another operation of the type may start in the shop. */
export function hasRoom({ bulk, shop, now }: Context, type: BulkOperation["type"]): boolean {
  const active = [...bulk.operations.values()].filter(
    (one) => one.shopDomain === shop.domain && one.type === type && isActive(refreshed(one, now)),
  );
  return active.length < MAX_ACTIVE;
}

export function startBulkQuery(
  context: Context,
  query: string,
  groupObjects: boolean,
): BulkOperation | UserError {
  const { admin } = context;
  if (groupObjects)
    return userError(["groupObjects"], "The local Shopify does not group objects.", "INVALID");
  const prepared = prepare(admin, query);
  if (!prepared.ok) {
    return userError(["query"], `Invalid bulk query: ${prepared.errors[0]?.message ?? ""}`, "INVALID");
  }
  const checked = checkBulkQuery(admin.schema, prepared.document);
  if (typeof checked === "string") return userError(["query"], checked, "INVALID");
  if (!hasRoom(context, "QUERY")) {
    return userError(
      null,
      `There are already ${MAX_ACTIVE} bulk query operations in progress for this app and shop.`,
      "LIMIT_REACHED",
    );
  }
  const compile = () => compileProjection(admin.schema, tables, accessRules(admin), checked, context);
  refuseUnmodelled(compile);
  return startBulkOperation(context, "QUERY", query, () => linesOf(compile()));
}

/** A denied query starts and then fails; what is not modelled is refused at once. */
function refuseUnmodelled(compile: () => unknown): void {
  try {
    compile();
  } catch (error) {
    if (error instanceof GraphQLError && error.extensions["code"] === "ACCESS_DENIED") return;
    throw error;
  }
}
