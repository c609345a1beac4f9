/** Moves pages of SQLite's log into the database in the background: within a commit it would lengthen the time under the write lock. */
import { statSync } from "node:fs";
import type Sqlite from "better-sqlite3";

/** Pages of 4 kB in the log from which on they are moved. */
const PAGES_PER_CHECKPOINT = 1000;

/** For connections that commit where others wait: they move pages only if nobody else has for ten times as long. */
export const RARE_CHECKPOINTS = `PRAGMA wal_autocheckpoint = ${10 * PAGES_PER_CHECKPOINT};`;

/** Takes no lock that a writer or a reader would wait for. */
export function checkpoint(connection: Sqlite.Database, file: string): void {
  const pages = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (pages / 4096 > PAGES_PER_CHECKPOINT) connection.pragma("wal_checkpoint(PASSIVE)");
}
