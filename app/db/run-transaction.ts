/** Runs one interactive transaction, again where the database asks for that, and never inside another one. */
import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { failpoint } from "../observability/failpoint.ts";
import type { Prisma, PrismaClient } from "./generated/sqlite/client.ts";
import type { WriteLock } from "./write-lock.ts";

const ATTEMPTS = 8;
const USUAL_TIMEOUT_MS = 120_000;
const inside = new AsyncLocalStorage<true>();

export async function runTransaction<T>(
  client: PrismaClient,
  work: (prisma: Prisma.TransactionClient) => Promise<T>,
  { lock, timeoutMs = USUAL_TIMEOUT_MS }: { lock?: WriteLock; timeoutMs?: number } = {},
): Promise<T> {
  if (inside.getStore()) throw new Error("a write cannot start inside another one: pass the transaction on");
  const attempt = () => inside.run(true, () => committed(client, work, timeoutMs));
  return retried(() => (lock ? lock.run(attempt) : attempt()));
}

async function committed<T>(
  client: PrismaClient,
  work: (prisma: Prisma.TransactionClient) => Promise<T>,
  timeout: number,
): Promise<T> {
  const worked = async (prisma: Prisma.TransactionClient) => {
    const result = await work(prisma);
    failpoint("write:before-commit");
    return result;
  };
  const result = await client.$transaction(worked, { maxWait: 60_000, timeout });
  failpoint("write:after-commit");
  return result;
}

/** Serialization failures, deadlocks and tables that were changed meanwhile (PostgreSQL), and a lock held by another process (SQLite). */
const AGAIN = /^(40001|40P01|P2034|P1008|TABLES_CHANGED|SQLITE_BUSY\w*)$/;

function isTransient(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { code, originalCode, cause, meta } = error as Record<string, unknown>;
  if ([code, originalCode].some((value) => typeof value === "string" && AGAIN.test(value))) return true;
  const { driverAdapterError } = (meta ?? {}) as Record<string, unknown>;
  return isTransient(cause) || isTransient(driverAdapterError);
}

/** Repeats `run` while it fails by the fault of a neighbour, with growing random pauses. */
export async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransient(error)) throw error;
      await sleep(Math.random() * 10 * 2 ** attempt);
    }
  }
}
