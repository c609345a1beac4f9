/** The process as an operator meets it: how it starts, what it says when it cannot, what it answers, how it stops. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { parse as parseToml } from "smol-toml";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { openDatabase } from "../../app/db/database.server.ts";
import { parseKeys, seal, unseal } from "../../app/db/seal.server.ts";
import { loadSession, saveSession, tokenContext } from "../../app/db/stores/sessions.server.ts";
import { ensureShop } from "../../app/db/stores/shops.server.ts";
import { createTestDatabase } from "../support/database.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const isBuilt = existsSync(path.join(ROOT, "build/server/index.js"));

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function migrated(dialect: "sqlite" | "postgresql"): Promise<string> {
  const { url, remove } = await createTestDatabase(dialect);
  ends.push(remove);
  return url;
}

const ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  PORT: "0",
  WORKER_PORT: "0",
  NODE_ENV: "production",
  LOG_LEVEL: "info",
  SHOPIFY_API_KEY: "key",
  SHOPIFY_API_SECRET: "secret-of-the-app",
  SHOPIFY_APP_URL: "https://app.example",
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString("base64")}`,
  PERENNIAL_NO_CRON: "1",
};

interface Started {
  child: ChildProcess;
  output: () => string;
  errors: () => string;
  exit: Promise<number | null>;
}

function start(environment: Partial<NodeJS.ProcessEnv>, ...args: string[]): Started {
  const child = spawn(process.execPath, ["server.ts", ...args], {
    cwd: ROOT,
    env: { ...ENVIRONMENT, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const exit = once(child, "close").then(([code]) => code as number | null);
  ends.push(async () => {
    child.kill("SIGKILL");
    await exit;
  });
  return { child, output: () => output, errors: () => errors, exit };
}

/** Starts it and waits for its line. */
async function ready(environment: Partial<NodeJS.ProcessEnv>, ...args: string[]) {
  const started = start(environment, ...args);
  const line = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const found = started
        .output()
        .split("\n")
        .find((each) => each.startsWith('{"ready":true'));
      if (found) resolve(found);
    };
    started.child.stdout?.on("data", look);
    void started.exit.then((code) => reject(new Error(`exited with ${code}: ${started.errors()}`)));
  });
  const { address, roles } = JSON.parse(line) as { address: string; roles: string[] };
  return { ...started, address, roles };
}

describe("what it says when it cannot start", () => {
  const failure = async (environment: Partial<NodeJS.ProcessEnv>) => {
    const started = start(environment);
    return { code: await started.exit, said: started.errors().trim() };
  };

  test("an incomplete environment: every setting at fault", async () => {
    const { code, said } = await failure({ SHOPIFY_API_SECRET: undefined, SHOPIFY_APP_URL: "nonsense" });
    expect(code).toBe(1);
    expect(said).toMatch(/^The environment is not complete\. .*SHOPIFY_API_SECRET.*SHOPIFY_APP_URL/);
    expect(said.split("\n")).toHaveLength(1);
  });

  test("roles that are none", async () => {
    const { code, said } = await failure({ PERENNIAL_ROLES: "wrok" });
    expect([code, said]).toEqual([1, expect.stringContaining("PERENNIAL_ROLES.0: ")]);
  });

  test("a database without tables", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "perennial-empty-"));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const { code, said } = await failure({
      PERENNIAL_ROLES: "worker",
      DATABASE_URL: `file:${folder}/new.db`,
    });
    expect([code, said]).toEqual([
      1,
      "The database is not migrated to this version: run npm run db:migrate first.",
    ]);
  });

  test("a database that does not answer", async () => {
    const { code, said } = await failure({
      PERENNIAL_ROLES: "worker",
      DATABASE_URL: "postgresql://someone:hidden@127.0.0.1:1/none",
    });
    expect(code).toBe(1);
    expect(said).toMatch(/^The database of DATABASE_URL cannot be opened: .+/);
    expect(said).not.toContain("hidden");
    expect(said.split("\n")).toHaveLength(1);
  });

  test("a port in use", async () => {
    const occupant = createServer().listen(0);
    await once(occupant, "listening");
    ends.push(() => void occupant.close());
    const { port } = occupant.address() as AddressInfo;
    const { code, said } = await failure({
      PERENNIAL_ROLES: "worker",
      WORKER_PORT: String(port),
      DATABASE_URL: await migrated("sqlite"),
    });
    expect([code, said]).toEqual([1, `Port ${port} is in use: set PORT or WORKER_PORT to another one.`]);
  });

  test.skipIf(isBuilt)("a missing build", async () => {
    const { code, said } = await failure({ PERENNIAL_ROLES: "web" });
    expect([code, said]).toEqual([1, "The app is not built: run npm run build first."]);
  });
});

