/**
 * An import in a process of its own, for tests that kill it: given and then taken back, each from where it was left. Says `ready` and, when it
 * is undone, `done`.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "../../app/db/database.server.ts";
import { jobCounts } from "../../app/db/queries/dead-jobs.server.ts";
import { findImport } from "../../app/db/stores/points-imports.server.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import { startWorker, type Handlers } from "../../app/jobs/worker.server.ts";
import { applyImport } from "../../app/services/imports/apply-import.server.ts";
import { changeImports } from "../../app/services/imports/change-imports.server.ts";
import { undoImportRows } from "../../app/services/imports/undo-import.server.ts";

const [url = "", shopText = "", id = ""] = process.argv.slice(2);
const db = await openDatabase(url, { subjectKeys: [] });
const shop = await findShopById(db, Number(shopText));
if (!shop) throw new Error("no shop");
const quick = { cron: [], pollMs: 20, backoffMs: 20, leaseMs: 1_000 };
/** Without what all the others would load. */
const handlers: Partial<Handlers> = {
  "apply-import": (at, { shopId, payload }) => applyImport(at.db, shopId, payload.importId, at.signal),
  "undo-import": (at, { shopId, payload }) => undoImportRows(at.db, shopId, payload.importId, at.signal),
};
const worker = await startWorker(db, handlers, quick);

process.stdout.write("ready\n");
for (;;) {
  const run = await findImport(db, shop.id, id);
  const { ready, delayed, running, dead } = await jobCounts(db, shop.id);
  if (dead > 0) throw new Error(`${dead} jobs were given up`);
  if (run?.state === "counted") await changeImports(db, shop, { intent: "apply", id });
  else if (run?.state === "applied") await changeImports(db, shop, { intent: "undo", id, spent: "left" });
  else if (run?.state === "undone" && ready + delayed + running === 0) break;
  await sleep(20);
}
process.stdout.write("done\n");
await worker.stop();
await db.close();
