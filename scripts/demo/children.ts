/** The demo's two servers as processes of their own: the app must talk to the local Shopify as it would to Shopify. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { demoFiles } from "./folder.ts";
import { CannotRun } from "./options.ts";

export interface Child {
  name: string;
  /** Resolves when it has ended by itself or was stopped. */
  ended: Promise<void>;
  /** Asks it to end and waits until it has; after 30 s it is made to. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  name: string;
  program: string;
  args: readonly string[];
  env: Record<string, string>;
  log: string;
  /** Answers once the server listens. */
  readyUrl: string;
}

const START_MS = 120_000;
const STOP_MS = 30_000;

export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, program, args, env, log, readyUrl } = options;
  const output = openSync(log, "a");
  // A process group of its own: a Ctrl-C in the terminal reaches only the demo, which stops its servers in order.
  const preload = pathToFileURL(path.join(import.meta.dirname, "end-with-parent.ts")).href;
  const child = spawn(process.execPath, ["--import", preload, path.join(demoFiles.root, program), ...args], {
    cwd: demoFiles.root,
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output, "ipc"],
    detached: true,
  });
  closeSync(output);
  const ended = once(child, "exit").then(() => undefined);

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(late);
  }

  const state = { done: false };
  const died = ended.then(() => {
    if (!state.done) throw new CannotRun(`${name} did not start; its log ends with:\n${lastLines(log)}`);
  });
  try {
    await Promise.race([died, untilAnswering(readyUrl, name)]);
  } catch (error) {
    state.done = true;
    await stop();
    throw error;
  }
  state.done = true;
  return { name, ended, stop };
}

async function untilAnswering(url: string, name: string): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end; await delay(100)) {
    const answer = await fetch(url, { redirect: "manual" }).catch(() => null);
    await answer?.body?.cancel();
    if (answer && answer.status < 500) return;
  }
  throw new CannotRun(`${name} did not answer within ${START_MS / 1000} s.`);
}

export function lastLines(file: string, count = 12): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-count).join("\n");
}

/** Fails with a sentence where something else listens on a port. */
export async function demandFreePort(port: number, option: string): Promise<void> {
  const server = createServer();
  server.listen(port);
  try {
    await once(server, "listening");
  } catch {
    throw new CannotRun(
      `Port ${port} is in use: stop what listens there or pass ${option} with another one.`,
    );
  }
  server.close();
  await once(server, "close");
}
