/**
 * Counts that processes share for a minute, in a schema of their own on PostgreSQL: they belong to no shop, are worth nothing after a
 * crash (hence unlogged), and are made of hashes only. rate-limiter-flexible reads and writes them by the order of their columns.
 */
export const COUNTS = { schema: "perennial_counts", table: "counted" } as const;

export const CREATE_COUNTS = `CREATE SCHEMA IF NOT EXISTS "${COUNTS.schema}";
CREATE UNLOGGED TABLE IF NOT EXISTS "${COUNTS.schema}"."${COUNTS.table}" (
  "key" TEXT PRIMARY KEY, "points" INTEGER NOT NULL DEFAULT 0, "expire" BIGINT)`;
