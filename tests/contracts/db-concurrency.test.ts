import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import Sqlite from "better-sqlite3";
import { describe, expect, test, vi } from "vitest";
import { ensureShop, findShop } from "../../app/db/stores/shops.server.ts";
import { startWorker } from "../../app/jobs/worker.server.ts";
import { usingDatabases } from "../support/database.ts";

const run = promisify(execFile);

describe("neighbours", () => {
  const open = usingDatabases();

  test("two transactions that wait for each other on PostgreSQL both happen in the end", async () => {
    const db = await open("postgresql");
    const [a, b] = await db.write(async (tx) => [await ensureShop(tx, "a"), await ensureShop(tx, "b")]);
    let attempts = 0;
    let bothHold = () => undefined as void;
    const both = new Promise<void>((resolve) => (bothHold = resolve));
    let holding = 0;
    const bump = (first: number, second: number) =>
      db.write(async (tx) => {
        attempts += 1;
        await tx.prisma.shop.update({ where: { id: first }, data: { dataVersion: { increment: 1 } } });
        holding += 1;
        if (holding === 2) bothHold();
        await both;
        await tx.prisma.shop.update({ where: { id: second }, data: { dataVersion: { increment: 1 } } });
      });
    await Promise.all([bump(a?.id ?? 0, b?.id ?? 0), bump(b?.id ?? 0, a?.id ?? 0)]);
    expect(attempts).toBeGreaterThan(2);
    const shops = await db.prisma.shop.findMany();
    expect(shops.map(({ dataVersion }) => dataVersion)).toEqual([2, 2]);
  });

  test("SQLite's log is moved into the database by the worker, and not by commits that others wait for", async () => {
    const db = await open("sqlite");
    if (db.dialect !== "sqlite") throw new Error("not SQLite");
    for (const letter of "abcdef") await db.write((tx) => ensureShop(tx, letter.repeat(1_000_000)));
    // Where SQLite's index of its log tells of the last page in it, and of the last one moved.
    const index = () => readFileSync(`${db.file}-shm`);
    const written = index().readUInt32LE(16);
    const moved = () => index().readUInt32LE(96);
    expect(written).toBeGreaterThan(1_000);
    expect(moved()).toBeLessThan(written);
    const worker = await startWorker(db, {}, { cron: [], pollMs: 20 });
    await vi.waitFor(() => expect(moved()).toBe(written), { timeout: 20_000 });
    await worker.stop();
  });

  test("another process reads SQLite while a transaction is open, and sees what is committed", async () => {
    const db = await open("sqlite");
    if (db.dialect !== "sqlite") throw new Error("not SQLite");
    await db.write((tx) => ensureShop(tx, "committed"));
    const reader = `const S = require("better-sqlite3");
      process.stdout.write(JSON.stringify(new S(process.argv[1], { readonly: true }).prepare('SELECT domain FROM "Shop"').pluck().all()))`;
    await db.write(async (tx) => {
      await ensureShop(tx, "open");
      const { stdout } = await run(process.execPath, ["-e", reader, db.file]);
      expect(JSON.parse(stdout)).toEqual(["committed"]);
    });
  });

  test("a write waits for another connection's write on SQLite", async () => {
    const db = await open("sqlite");
    if (db.dialect !== "sqlite") throw new Error("not SQLite");
    // Holds the lock in a process of its own, as a migration or a second server would.
    const holder = `const S = require("better-sqlite3"); const db = new S(process.argv[1]); db.exec("BEGIN IMMEDIATE");
      process.stdout.write("held"); setTimeout(() => { db.exec("COMMIT"); db.close(); }, 300);`;
    const held = execFile(process.execPath, ["-e", holder, db.file]);
    await new Promise((resolve) => held.stdout?.once("data", resolve));
    await db.write((tx) => ensureShop(tx, "late"));
    expect(await findShop(db, "late")).not.toBeNull();
  });

  test("SQLite is in WAL mode, leaves its log to what syncs it beside, and its reading connection cannot write", async () => {
    const db = await open("sqlite");
    if (db.dialect !== "sqlite") throw new Error("not SQLite");
    const sqlite = new Sqlite(db.file, { readonly: true });
    expect(sqlite.pragma("journal_mode", { simple: true })).toBe("wal");
    sqlite.close();
    await db.write(async (tx) => {
      expect(await tx.prisma.$queryRaw`PRAGMA synchronous`).toMatchObject([{ synchronous: 1n }]);
    });
    const writing = db.prisma.$queryRaw`INSERT INTO "Shop" ("domain") VALUES ('x') RETURNING "id"`;
    await expect(writing).rejects.toThrow("readonly");
  });
});
