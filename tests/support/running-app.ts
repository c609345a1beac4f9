/** The local Shopify and the built app as processes of their own, as they run for a merchant. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { migrateDatabase } from "../../app/db/migrate.server.ts";
import type { World } from "../../devstore/state/model.ts";
import { saveWorld } from "../../devstore/state/persistence.ts";
import { buildApp } from "../../scripts/build-app.ts";
import { freePort } from "../../scripts/free-port.ts";
import { PRODUCTION_FLAGS } from "../../scripts/production-flags.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** What the running app is to the local Shopify. */
export const CLIENT = { clientId: "journey-client", clientSecret: "journey-secret" };

export interface RunningApp {
  shopifyUrl: string;
  appUrl: string;
  databaseUrl: string;
  /** What the processes wrote. */
  output(): string;
  /** Of an app that was started without one: works its queue with a test's short waits and small windows. */
  startWorker(): WorkerProcess;
  /** The app is down from then on, and the local Shopify goes on. */
  stopPages(): Promise<void>;
  stop(): Promise<void>;
}

/** A process that can be held where it is, so that a page is seen in the middle of things. */
export interface WorkerProcess {
  pause(): void;
  resume(): void;
}

export interface RunningAppOptions {
  /** `web` leaves the worker to `startWorker`. */
  roles?: "web" | "web,worker";
  /** In sessions of their own, among which Linux shares the processor: else it is shared with each of a browser's threads. */
  isApart?: boolean;
}

export async function startRunningApp(world: World, options: RunningAppOptions = {}): Promise<RunningApp> {
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-journey-"));
  const worldFile = path.join(folder, "world.ndjson.gz");
  const databaseUrl = `file:${path.join(folder, "app.db")}`;
  const [shopifyPort, appPort] = [await freePort(), await freePort()];
  const shopifyUrl = `http://localhost:${shopifyPort}`;
  const appUrl = `http://localhost:${appPort}`;
  await buildApp();
  await saveWorld(world, worldFile);
  await migrateDatabase(databaseUrl);

  const output: string[] = [];
  const children: ChildProcess[] = [];
  const start = (
    program: string,
    args: string[],
    env: Record<string, string>,
    flags: readonly string[] = [],
  ) => {
    const child = spawn(process.execPath, [...flags, path.join(ROOT, program), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      detached: options.isApart ?? false,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk.toString()));
    children.push(child);
    return child;
  };
  start(
    "devstore/main.ts",
    [
      ...["--port", String(shopifyPort), "--world", worldFile, "--app", "shopify.app.toml"],
      ...["--app-url", appUrl, "--client-id", CLIENT.clientId, "--client-secret", CLIENT.clientSecret],
    ],
    {},
  );
  const environment = {
    NODE_ENV: "production",
    DATABASE_URL: databaseUrl,
    SHOPIFY_API_KEY: CLIENT.clientId,
    SHOPIFY_API_SECRET: CLIENT.clientSecret,
    SHOPIFY_APP_URL: appUrl,
    ENCRYPTION_KEYS: `journey:${Buffer.alloc(32, 5).toString("base64")}`,
    DEMO_SHOPIFY_ORIGIN: shopifyUrl,
    LOG_LEVEL: "warn",
  };
  const { roles = "web,worker" } = options;
  const pageEnvironment = { ...environment, PORT: String(appPort), PERENNIAL_ROLES: roles };
  const pages = start("server.ts", [], pageEnvironment, PRODUCTION_FLAGS);

  function startWorker(): WorkerProcess {
    const child = start("tests/support/app-child.ts", [], { ...environment, PERENNIAL_ROLES: "worker" });
    return { pause: () => void child.kill("SIGSTOP"), resume: () => void child.kill("SIGCONT") };
  }

  async function end(child: ChildProcess) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    // One that is held cannot end.
    child.kill("SIGCONT");
    const late = setTimeout(() => child.kill("SIGKILL"), 20_000);
    await once(child, "exit");
    clearTimeout(late);
  }

  async function stop() {
    // The app first: it talks to the local Shopify until its last job has ended.
    for (const child of children.toReversed()) await end(child);
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    await untilAnswering(`${shopifyUrl}/admin`, children, output);
    await untilAnswering(`${appUrl}/readyz`, children, output);
  } catch (error) {
    await stop();
    throw error;
  }
  const stopPages = () => end(pages);
  return { shopifyUrl, appUrl, databaseUrl, output: () => output.join(""), startWorker, stopPages, stop };
}

async function untilAnswering(url: string, children: ChildProcess[], output: string[]): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(100)) {
    const dead = children.find((child) => child.exitCode !== null || child.signalCode !== null);
    if (dead) throw new Error(`a server has ended:\n${output.join("")}`);
    const answer = await fetch(url, { redirect: "manual" }).catch(() => null);
    await answer?.body?.cancel();
    if (answer && answer.status < 500) return;
  }
  throw new Error(`${url} did not answer:\n${output.join("")}`);
}
