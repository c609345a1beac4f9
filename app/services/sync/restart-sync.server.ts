/** Sets a shop's sync to its beginning. Rows stay: every write is idempotent and only newer ones apply. */
import { enqueue } from "../../db/stores/jobs.server.ts";
import { beginSync, changeSyncState, planWindows } from "../../db/stores/sync-state.server.ts";
import type { Transaction } from "../../db/types.ts";

import { RESOURCES } from "./resources.ts";

export async function restartSync(tx: Transaction, shopId: number, installGeneration: number): Promise<void> {
  await beginSync(tx, shopId, installGeneration, Date.now());
  await changeSyncState(tx, shopId, {
    phase: "waiting",
    completedAt: null,
    error: null,
  });
  for (const resource of RESOURCES) await planWindows(tx, shopId, resource, []);
  await enqueue(tx, {
    shopId,
    kind: "start-sync",
    payload: { installGeneration },
    key: "start-sync",
  });
}
