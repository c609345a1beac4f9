/**
 * Bulk operations: started, followed by their id, and read as a stream that survives cut connections. What arrived is
 * held against Shopify's own counts, so that a short file is an error and never a short history.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { failpoint } from "../observability/failpoint.ts";
import { giveWay } from "../observability/give-way.ts";
import type { AdminClient } from "./admin-client.server.ts";
import type { Assembly, BulkRow } from "./bulk-assembly.ts";
import { lineSplitter } from "./jsonl.ts";
import {
  BULK_OPERATION,
  CANCEL_BULK_OPERATION,
  RECENT_BULK_OPERATIONS,
  RUN_BULK_MUTATION,
  RUN_BULK_QUERY,
  STAGE_UPLOAD,
} from "./operations/bulk.ts";
import { ShopifyError } from "./shopify-error.ts";
import { shopifyFetch, type Fetch } from "./shopify-fetch.server.ts";

/** Starting can meet Shopify's limit of operations at a time: an expected outcome. */
export type BulkStart = { ok: true; id: string } | { ok: false; reason: "limit-reached" };

export async function startBulkQuery(client: AdminClient, query: string): Promise<BulkStart> {
  const { bulkOperationRunQuery } = await client.request(RUN_BULK_QUERY, { query });
  return startOf(bulkOperationRunQuery);
}

interface StartPayload {
  bulkOperation?: { id: string } | null | undefined;
  userErrors: readonly { code?: string | null | undefined; message: string }[];
}

function startOf(payload: StartPayload | null | undefined): BulkStart {
  const errors = payload?.userErrors ?? [];
  if (errors.some(({ code }) => code === "LIMIT_REACHED" || code === "OPERATION_IN_PROGRESS")) {
    return { ok: false, reason: "limit-reached" };
  }
  if (errors.length > 0 || !payload?.bulkOperation) {
    const codes = errors.flatMap(({ code }) => code ?? []);
    throw new ShopifyError(
      "refused",
      errors.map(({ message }) => message).join("; ") || "No bulk operation.",
      { codes },
    );
  }
  return { ok: true, id: payload.bulkOperation.id };
}

/** The id of an unfinished operation of the same query: one whose start was answered to nobody. */
export async function findRunningBulkQuery(client: AdminClient, query: string): Promise<string | null> {
  const { bulkOperations } = await client.request(RECENT_BULK_OPERATIONS);
  const found = bulkOperations.nodes.find(
    (operation) =>
      operation.query.trim() === query.trim() &&
      (operation.status === "CREATED" || operation.status === "RUNNING"),
  );
  return found?.id ?? null;
}

/** Brings the variables of a bulk mutation, a line for each call and 100 MB at most, to where Shopify reads them; answers the path. */
export async function uploadLines(
  client: AdminClient,
  lines: readonly string[],
  { fetch = shopifyFetch, signal }: Pick<DownloadOptions, "fetch" | "signal"> = {},
): Promise<string> {
  const input = {
    ...{ resource: "BULK_MUTATION_VARIABLES", httpMethod: "POST" },
    ...{ filename: "variables.jsonl", mimeType: "text/jsonl" },
  } as const;
  const { stagedUploadsCreate } = await client.request(STAGE_UPLOAD, { input: [input] });
  const [target] = stagedUploadsCreate?.stagedTargets ?? [];
  const path = target?.parameters.find(({ name }) => name === "key")?.value;
  if (!target?.url || path === undefined) {
    const message = stagedUploadsCreate?.userErrors[0]?.message ?? "Shopify gave no place for a file.";
    throw new ShopifyError("refused", message);
  }
  const form = new FormData();
  for (const { name, value } of target.parameters) form.append(name, value);
  // The storage reads what stands before the file only.
  form.append("file", new Blob([lines.join("\n")], { type: input.mimeType }), input.filename);
  failpoint("shopify:before-upload");
  const timeout = AbortSignal.timeout(UPLOAD_MS);
  const response = await fetch(target.url, {
    ...{ method: "POST", body: form },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ShopifyError("network", "The file could not be brought to Shopify.", { cause: error });
  });
  failpoint("shopify:after-upload");
  await response.arrayBuffer();
  if (!response.ok) {
    const { status } = response;
    throw new ShopifyError(status >= 500 ? "server" : "refused", `Shopify's storage answered ${status}.`, {
      status,
    });
  }
  return path;
}

