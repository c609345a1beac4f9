/**
 * The Job table seen by the worker that empties it, on SQLite only: claims, outcomes, leases. On an own connection with
 * prepared statements, because a claim through an interactive Prisma transaction costs ten times as much, and every writer of
 * the process waits for it.
 */
import Database from "better-sqlite3";
import { checkpoint, RARE_CHECKPOINTS } from "../bulk/checkpoint.sqlite.ts";
import { retried } from "../run-transaction.ts";
import type { SqliteDatabase } from "../database.server.ts";
import { SQLITE_PRAGMAS, SYNCED_BESIDE } from "../sqlite.server.ts";

export interface JobRow {
  rowid: number;
  shopId: number;
  id: string;
  kind: string;
  payload: string;
  attempts: number;
  maxAttempts: number;
}

/** What to store for a job that this worker holds; `delete` when it is done. */
export interface Settlement {
  rowid: number;
  id: string;
  change:
    | { to: "delete" }
    | { to: "wait"; runAt: number; attempts: number; lastError: string | null }
    | { to: "dead"; at: number; lastError: string };
}

export interface JobTable {
  /** Stores outcomes and claims up to `limit` due jobs, in one transaction. `lost` counts outcomes of jobs held by others by now. */
  settleAndClaim(
    settlements: readonly Settlement[],
    limit: number,
    kinds: readonly string[],
    now: number,
  ): Promise<{ claimed: JobRow[]; lost: number }>;
  /** When the next waiting job is due; `null` when none waits. */
  nextRunAt(kinds: readonly string[]): number | null;
  /** Workers other than this one that hold jobs, and when they last said that they live. */
  otherHolders(): { lockedBy: string; seenAt: number }[];
  /** Says that this worker still runs its jobs. */
  renew(now: number): Promise<void>;
  /** Gives the jobs of dead workers back, and buries those that have used their last attempt. */
  recover(holders: readonly string[], now: number): Promise<number>;
  /** Moves SQLite's log into the database, where it has grown long. */
  checkpoint(): void;
  close(): void;
}

/** The head of a serial queue waits while one of the queue runs; the others wait for the head. */
const CLAIM = `
  UPDATE "Job" SET "lockedAt" = :now, "lockedBy" = :holder, "attempts" = "attempts" + 1
  WHERE rowid IN (
    SELECT job.rowid FROM "Job" job
    WHERE job."deadAt" IS NULL AND job."lockedAt" IS NULL AND job."runAt" <= :now
      AND job."kind" IN (SELECT value FROM json_each(:kinds))
      AND (job."queue" IS NULL OR (
        NOT EXISTS (SELECT 1 FROM "Job" busy WHERE busy."shopId" = job."shopId" AND busy."queue" = job."queue"
          AND busy."lockedAt" IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM "Job" ahead WHERE ahead."shopId" = job."shopId" AND ahead."queue" = job."queue"
          AND ahead."lockedAt" IS NULL AND ahead."deadAt" IS NULL AND ahead."runAt" <= job."runAt"
          AND (ahead."runAt" < job."runAt" OR ahead.rowid < job.rowid))))
    ORDER BY job."runAt", job.rowid LIMIT :limit)
  RETURNING rowid, "shopId", "id", "kind", "payload", "attempts", "maxAttempts", "runAt"`;

const HELD = `WHERE rowid = :rowid AND "id" = :id AND "lockedBy" = :holder`;

/** Failed, put off or given back: a superseded job (maxAttempts 0) is dropped instead. */
const DROP_SUPERSEDED = `DELETE FROM "Job" ${HELD} AND "maxAttempts" = 0`;
const WAIT = `UPDATE "Job" SET "lockedAt" = NULL, "lockedBy" = NULL, "runAt" = :runAt, "attempts" = :attempts, "lastError" = :lastError ${HELD}`;
const BURY = `UPDATE "Job" SET "lockedAt" = NULL, "lockedBy" = NULL, "deadAt" = :at, "lastError" = :lastError ${HELD}`;

