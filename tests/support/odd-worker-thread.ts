/**
 * The thread that runs jobs, with odd handlers for tests. What a `sync-orders` job does is its only order's number; each that comes to
 * its end leaves a shop that is named by the number.
 *
 *     1  ends at once
 *     2  at its first attempt ends the thread by an error that nobody catches
 *     3  as 2, in the middle of a transaction
 *     4  leaves the mark "begun", waits until it is told to stop, leaves the mark "told" and fails
 *     5  hears and sees nothing for ever
 *     6  writes fifty times
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../app/db/database.server.ts";
import { ensureShop } from "../../app/db/stores/shops.server.ts";
import { workInThread } from "../../app/jobs/work-in-thread.server.ts";

const never = () => new Promise<never>(() => undefined);
const leaveMark = (db: Database, name: string) => db.write((tx) => ensureShop(tx, `${name}.myshopify.com`));

function die(): Promise<never> {
  setImmediate(() => {
    throw new Error("a fault in the thread");
  });
  return never();
}

await workInThread(() => ({
  "sync-orders": async ({ db, signal }, { payload, attempt }) => {
    const [what = 0] = payload.orderIds;
    if (what === 2 && attempt === 1) await die();
    if (what === 3 && attempt === 1) {
      await db.write(async (tx) => {
        await ensureShop(tx, "undone.myshopify.com");
        await die();
      });
    }
    if (what === 4) {
      await leaveMark(db, "begun");
      if (!signal.aborted) await once(signal, "abort");
      await leaveMark(db, "told");
      throw signal.reason;
    }
    if (what === 5) for (;;);
    for (let index = 0; what === 6 && index < 50; index++) {
      await db.write(async (tx) => {
        await ensureShop(tx, `thread-${index}.myshopify.com`);
        await sleep(1);
      });
    }
    await leaveMark(db, String(what));
  },
}));