const UPLOAD_MS = 5 * 60_000;

/** Runs a mutation once for each line of a file that was brought to Shopify. */
export async function startBulkMutation(
  client: AdminClient,
  mutation: string,
  stagedUploadPath: string,
): Promise<BulkStart> {
  const { bulkOperationRunMutation } = await client.request(RUN_BULK_MUTATION, {
    ...{ mutation, stagedUploadPath },
  });
  return startOf(bulkOperationRunMutation);
}

/** The id of a recent operation of the same text, ended or not: one whose start was answered to nobody. */
export async function findBulkMutation(client: AdminClient, mutation: string): Promise<string | null> {
  const { bulkOperations } = await client.request(RECENT_BULK_OPERATIONS);
  return bulkOperations.nodes.find(({ query }) => query.trim() === mutation.trim())?.id ?? null;
}

/** Where a bulk operation stands. */
export type BulkState =
  | { state: "running"; objectCount: number }
  | { state: "done"; result: BulkResult }
  /** Stopped before its end; under `partialUrl` is what was ready, if anything was. */
  | {
      state: "stopped";
      status: "CANCELED" | "EXPIRED" | "FAILED";
      errorCode: string | null;
      partialUrl: string | null;
    }
  /** Shopify does not know it (any more). */
  | { state: "unknown" };

export interface BulkResult {
  /** `null` where nothing was found. */
  url: string | null;
  objectCount: number;
  rootObjectCount: number;
}

export async function pollBulkOperation(client: AdminClient, id: string): Promise<BulkState> {
  const { bulkOperation: operation } = await client.request(BULK_OPERATION, { id });
  if (!operation) return { state: "unknown" };
  const objectCount = Number(operation.objectCount);
  switch (operation.status) {
    case "CREATED":
    case "RUNNING":
    case "CANCELING":
      return { state: "running", objectCount };
    case "COMPLETED":
      return {
        state: "done",
        result: {
          url: operation.url ?? null,
          objectCount,
          rootObjectCount: Number(operation.rootObjectCount),
        },
      };
    case "CANCELED":
    case "EXPIRED":
    case "FAILED":
      return {
        ...{ state: "stopped", status: operation.status, errorCode: operation.errorCode ?? null },
        partialUrl: operation.partialDataUrl ?? null,
      };
  }
}

/** Asks Shopify to stop an operation; one that has ended is left as it is. */
export async function cancelBulkOperation(client: AdminClient, id: string): Promise<void> {
  await client.request(CANCEL_BULK_OPERATION, { id });
}

export interface DownloadOptions {
  fetch?: Fetch;
  signal?: AbortSignal;
  /** Without a byte for this long the connection counts as cut. */
  idleMs?: number;
}

const ATTEMPTS = 5;
const IDLE_MS = 30_000;

/**
 * Reads a finished operation's rows into an assembly and returns its records. A cut connection is taken up again where it
 * ended if the server can, and else from the start; an address that expired or counts that do not agree are errors that
 * say so (kind `bulk`), after which the operation is run again.
 */
export async function readBulkResult<Root>(
  result: BulkResult,
  assembly: () => Assembly<Root>,
  options: DownloadOptions = {},
): Promise<Root[]> {
  if (result.url === null) return [];
  const { rows } = await download(result.url, () => intoAssembly(assembly()), options);
  if (rows.objectCount !== result.objectCount || rows.rootCount !== result.rootObjectCount) {
    throw new ShopifyError(
      "bulk",
      `The bulk result has ${rows.objectCount} objects (${rows.rootCount} roots) of ${result.objectCount} (${result.rootObjectCount}).`,
      { codes: ["INCOMPLETE"] },
    );
  }
  return rows.finish();
}

