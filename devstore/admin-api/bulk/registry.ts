/** The bulk operations that were started since this local Shopify runs, with the files of their results. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ShopState } from "../../state/model.ts";

type BulkStatus = "CANCELED" | "CANCELING" | "COMPLETED" | "CREATED" | "EXPIRED" | "FAILED" | "RUNNING";

export interface BulkOperation {
  id: number;
  shopDomain: string;
  type: "MUTATION" | "QUERY";
  query: string;
  status: BulkStatus;
  errorCode: "ACCESS_DENIED" | "INTERNAL_SERVER_ERROR" | "TIMEOUT" | null;
  createdAt: number;
  completedAt: number | null;
  objectCount: number;
  rootObjectCount: number;
  fileSize: number | null;
  /** The name under which the result is fetched: unguessable, as a signed address is. */
  fileName: string;
  /** Chaos lets it run for ever. */
  stalled: boolean;
  /** Chaos lets its address end at the first look. */
  addressEnded: boolean;
}

interface StagedUpload {
  key: string;
  shopDomain: string;
  content: string | null;
}

export interface BulkRegistry {
  operations: Map<number, BulkOperation>;
  /** What an unchanged shop answered already: the same question is not worked out twice. */
  results: WeakMap<ShopState, { revision: number; byQuestion: Map<string, BulkOperation> }>;
  stagedUploads: Map<string, StagedUpload>;
  folder: string;
  /** The address of this server, once it listens. */
  baseUrl: string;
  /** Under which results are handed out: this server's, unless another one does it. */
  resultsUrl: string;
  /** Runs that have not ended, so that a stop can wait for them. */
  running: Set<Promise<void>>;
  stopping: boolean;
}

const RESULT_DAYS = 7;
const TIMEOUT_DAYS = 10;
const DAY = 86_400_000;

export function createBulkRegistry(): BulkRegistry {
  return {
    operations: new Map(),
    results: new WeakMap(),
    stagedUploads: new Map(),
    folder: mkdtempSync(path.join(tmpdir(), "devstore-bulk-")),
    baseUrl: "",
    resultsUrl: "",
    running: new Set(),
    stopping: false,
  };
}

export async function closeBulkRegistry(registry: BulkRegistry): Promise<void> {
  registry.stopping = true;
  await Promise.all(registry.running);
  rmSync(registry.folder, { recursive: true, force: true });
}

export function resultFile(registry: BulkRegistry, operation: BulkOperation): string {
  return path.join(registry.folder, operation.fileName);
}

/** What has come of an operation by now: addresses end and stalled runs time out by the world's clock. */
export function refreshed(operation: BulkOperation, at: number): BulkOperation {
  const { status, completedAt, createdAt, stalled } = operation;
  if (status === "COMPLETED" && completedAt !== null) {
    if (operation.addressEnded || at - completedAt >= RESULT_DAYS * DAY) operation.status = "EXPIRED";
  }
  if (status === "RUNNING" && stalled && at - createdAt >= TIMEOUT_DAYS * DAY) {
    operation.status = "FAILED";
    operation.errorCode = "TIMEOUT";
    operation.completedAt = at;
  }
  return operation;
}

export function isActive({ status }: BulkOperation): boolean {
  return status === "CREATED" || status === "RUNNING" || status === "CANCELING";
}
