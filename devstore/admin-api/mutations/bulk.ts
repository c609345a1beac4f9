/** Mutations that start and stop bulk operations, and the places for their uploads. */
import { randomUUID } from "node:crypto";
import { startBulkMutation } from "../bulk/mutation.ts";
import { startBulkQuery } from "../bulk/query.ts";
import type { BulkOperation } from "../bulk/registry.ts";
import { cancelBulkOperation } from "../bulk/run.ts";
import type { Context } from "../context.ts";
import { notSimulated, userError, type UserError } from "../errors.ts";
import { parseGid } from "../ids.ts";
import { bulkSource, findBulkOperation } from "../model/bulk.ts";
import { fields } from "../model/fields.ts";

function payload(outcome: BulkOperation | UserError) {
  return "status" in outcome
    ? { bulkOperation: bulkSource(outcome), userErrors: [] }
    : { bulkOperation: null, userErrors: [outcome] };
}

interface StagedInput {
  resource: string;
  filename: string;
  mimeType: string;
  httpMethod?: string | null;
}

function stage({ bulk, shop }: Context, { resource, filename, mimeType, httpMethod }: StagedInput) {
  if (resource !== "BULK_MUTATION_VARIABLES") throw notSimulated(`Staged upload of ${resource}`);
  if (httpMethod !== "POST") throw notSimulated("Staged upload by PUT");
  if (mimeType !== "text/jsonl") throw notSimulated(`Staged upload as ${mimeType}`);
  const key = `tmp/${shop.id}/bulk/${randomUUID()}/${filename}`;
  bulk.stagedUploads.set(key, { key, shopDomain: shop.domain, content: null });
  return {
    url: `${bulk.baseUrl}/staged-uploads`,
    resourceUrl: null,
    parameters: [
      { name: "key", value: key },
      { name: "success_action_status", value: "201" },
      { name: "acl", value: "private" },
    ],
  };
}

export const bulkMutations = fields<unknown>({
  bulkOperationRunQuery: (_source, args, context) =>
    payload(startBulkQuery(context, String(args["query"]), args["groupObjects"] === true)),
  bulkOperationRunMutation: (_source, args, context) =>
    payload(startBulkMutation(context, String(args["mutation"]), String(args["stagedUploadPath"]))),
  bulkOperationCancel: (_source, args, context) => {
    const operation = findBulkOperation(parseGid(String(args["id"]))?.id ?? 0, context);
    if (!operation) {
      return { bulkOperation: null, userErrors: [userError(["id"], "Bulk operation does not exist")] };
    }
    const cancelled = cancelBulkOperation(context, operation);
    const message = `A bulk operation cannot be canceled when it is ${operation.status.toLowerCase()}`;
    return {
      bulkOperation: bulkSource(operation),
      userErrors: cancelled ? [] : [userError(["id"], message)],
    };
  },
  stagedUploadsCreate: (_source, args, context) => ({
    stagedTargets: (args["input"] as StagedInput[]).map((input) => stage(context, input)),
    userErrors: [],
  }),
});
