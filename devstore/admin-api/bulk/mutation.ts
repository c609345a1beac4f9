/** Starts a bulk mutation: one mutation, run once for every line of variables that was uploaded. */
import { Kind, OperationTypeNode, type DocumentNode } from "graphql";
import { z } from "zod";
import type { Context } from "../context.ts";
import { userError, type UserError } from "../errors.ts";
import { prepare } from "../schemas.ts";
import type { Written } from "./lines.ts";
import { hasRoom, MAX_ACTIVE } from "./query.ts";
import type { BulkOperation } from "./registry.ts";
import { startBulkOperation } from "./run.ts";

const line = z.record(z.string(), z.unknown());

export function startBulkMutation(
  context: Context,
  mutation: string,
  stagedUploadPath: string,
): BulkOperation | UserError {
  const prepared = prepare(context.admin, mutation);
  if (!prepared.ok) {
    return userError(
      ["mutation"],
      `Invalid bulk mutation: ${prepared.errors[0]?.message ?? ""}`,
      "INVALID_MUTATION",
    );
  }
  if (!isOneMutation(prepared.document)) {
    return userError(["mutation"], "Bulk mutations must contain exactly one mutation.", "INVALID_MUTATION");
  }
  const upload = context.bulk.stagedUploads.get(stagedUploadPath);
  const content = upload?.shopDomain === context.shop.domain ? upload.content : null;
  if (content === null) {
    return userError(
      ["stagedUploadPath"],
      "The JSONL file could not be found. Try uploading the file again, and check that you've entered the URL correctly for the stagedUploadPath mutation argument.",
      "NO_SUCH_FILE",
    );
  }
  if (!hasRoom(context, "MUTATION")) {
    return userError(
      null,
      `There are already ${MAX_ACTIVE} bulk mutation operations in progress for this app and shop.`,
      "LIMIT_REACHED",
    );
  }
  return startBulkOperation(context, "MUTATION", mutation, () =>
    answers(context, prepared.document, content),
  );
}

function isOneMutation({ definitions }: DocumentNode): boolean {
  const operations = definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  return (
    operations.length === 1 &&
    operation?.operation === OperationTypeNode.MUTATION &&
    operation.selectionSet.selections.length === 1
  );
}

async function* answers(context: Context, document: DocumentNode, content: string): AsyncGenerator<Written> {
  const lines = content.split(/\r?\n/).filter((text) => text.trim() !== "");
  for (const [index, text] of lines.entries()) {
    const variables = parseLine(text);
    const { data, errors } = variables
      ? await context.execute(document, variables)
      : { data: undefined, errors: [{ message: "The line is no JSON object." }] };
    const answer = errors ? { ...(data && { data }), errors } : { data };
    yield { line: JSON.stringify({ ...answer, __lineNumber: index }), isRoot: true };
  }
}

function parseLine(text: string): Record<string, unknown> | null {
  try {
    return line.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
