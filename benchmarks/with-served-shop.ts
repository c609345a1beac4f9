/** Serves a shop from a process of its own and opens each of the wanted databases anew, for as long as something is measured. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startLocalPostgres, type LocalPostgres } from "../scripts/local-postgres.ts";
import type { ServedShop } from "./sync/messages.ts";

const SERVER = path.join(import.meta.dirname, "sync/serve-shop.ts");

interface Wanted {
  /** In the names of folder and database. */
  name: string;
  databases: readonly string[];
  /** What the served shop is told. */
  env: Readonly<Record<string, string>>;
}

export async function withServedShop(
  { name, databases, env }: Wanted,
  measure: (database: string, url: string, shop: ServedShop) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), `perennial-bench-${name}-`));
  const shopify = fork(SERVER, { env: { ...process.env, ...env } });
  let postgres: LocalPostgres | undefined;
  try {
    const [shop] = (await once(shopify, "message")) as [ServedShop];
    for (const database of databases) {
      if (database === "sqlite") {
        await measure(database, `file:${path.join(folder, "bench.db")}`, shop);
      } else {
        postgres = await startLocalPostgres({ durable: true });
        await measure(database, await postgres.create(name), shop);
      }
    }
  } finally {
    shopify.kill();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
