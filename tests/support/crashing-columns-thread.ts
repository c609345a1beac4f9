/** The columns thread with a fault: a question about shop -1 ends it, one about shop -2 never ends. */
import { parentPort } from "node:worker_threads";
import type { ThreadRequest } from "../../app/services/metrics/columns-thread.ts";

parentPort?.on("message", ({ shopId }: ThreadRequest) => {
  if (shopId === -1) throw new Error("a fault in the thread");
  while (shopId === -2);
});
await import("../../app/services/metrics/columns-thread.ts");
