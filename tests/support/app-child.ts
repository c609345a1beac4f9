/**
 * The app in a process of its own, for tests that kill it: the server itself with the roles of PERENNIAL_ROLES, but for its waits,
 * which are short. Prints one line of JSON when it is ready, with its address where it serves the web.
 */
import { flushCompileCache } from "node:module";
import { config } from "../../app/config.server.ts";
import { startServer } from "../../server.ts";
import { QUICK } from "./quick-settings.ts";

const { address } = await startServer({
  jobs: {
    settings: QUICK,
    cron: [],
    pollMs: 50,
    backoffMs: 50,
    concurrency: 8,
    // A killed worker's jobs are taken over after this.
    leaseMs: 1_000,
  },
});
// Whoever is killed leaves nothing behind for the next to start faster by.
flushCompileCache();
const isWeb = config().PERENNIAL_ROLES.includes("web");
process.stdout.write(`${JSON.stringify({ ready: true, address: isWeb ? address : null })}\n`);
