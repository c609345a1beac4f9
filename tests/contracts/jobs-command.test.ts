/** `npm run jobs`: a person sees what died, tries it again or throws it away. */
import { execFile } from "node:child_process";
import { expect, test, vi } from "vitest";
import type { Database } from "../../app/db/database.server.ts";
import { jobCounts } from "../../app/db/queries/dead-jobs.server.ts";
import { enqueue } from "../../app/db/stores/jobs.server.ts";
import { ensureShop } from "../../app/db/stores/shops.server.ts";
import { startWorker } from "../../app/jobs/worker.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";

function jobs(db: Database, ...args: string[]): Promise<{ output: string; errors: string }> {
  const env = { ...process.env, DATABASE_URL: db.url };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["scripts/run.mjs", "scripts/jobs.ts", ...args],
      { env },
      (_, output, errors) => resolve({ output: output.trim(), errors: errors.trim() }),
    );
  });
}

describeOnBothDatabases("npm run jobs", (open) => {
  test("lists dead jobs of all shops and of none, and retries or discards them", async () => {
    const db = await open();
    const { id: shopId } = await db.write((tx) => ensureShop(tx, "a.myshopify.com"));
    expect((await jobs(db)).output).toBe("0 ready, 0 waiting for their time, 0 running, 0 dead.");
    await db.write(async (tx) => {
      await enqueue(tx, { shopId, kind: "sync-orders", payload: { orderIds: [1] }, maxAttempts: 1 });
      await enqueue(tx, { shopId: 0, kind: "expire-records", payload: {}, maxAttempts: 1 });
    });
    const broken = () => Promise.reject(new Error("out of order"));
    const handlers = { "sync-orders": broken, "expire-records": broken };
    const worker = await startWorker(db, handlers, { cron: [], pollMs: 50 });
    try {
      await vi.waitFor(async () => expect((await jobCounts(db)).dead).toBe(2), { timeout: 20_000 });
    } finally {
      await worker.stop();
    }

    const [counts, ...rows] = (await jobs(db)).output.split("\n");
    expect(counts).toBe("0 ready, 0 waiting for their time, 0 running, 2 dead.");
    expect(rows).toHaveLength(2);
    const row = rows.find((each) => each.includes(`shop ${shopId}  sync-orders`)) ?? "";
    expect(row).toContain("after 1 attempts: Error: out of order");
    const [id = ""] = row.split("  ");

    expect((await jobs(db, "--retry", "none")).errors).toBe("No dead job has the id none.");
    expect((await jobs(db, "--retry", id, "--discard", id)).errors).toMatch(/^Usage: /);
    expect((await jobs(db, "--retry", id)).output).toBe(`Will be tried again: sync-orders ${id}`);
    expect(await jobCounts(db)).toMatchObject({ ready: 1, dead: 1 });
    expect((await jobs(db, "--discard", "all")).output).toMatch(/^Discarded: expire-records \S+$/);
    expect(await jobCounts(db)).toMatchObject({ ready: 1, dead: 0 });
  });
});