describe.each(["sqlite", "postgresql"] as const)("a worker on %s", (dialect) => {
  test("answers its operators and stops cleanly on SIGTERM", async () => {
    const url = await migrated(dialect);
    const worker = await ready({ PERENNIAL_ROLES: "worker", DATABASE_URL: url });
    expect(worker.roles).toEqual(["worker"]);
    expect(await (await fetch(`${worker.address}/healthz`)).text()).toBe("ok");
    const readiness = await fetch(`${worker.address}/readyz`);
    expect([readiness.status, await readiness.json()]).toEqual([200, { ready: true, faults: [] }]);
    expect((await fetch(`${worker.address}/app`)).status).toBe(404);

    const metrics = await (await fetch(`${worker.address}/metrics`)).text();
    for (const name of [
      'perennial_jobs{state="ready"} 0',
      "perennial_data_version 0",
      'perennial_drift_records{kind="missing"} 0',
      "nodejs_eventloop_lag_p99_seconds",
      "perennial_shopify_throttled_total 0",
      "perennial_job_duration_seconds",
    ])
      expect(metrics).toContain(name);

    const before = performance.now();
    worker.child.kill("SIGTERM");
    expect(await worker.exit).toBe(0);
    expect(performance.now() - before).toBeLessThan(15_000);
    expect(worker.errors()).toBe("");
    await expect(fetch(`${worker.address}/healthz`)).rejects.toThrow();
  });
});

