/**
 * Has a local Shopify's bulk results handed out by a process of their own: in its own each read would make the collector look
 * through all orders again, on the app's cores and while pages wait for it.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** Answers the address of the results in the folder. The process ends with the one that asked for it. */
export async function serveResultsApart(folder: string): Promise<string> {
  const server = fork(path.join(import.meta.dirname, "serve-results.ts"), {
    env: { ...process.env, FOLDER: folder },
    execArgv: [],
  });
  process.on("exit", () => server.kill());
  const [url] = (await once(server, "message")) as [string];
  return url;
}
