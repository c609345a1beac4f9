/** Moves pages of SQLite's log into the database in the background: within a commit it would lengthen the time under the write lock. */
import type Sqlite from "better-sqlite3";

/** Pages of 4 kB in the log from which on they are moved. */
const PAGES_PER_CHECKPOINT = 1000;

/** For connections that commit where others wait: they move pages only if nobody else has for ten times as long. */
export const RARE_CHECKPOINTS = `PRAGMA wal_autocheckpoint = ${10 * PAGES_PER_CHECKPOINT};`;

/** By the log's own count of pages that are not in the database yet: its file keeps its size when it begins anew. */
export function isCheckpointDue(connection: Sqlite.Database): boolean {
  const [state] = connection.pragma("wal_checkpoint(NOOP)") as { log: number; checkpointed: number }[];
  return state !== undefined && state.log - state.checkpointed > PAGES_PER_CHECKPOINT;
}

/** Takes no lock that a writer or a reader would wait for. */
export function checkpoint(connection: Sqlite.Database): void {
  if (isCheckpointDue(connection)) connection.pragma("wal_checkpoint(PASSIVE)");
}