export function openJobTable(db: SqliteDatabase, holder: string): JobTable {
  const connection = new Database(db.file);
  connection.exec(`${SQLITE_PRAGMAS} ${SYNCED_BESIDE} ${RARE_CHECKPOINTS}`);
  // Another process's lock is waited for between attempts, not in here, where it would stop the event loop.
  connection.pragma("busy_timeout = 20");
  const statement = {
    claim: connection.prepare(CLAIM),
    remove: connection.prepare(`DELETE FROM "Job" ${HELD}`),
    dropSuperseded: connection.prepare(DROP_SUPERSEDED),
    wait: connection.prepare(WAIT),
    bury: connection.prepare(BURY),
    next: connection.prepare(
      `SELECT min("runAt") AS "runAt" FROM "Job" WHERE "deadAt" IS NULL AND "lockedAt" IS NULL
       AND "kind" IN (SELECT value FROM json_each(?))`,
    ),
    holders: connection.prepare(
      `SELECT "lockedBy", max("lockedAt") AS "seenAt" FROM "Job"
       WHERE "deadAt" IS NULL AND "lockedAt" IS NOT NULL AND "lockedBy" <> ? GROUP BY "lockedBy"`,
    ),
    renew: connection.prepare(
      `UPDATE "Job" SET "lockedAt" = ? WHERE "deadAt" IS NULL AND "lockedAt" IS NOT NULL AND "lockedBy" = ?`,
    ),
    forget: connection.prepare(
      `DELETE FROM "Job" WHERE "deadAt" IS NULL AND "lockedAt" IS NOT NULL AND "maxAttempts" = 0
         AND "lockedBy" IN (SELECT value FROM json_each(?))`,
    ),
    recover: connection.prepare(
      `UPDATE "Job" SET "lockedAt" = NULL, "lockedBy" = NULL,
         "deadAt" = CASE WHEN "attempts" >= "maxAttempts" THEN :now END,
         "lastError" = CASE WHEN "attempts" >= "maxAttempts" THEN 'Its worker died while running it.' ELSE "lastError" END
       WHERE "deadAt" IS NULL AND "lockedAt" IS NOT NULL AND "lockedBy" IN (SELECT value FROM json_each(:holders))`,
    ),
  };

  function settle({ rowid, id, change }: Settlement): boolean {
    const held = { rowid, id, holder };
    if (change.to === "delete") return statement.remove.run(held).changes > 0;
    if (statement.dropSuperseded.run(held).changes > 0) return true;
    if (change.to === "dead")
      return statement.bury.run({ ...held, at: change.at, lastError: change.lastError }).changes > 0;
    const { runAt, attempts, lastError } = change;
    return statement.wait.run({ ...held, runAt, attempts, lastError }).changes > 0;
  }

  const settleAndClaim = connection.transaction(
    (settlements: readonly Settlement[], limit: number, kinds: readonly string[], now: number) => {
      const lost = settlements.filter((settlement) => !settle(settlement)).length;
      if (limit === 0) return { claimed: [], lost };
      const rows = statement.claim.all({ now, holder, limit, kinds: JSON.stringify(kinds) }) as (JobRow & {
        runAt: number;
      })[];
      // RETURNING promises no order.
      return { claimed: rows.sort((a, b) => a.runAt - b.runAt || a.rowid - b.rowid), lost };
    },
  );
  const recover = connection.transaction((holders: readonly string[], now: number) => {
    const names = JSON.stringify(holders);
    statement.forget.run(names);
    return statement.recover.run({ now, holders: names }).changes;
  });
  // What a job does rests on what asked for it, and must not outlive it.
  async function underLock<T>(work: () => T): Promise<T> {
    const result = await retried(() => db.lock.run(async () => work()));
    await db.synced();
    return result;
  }

  return {
    settleAndClaim: (settlements, limit, kinds, now) =>
      underLock(() => settleAndClaim.immediate(settlements, limit, kinds, now)),
    nextRunAt: (kinds) => (statement.next.get(JSON.stringify(kinds)) as { runAt: number | null }).runAt,
    otherHolders: () => statement.holders.all(holder) as { lockedBy: string; seenAt: number }[],
    renew: (now) => underLock(() => void statement.renew.run(now, holder)),
    recover: (holders, now) => underLock(() => recover.immediate(holders, now)),
    checkpoint: () => checkpoint(connection),
    close: () => void connection.close(),
  };
}
