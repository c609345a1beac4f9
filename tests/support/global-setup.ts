/**
 * What every test's database is a copy of. Starts no PostgreSQL by itself: the first test that needs one asks this process for it
 * over a local socket, so that a run of unit tests does not pay for one and the server ends with the run, however the run ends.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { migrateDatabase } from "../../app/db/migrate.server.ts";
import { startLocalPostgres, type LocalPostgres } from "../../scripts/local-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Connect to it and read one line: the address of a fresh, migrated PostgreSQL database. */
    databaseSocket: string;
    /** The file of a migrated SQLite database that nobody has open. */
    sqliteTemplate: string;
  }
}

async function startWithTemplate(): Promise<LocalPostgres> {
  const postgres = await startLocalPostgres();
  await migrateDatabase(await postgres.create("template"));
  return postgres;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-tests-"));
  const socket = path.join(folder, "databases");
  const template = path.join(folder, "template.db");
  await migrateDatabase(`file:${template}`);
  project.provide("sqliteTemplate", template);
  let postgres: Promise<LocalPostgres> | undefined;
  let made = 0;
  // One copy at a time: PostgreSQL refuses to copy a template that is being copied.
  let last: Promise<unknown> = Promise.resolve();
  const copy = (): Promise<string> => {
    const mine = last.then(async () => {
      postgres ??= startWithTemplate();
      made += 1;
      return (await postgres).create(`test_${made}`, "template");
    });
    last = mine.catch(() => undefined);
    return mine;
  };
  // Who asks for one soon asks for the next, which is made meanwhile.
  let next: Promise<string> | undefined;
  const answer = (asker: Socket) => {
    const mine = next ?? copy();
    next = copy();
    mine.then(
      (url) => asker.end(url),
      (error: unknown) => asker.end(`failed: ${error instanceof Error ? error.message : String(error)}`),
    );
  };
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  project.provide("databaseSocket", socket);
  return async () => {
    server.close();
    await last;
    if (postgres) await (await postgres).stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
