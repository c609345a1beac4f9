/**
 * The app in a process of its own, for tests that kill it: the receiver of webhooks, the worker, or both, as PERENNIAL_ROLES says.
 * Prints one line of JSON when it is ready, with the port of its receiver.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { config } from "../../app/config.server.ts";
import { database } from "../../app/db/database.server.ts";
import { createHandlers } from "../../app/jobs/handlers.server.ts";
import { startWorker } from "../../app/jobs/worker.server.ts";
import { QUICK } from "./quick-settings.ts";
import { answerWebhook } from "./webhook-receiver.ts";

const { PERENNIAL_ROLES, SHOPIFY_API_SECRET } = config();
const db = await database();
let port = 0;
if (PERENNIAL_ROLES.includes("web")) {
  const receiver = createServer((request, response) => {
    void answerWebhook(request, response, SHOPIFY_API_SECRET, () => db);
  });
  receiver.listen(0);
  await once(receiver, "listening");
  port = (receiver.address() as AddressInfo).port;
}
if (PERENNIAL_ROLES.includes("worker")) {
  await startWorker(db, createHandlers(QUICK), {
    cron: [],
    pollMs: 50,
    backoffMs: 50,
    concurrency: 8,
    // A killed worker's jobs are taken over after this.
    leaseMs: 1_000,
  });
}
process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
