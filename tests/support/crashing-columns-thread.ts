/** The columns thread with faults: a question about shop -1 or for the latest customer ends it, one about shop -2 never ends. */
import { parentPort } from "node:worker_threads";
import type { ThreadRequest } from "../../app/services/metrics/columns-thread.ts";

parentPort?.on("message", ({ shopId, request }: ThreadRequest) => {
  if (shopId === -1 || request.question === "latestCustomer") throw new Error("a fault in the thread");
  while (shopId === -2);
});
await import("../../app/services/metrics/columns-thread.ts");