test.each(["sqlite", "postgresql"] as const)(
  "on %s it seals tokens anew with the first key as it starts",
  async (dialect) => {
    const key = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString("base64")}`;
    const [old, fresh] = [key("old", 1), key("new", 2)];
    const url = await migrated(dialect);
    const db = await openDatabase(url, { subjectKeys: [] });
    ends.push(() => db.close());
    const { id: shopId } = await db.write((tx) => ensureShop(tx, "a.myshopify.com"));
    const sealed = (token: "access" | "refresh") =>
      seal(parseKeys(old), `shp_${token}`, tokenContext(shopId, token));
    const session = {
      ...{
        sessionId: "offline_a.myshopify.com",
        scope: "read_orders",
        expiresAt: null,
        refreshExpiresAt: null,
      },
      ...{ leasedAt: null, updatedAt: 1, accessToken: sealed("access"), refreshToken: sealed("refresh") },
    };
    await db.write((tx) => saveSession(tx, shopId, session));
    const context = "redemption|r|code";
    const data = {
      ...{ shopId, id: "r", memberId: 1, rewardId: "card", requestKey: "k", points: 5 },
      ...{ status: "issued", reservedAt: 1, expiresAt: 2 },
      code: `${seal(parseKeys(old), "ABCDEFGHWXYZ", context)}~WXYZ`,
    };
    await db.write((tx) => tx.prisma.redemption.create({ data }));
    const started = await ready({
      PERENNIAL_ROLES: "worker",
      DATABASE_URL: url,
      ENCRYPTION_KEYS: `${fresh},${old}`,
    });
    expect(started.output()).toContain("sealed with the first key");
    const stored = await loadSession(db, shopId);
    const opened = (token: "access" | "refresh") =>
      unseal(parseKeys(fresh), stored?.[`${token}Token`] ?? "", tokenContext(shopId, token));
    expect([opened("access"), opened("refresh")]).toEqual(["shp_access", "shp_refresh"]);
    const { code } = await db.prisma.redemption.findFirstOrThrow({ where: { shopId } });
    const [sealedCode = "", end] = (code ?? "").split("~");
    expect([unseal(parseKeys(fresh), sealedCode, context), end]).toEqual(["ABCDEFGHWXYZ", "WXYZ"]);
  },
);

test("metrics are for the token's holder, or without one for this machine alone", async () => {
  const url = await migrated("sqlite");
  const closed = await ready({ PERENNIAL_ROLES: "worker", DATABASE_URL: url, METRICS_TOKEN: "t0ken" });
  const status = async (headers: Record<string, string>, address = closed.address) =>
    (await fetch(`${address}/metrics`, { headers })).status;
  expect(await status({})).toBe(404);
  expect(await status({ authorization: "Bearer t0keN" })).toBe(404);
  expect(await status({ authorization: "Bearer t0ken" })).toBe(200);
  const local = await ready({ PERENNIAL_ROLES: "worker", DATABASE_URL: url });
  expect(await status({}, local.address)).toBe(200);
  expect(await status({ "x-forwarded-for": "203.0.113.9" }, local.address)).toBe(404);
});

/** The niceness of a process's threads by what they are; of several of one name that of the nicest. */
function nicenessOf(pid: number): Record<string, number> {
  const niceness: Record<string, number> = {};
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const stat = readFileSync(`/proc/${pid}/task/${task}/stat`, "utf8");
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const nice = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
    niceness[name] = Math.max(niceness[name] ?? nice, nice);
  }
  return niceness;
}

/** Sends a body of no announced length until the server ends it; returns how much was sent. */
async function sendEndlessly(url: string): Promise<number> {
  const upload = request(url, { method: "POST" });
  let sent = 0;
  let isOver = false;
  for (const event of ["error", "close", "response"]) upload.on(event, () => (isOver = true));
  while (!isOver && sent < 64 * 1024 * 1024) {
    sent += 256 * 1024;
    if (!upload.write(Buffer.alloc(256 * 1024))) await sleep(2);
  }
  upload.destroy();
  return sent;
}

/** How a body is answered by its announced length alone: sending it would race with the server's closing of the connection. */
async function statusOfAnnounced(url: string, bytes: number): Promise<number | undefined> {
  const upload = request(url, { method: "POST", headers: { "Content-Length": bytes } });
  upload.on("error", () => undefined);
  upload.flushHeaders();
  const [response] = (await once(upload, "response")) as [IncomingMessage];
  upload.destroy();
  return response.statusCode;
}

test(
  "starts as `shopify app dev` starts it, and answers by the name of the tunnel",
  { timeout: 120_000 },
  async () => {
    const commands = z
      .object({ commands: z.record(z.string(), z.string()) })
      .parse(parseToml(readFileSync(path.join(ROOT, "shopify.web.toml"), "utf8"))).commands;
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const command of Object.values(commands))
      expect(scripts).toHaveProperty([command.replace("npm run ", "")]);
    expect(scripts["dev"]).toContain("server.ts --dev");

    const app = await ready(
      {
        NODE_ENV: "development",
        HOST: "https://some-tunnel.example",
        SHOPIFY_APP_URL: undefined,
        DATABASE_URL: await migrated("sqlite"),
      },
      "--dev",
    );
    const status = async (host: string) => {
      const asked = request(`${app.address}/`, { headers: { host } });
      asked.end();
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    expect(await status("some-tunnel.example")).toBe(200);
    expect(await status("another.example")).toBe(403);
  },
);

describe.skipIf(!isBuilt)("web and worker in one process (needs npm run build)", () => {
  test("serves the app, keeps secrets out of its log, limits bodies", async () => {
    const web = await ready({ DATABASE_URL: await migrated("sqlite") });
    expect(web.roles).toEqual(["web", "worker"]);
    const idToken = "eyJhbGciOiJIUzI1NiJ9.eyJkZXN0IjoieCJ9.c2ln";
    const page = await fetch(`${web.address}/?shop=demo.myshopify.com&id_token=${idToken}`, {
      redirect: "manual",
    });
    expect(page.status).toBeLessThan(500);
    expect(page.headers.has("x-powered-by")).toBe(false);
    // Only the shop's own admin may frame it: a local one is let in by the demo alone.
    const framed = await fetch(`${web.address}/none?shop=demo.myshopify.com`);
    expect(framed.headers.get("content-security-policy")).toMatch(
      /^frame-ancestors https:\/\/demo\.myshopify\.com https:\/\/admin\.shopify\.com( https:\/\/[\w.*/-]+)*;$/,
    );

    expect(await statusOfAnnounced(`${web.address}/webhooks/orders-create`, 10 * 1024 * 1024 + 1)).toBe(413);
    expect(await sendEndlessly(`${web.address}/webhooks/orders-create`)).toBeLessThan(64 * 1024 * 1024);
    expect((await fetch(`${web.address}/healthz`)).status).toBe(200);

    const missing = await fetch(`${web.address}/assets/none-0000.js`);
    expect(missing.status).toBe(404);
    const metrics = await (await fetch(`${web.address}/metrics`)).text();
    expect(metrics).toContain("perennial_http_request_duration_seconds_count");
    // Of the thread that runs the jobs, once.
    expect(metrics.match(/^perennial_shopify_requests_total 0$/gm)).toHaveLength(1);

    if (process.platform === "linux") {
      const niceness = nicenessOf(web.child.pid ?? 0);
      expect([niceness.MainThread, niceness.WorkerThread, niceness["libuv-worker"]]).toEqual([0, 10, 0]);
    }

    web.child.kill("SIGTERM");
    expect(await web.exit).toBe(0);
    const log = web.output();
    expect(log).toContain('"msg":"request"');
    for (const secret of [idToken, "id_token", "demo.myshopify.com"]) expect(log).not.toContain(secret);
    expect(web.errors()).not.toContain(idToken);
  });

  test("answers what it is being asked when it is to stop, and does not wait for that connection to be used again", async () => {
    const web = await ready({ PERENNIAL_ROLES: "web", DATABASE_URL: await migrated("sqlite") });
    const asking = connect(Number(new URL(web.address).port), "127.0.0.1");
    ends.push(() => void asking.destroy());
    asking.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
    await sleep(100);
    web.child.kill("SIGTERM");
    await expect.poll(() => web.output(), { timeout: 10_000 }).toContain('"msg":"stopping"');
    asking.write("\r\n");
    expect(await text(asking)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await web.exit).toBe(0);
    // A connection that is kept for the next request is cut off after 25 s: this ends before.
  }, 20_000);
});
