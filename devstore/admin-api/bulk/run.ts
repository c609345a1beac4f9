/** Runs bulk operations beside the answering of requests: in short slices, into a file. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { link } from "node:fs/promises";
import { GraphQLError } from "graphql";
import { strikes } from "../../state/chaos.ts";
import { announceBulkOperation } from "../../state/shop-actions.ts";
import { newId, now } from "../../state/world.ts";
import type { Context } from "../context.ts";
import type { Written } from "./lines.ts";
import { heldResults } from "./held-results.ts";
import { refreshed, resultFile, type BulkOperation } from "./registry.ts";

/** How long a slice may hold up others. */
const SLICE_MS = 10;
const CHUNK_LINES = 512;
/** A failing operation stops after this many lines, so that there is a partial result. */
const LINES_BEFORE_FAULT = 100;

type Lines = AsyncIterable<Written> | Iterable<Written>;

/** Enters an operation and starts it once the answer that tells of it can go out. */
export function startBulkOperation(
  context: Context,
  type: BulkOperation["type"],
  query: string,
  lines: () => Lines,
): BulkOperation {
  const { bulk, world, shop } = context;
  const operation: BulkOperation = {
    id: newId(world, "bulkOperation"),
    shopDomain: shop.domain,
    type,
    query,
    status: "CREATED",
    errorCode: null,
    createdAt: now(world),
    completedAt: null,
    objectCount: 0,
    rootObjectCount: 0,
    fileSize: null,
    fileName: `${randomUUID()}.jsonl`,
    stalled: false,
    addressEnded: false,
  };
  bulk.operations.set(operation.id, operation);
  const run = pause().then(() => runOperation(context, operation, lines));
  bulk.running.add(run);
  void run.finally(() => bulk.running.delete(run));
  return operation;
}

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

async function runOperation(context: Context, operation: BulkOperation, lines: () => Lines): Promise<void> {
  const { bulk, world } = context;
  const fault = strikes(world, "stallBulk") ? "stall" : strikes(world, "failBulk") ? "fail" : null;
  const held = operation.type === "QUERY" && !fault ? heldResults(context, operation.query) : null;
  const known = held?.byQuestion.get(held.question);
  if (known) return copyResult(context, known, operation);
  const file = createWriteStream(resultFile(bulk, operation));
  try {
    if (operation.status === "CREATED") operation.status = "RUNNING";
    await writeLines(context, operation, file, lines, fault);
  } catch (error) {
    fail(operation, error);
  }
  file.end();
  await once(file, "close");
  operation.fileSize = file.bytesWritten;
  if (fault === "stall" && operation.status === "RUNNING") {
    operation.stalled = true;
    return;
  }
  finish(context, operation, fault === "fail");
  // A change meanwhile has put other results in these ones' place.
  if (operation.status === "COMPLETED") held?.byQuestion.set(held.question, operation);
}

/** Under a name of its own, so that each operation's address ends by itself. */
async function copyResult(context: Context, known: BulkOperation, operation: BulkOperation): Promise<void> {
  await link(resultFile(context.bulk, known), resultFile(context.bulk, operation));
  const { objectCount, rootObjectCount, fileSize } = known;
  if (operation.status === "CREATED") operation.status = "RUNNING";
  Object.assign(operation, { objectCount, rootObjectCount, fileSize });
  finish(context, operation, false);
}

function fail(operation: BulkOperation, error: unknown): void {
  operation.status = "FAILED";
  const denied = error instanceof GraphQLError && error.extensions["code"] === "ACCESS_DENIED";
  operation.errorCode = denied ? "ACCESS_DENIED" : "INTERNAL_SERVER_ERROR";
  // Anything else is a fault of the local Shopify, or something that it does not model.
  if (!denied) console.error(`Bulk operation ${operation.id} failed:`, error);
}

async function writeLines(
  { bulk }: Context,
  operation: BulkOperation,
  file: WriteStream,
  lines: () => Lines,
  fault: "fail" | "stall" | null,
): Promise<void> {
  let chunk: string[] = [];
  let sliceEnds = performance.now() + SLICE_MS;
  const all = lines();
  const iterator: Iterator<Written, void> | AsyncIterator<Written, void> =
    Symbol.iterator in all ? all[Symbol.iterator]() : all[Symbol.asyncIterator]();
  for (;;) {
    const next = iterator.next();
    // Lines that are at hand do not wait for a promise each.
    const step = next instanceof Promise ? await next : next;
    if (step.done) break;
    chunk.push(step.value.line);
    operation.objectCount += 1;
    if (step.value.isRoot) operation.rootObjectCount += 1;
    if (fault && operation.objectCount >= LINES_BEFORE_FAULT) break;
    if (chunk.length < CHUNK_LINES) continue;
    await write(file, chunk);
    chunk = [];
    if (performance.now() < sliceEnds) continue;
    await pause();
    if (operation.status === "CANCELING" || bulk.stopping) return;
    sliceEnds = performance.now() + SLICE_MS;
  }
  await write(file, chunk);
}

async function write(file: WriteStream, chunk: readonly string[]): Promise<void> {
  if (chunk.length > 0 && !file.write(`${chunk.join("\n")}\n`)) await once(file, "drain");
}

/** Settles how the run ended, and tells the app. */
function finish({ bulk, world, shop }: Context, operation: BulkOperation, faulty: boolean): void {
  operation.completedAt = now(world);
  if (operation.status === "CANCELING" || bulk.stopping) operation.status = "CANCELED";
  else if (faulty && operation.status === "RUNNING") {
    operation.status = "FAILED";
    operation.errorCode = "INTERNAL_SERVER_ERROR";
  } else if (operation.status === "RUNNING") operation.status = "COMPLETED";
  if (bulk.stopping) return;
  const { id, status, ...facts } = operation;
  if (status !== "CANCELED" && status !== "COMPLETED" && status !== "FAILED") return;
  announceBulkOperation(world, shop, {
    ...facts,
    bulkOperationId: id,
    status,
    completedAt: operation.completedAt,
  });
}

/** Asks an operation to stop; `null` where it has ended already. */
export function cancelBulkOperation(context: Context, operation: BulkOperation): BulkOperation | null {
  refreshed(operation, now(context.world));
  if (operation.status !== "CREATED" && operation.status !== "RUNNING") return null;
  operation.status = "CANCELING";
  if (operation.stalled) finish(context, operation, false);
  return operation;
}