/** Reads any result's lines: each as it comes, and all once more from the start where a cut connection cannot be taken up again. */
export async function readBulkLines<Lines extends LineTaker>(
  url: string,
  lines: () => Lines,
  options: DownloadOptions = {},
): Promise<Lines> {
  return download(url, lines, options);
}

interface LineTaker {
  take(line: string): void;
}

function intoAssembly<Root>(rows: Assembly<Root>) {
  return { rows, take: (line: string) => rows.add(parseRow(line)) };
}

/** What has arrived so far. With an entity tag a cut download goes on from `received`. */
interface Progress<Lines> {
  lines: Lines;
  splitter: ReturnType<typeof lineSplitter>;
  received: number;
  etag: string | null;
}

function noProgress<Lines extends LineTaker>(begin: () => Lines): Progress<Lines> {
  const lines = begin();
  return {
    lines,
    splitter: lineSplitter((line) => {
      giveWay();
      lines.take(line);
    }),
    received: 0,
    etag: null,
  };
}

async function download<Lines extends LineTaker>(
  url: string,
  begin: () => Lines,
  options: DownloadOptions,
): Promise<Lines> {
  const progress = noProgress(begin);
  for (let attempt = 1; ; attempt++) {
    try {
      failpoint("shopify:before-download");
      await continueDownload(url, progress, begin, options);
      failpoint("shopify:after-download");
      return progress.lines;
    } catch (error) {
      if (error instanceof ShopifyError || options.signal?.aborted) throw error;
      if (attempt === ATTEMPTS) {
        const message = "The bulk result could not be read to its end.";
        throw new ShopifyError("cut-answer", message, { cause: error });
      }
      if (progress.etag === null) Object.assign(progress, noProgress(begin));
      await sleep(Math.min(5000, 100 * 2 ** attempt) * (0.5 + Math.random() / 2));
    }
  }
}

async function continueDownload<Lines extends LineTaker>(
  url: string,
  progress: Progress<Lines>,
  begin: () => Lines,
  { fetch = shopifyFetch, signal, idleMs = IDLE_MS }: DownloadOptions,
): Promise<void> {
  const idle = new AbortController();
  const watchdog = setTimeout(() => idle.abort(new Error("no byte came in time")), idleMs);
  try {
    const response = await fetch(url, {
      headers: resumingHeaders(progress),
      signal: signal ? AbortSignal.any([signal, idle.signal]) : idle.signal,
    });
    refuseExpired(response.status);
    if (!response.ok || !response.body) throw new Error(`the address answered ${response.status}`);
    if (response.status !== 206) Object.assign(progress, noProgress(begin));
    // A compressed body cannot be taken up in its middle.
    const isCompressed = response.headers.get("content-encoding") !== null;
    progress.etag = isCompressed ? null : response.headers.get("etag");
    const promised = isCompressed ? NaN : Number(response.headers.get("content-length") ?? NaN);
    let arrived = 0;
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      watchdog.refresh();
      progress.splitter.push(part.value);
      progress.received += part.value.byteLength;
      arrived += part.value.byteLength;
    }
    if (arrived < promised) throw new Error("the body is shorter than promised");
    progress.splitter.end();
  } finally {
    clearTimeout(watchdog);
  }
}

function resumingHeaders({ received, etag }: Progress<unknown>): Record<string, string> {
  if (received === 0 || etag === null) return { "Accept-Encoding": "gzip" };
  return { "Accept-Encoding": "identity", Range: `bytes=${received}-`, "If-Range": etag };
}

function refuseExpired(status: number): void {
  if (status !== 403 && status !== 404 && status !== 410) return;
  const facts = { status, codes: ["ADDRESS_EXPIRED"] };
  throw new ShopifyError("bulk", "The address of the bulk result has expired.", facts);
}

function parseRow(line: string): BulkRow {
  const row: unknown = JSON.parse(line);
  if (typeof row !== "object" || row === null || !("id" in row) || typeof row.id !== "string") {
    throw new ShopifyError("bulk", "A row of the bulk result has no id.");
  }
  return row as BulkRow;
}
