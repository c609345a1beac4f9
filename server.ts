/**
 * The process: serves the built app over express and works the queue, as PERENNIAL_ROLES says; where it does both, jobs run in a
 * thread of their own. An own server, because remix-serve logs whole addresses, and id_token is part of them.
 *
 * Order of a start: environment, build, database, worker, listen. Order of a stop (SIGTERM or SIGINT): not ready, no new
 * connections, running requests and jobs end, database closed. What a person can put right is told in one sentence.
 */
import { existsSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type Express, type RequestHandler } from "express";
import { config } from "./app/config.server.ts";
import { database, type Database } from "./app/db/database.server.ts";
import { missingMigrations } from "./app/db/queries/readiness.server.ts";
import { preferCompressed } from "./app/observability/compressed-assets.server.ts";
import { watchDatabase, watchProcess } from "./app/observability/gauges.server.ts";
import { countAnswers } from "./app/observability/give-way.ts";
import { createHealth, type Health } from "./app/observability/health.server.ts";
import { limitBody, logRequests, operatorRoutes } from "./app/observability/http.server.ts";
import { log } from "./app/observability/log.server.ts";
import { resealSecrets } from "./app/services/access/offline-session.server.ts";
import type { Figures } from "./app/observability/metrics.server.ts";
import type { Worker, WorkerOptions } from "./app/jobs/worker.server.ts";
import type { SyncSettings } from "./app/services/sync/settings.ts";

const ROOT = import.meta.dirname;
/** Shopify's largest webhooks, of orders with thousands of lines, stay below it. */
const BODY_LIMIT = 10 * 1024 * 1024;
/** Of a file that a merchant imports: it is read as it arrives, and never whole. */
const IMPORT_LIMIT = 256 * 1024 * 1024;
const IMPORT_PATH = "/app/loyalty/import/file";
/** A load balancer and Kubernetes' default of 30 s fit around it. */
const DRAIN_MS = 25_000;
const IDLE_LOOK_MS = 50;

/** Longer than a proxy in front keeps an idle connection, a minute as a rule: else it asks on one that we have just closed. */
const KEEP_ALIVE_MS = 65_000;

/** What a person can put right; everything else is a bug and keeps its stack. */
class CannotStart extends Error {}

export interface RunningServer {
  /** `null` for a worker without WORKER_PORT. */
  address: string | null;
  stop(): Promise<void>;
}

export interface ServerOptions {
  dev?: boolean;
  /** How jobs are worked, where it is not as a deployment does: tests shorten the waits. */
  jobs?: { settings?: SyncSettings } & WorkerOptions;
}

/** Starts what PERENNIAL_ROLES names, in this process and with its environment. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  process.env.NODE_ENV ??= options.dev ? "development" : "production";
  // `shopify app dev` names the tunnel so.
  if (options.dev && process.env.HOST) process.env.SHOPIFY_APP_URL ??= process.env.HOST;
  const settings = readSettings();
  const isWeb = settings.PERENNIAL_ROLES.includes("web");
  const isWorker = settings.PERENNIAL_ROLES.includes("worker");
  if (isWeb && !options.dev && !existsSync(path.join(ROOT, "build/server/index.js")))
    throw new CannotStart("The app is not built: run npm run build first.");

  const db = await openMigrated();
  const undo: (() => Promise<void>)[] = [() => db.close()];
  try {
    const sealed = await resealSecrets(db);
    if (sealed > 0) log.info({ sealed }, "sealed with the first key");
    const health = createHealth([() => databaseFault(db)]);
    watchProcess();
    watchDatabase(db);
    const app = express();
    app.disable("x-powered-by");
    app.set("trust proxy", ["loopback", "linklocal", "uniquelocal"]);
    let worker: JobWorker | undefined;
    app.use(operatorRoutes(health, settings.METRICS_TOKEN, async () => (await worker?.figures?.()) ?? []));
    app.use(countAnswers(db.dialect === "sqlite" ? db.lock.waiting : null));
    if (isWeb) undo.unshift(await serveApp(app, options.dev ?? false));
    if (isWorker) {
      const started = await startJobs(db, isWeb, settings.PERENNIAL_NO_CRON, options.jobs);
      worker = started;
      undo.unshift(() => started.stop());
    }
    const port = isWeb ? settings.PORT : settings.WORKER_PORT;
    if (port === undefined) return { address: null, stop: stopOnce(health, undefined, undo) };
    const server = await listen(app, port);
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { address, stop: stopOnce(health, server, undo) };
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
}

function readSettings() {
  try {
    return config();
  } catch (error) {
    throw new CannotStart(error instanceof Error ? error.message : String(error));
  }
}

async function openMigrated(): Promise<Database> {
  let db: Database | undefined;
  let missing: string[];
  try {
    db = await database();
    missing = await missingMigrations(db);
  } catch (error) {
    await db?.close();
    const reason = error instanceof Error ? error.message.split("\n").at(-1) : String(error);
    throw new CannotStart(`The database of DATABASE_URL cannot be opened: ${reason}`);
  }
  if (missing.length === 0) return db;
  await db.close();
  throw new CannotStart("The database is not migrated to this version: run npm run db:migrate first.");
}

async function databaseFault(db: Database): Promise<string | null> {
  const missing = await missingMigrations(db);
  return missing.length > 0 ? "the database is not migrated to this version" : null;
}

/** Assets whose names carry their hash never change; the rest of public/ may. Returns what undoes it. */
async function serveApp(app: Express, dev: boolean): Promise<() => Promise<void>> {
  const { createRequestHandler } = await import("@remix-run/express");
  app.use(compression());
  const [limitUsual, limitImport] = [limitBody(BODY_LIMIT), limitBody(IMPORT_LIMIT)];
  app.use((request, response, next) =>
    (request.path === IMPORT_PATH ? limitImport : limitUsual)(request, response, next),
  );
  if (dev) {
    const { createServer } = await import("vite");
    // Requests come by the tunnel's name, which Vite would refuse.
    const allowedHosts = [new URL(config().SHOPIFY_APP_URL).hostname];
    const vite = await createServer({ root: ROOT, server: { middlewareMode: true, allowedHosts } });
    app.use(logRequests(() => []));
    app.use(vite.middlewares);
    const build = async () =>
      (await vite.ssrLoadModule("virtual:remix/server-build")) as unknown as ServerBuild;
    app.use(createRequestHandler({ build, mode: "development" }) as RequestHandler);
    return () => vite.close();
  }
  const client = path.join(ROOT, "build/client");
  app.use(
    "/assets",
    preferCompressed(path.join(client, "assets")),
    express.static(path.join(client, "assets"), { immutable: true, maxAge: "1y", fallthrough: false }),
  );
  app.use(express.static(client, { maxAge: "1h", index: false }));
  const entry = pathToFileURL(path.join(ROOT, "build/server/index.js")).href;
  const build = (await import(entry)) as ServerBuild;
  app.use(logRequests(() => Object.values(build.routes)));
  // Not by a pattern: express would answer a path that is wrongly encoded itself, also in the place of the API.
  app.use(createRequestHandler({ build, mode: process.env.NODE_ENV ?? "production" }) as RequestHandler);
  return () => Promise.resolve();
}

interface JobWorker extends Worker {
  /** Of a worker in another thread: what it counted. */
  figures?(): Promise<Figures[]>;
}

/** Beside pages in a thread of its own; otherwise here, where nothing else waits. */
async function startJobs(
  db: Database,
  isBesidePages: boolean,
  withoutCron: boolean,
  { settings, ...options }: NonNullable<ServerOptions["jobs"]> = {},
): Promise<JobWorker> {
  const workerOptions = withoutCron ? { ...options, cron: [] } : options;
  if (isBesidePages) {
    const { startWorkerThread } = await import("./app/jobs/start-worker-thread.server.ts");
    return startWorkerThread(db, { ...workerOptions, ...(settings && { settings }) });
  }
  const { lowerPriority } = await import("./app/jobs/lower-priority.ts");
  const { createHandlers } = await import("./app/jobs/handlers.server.ts");
  const { startWorker } = await import("./app/jobs/worker.server.ts");
  lowerPriority();
  return startWorker(db, createHandlers(settings), workerOptions);
}

function listen(app: Express, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, () => resolve(server));
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(
        taken ? new CannotStart(`Port ${port} is in use: set PORT or WORKER_PORT to another one.`) : error,
      );
    });
  });
}

/** Stops once, however often it is asked. */
function stopOnce(
  health: Health,
  server: Server | undefined,
  undo: readonly (() => Promise<void>)[],
): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    health.stop();
    const [worker, ...rest] = undo;
    await Promise.all([drain(server), worker?.()]);
    for (const step of rest) await step();
  }
  return () => (stopped ??= stop());
}

/** Lets running requests end, closes each connection once it idles (Node does so only with those that idle already), and cuts what takes too long. */
async function drain(server: Server | undefined): Promise<void> {
  if (!server) return;
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  const closing = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(closing);
  clearTimeout(cut);
}

/** Prints one line of JSON when ready, for whoever started this process. */
async function main(): Promise<void> {
  const running = await startServer({ dev: process.argv.includes("--dev") });
  process.stdout.write(
    `${JSON.stringify({ ready: true, address: running.address, roles: config().PERENNIAL_ROLES, pid: process.pid })}\n`,
  );
  let asked = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1);
      asked = true;
      log.info({ signal }, "stopping");
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ error }, "could not stop cleanly");
          process.exit(1);
        },
      );
    });
  }
}

if (process.argv[1] === import.meta.filename) {
  main().catch((error: unknown) => {
    console.error(error instanceof CannotStart ? error.message : error);
    process.exit(1);
  });
}
