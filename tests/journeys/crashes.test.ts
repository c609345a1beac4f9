/**
 * The app is killed in the middle of its work, at named failpoints and anywhere, during a backfill and during a burst of webhooks.
 * Started again it loses nothing and does nothing twice: without any sweep the rows are those of a fresh backfill.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import { jobCounts } from "../../app/db/queries/dead-jobs.server.ts";
import { syncStatus } from "../../app/db/queries/sync-status.server.ts";
import { loadValueModel } from "../../app/db/stores/value-models.server.ts";
import type { Database } from "../../app/db/types.ts";
import { saveSettings } from "../../app/services/settings/save-settings.server.ts";
import { generateHistory } from "../../devstore/history/generate.ts";
import { fillShop } from "../../devstore/state/fill.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { buildApp } from "../../scripts/build-app.ts";
import { createTestDatabase, type Dialect } from "../support/database.ts";
import {
  installApp,
  startAppWorker,
  startLocalShopify,
  until,
  untilSynced,
  type LocalShopify,
} from "../support/local-shopify.ts";
import { emptyTally, steps, takeStep, type Step } from "../support/random-history.ts";
import { shopRows } from "../support/shop-rows.ts";

const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 3);
const ROOT = path.resolve(import.meta.dirname, "../..");
/** Retries that Shopify spreads over four hours come within seconds. */
const RETRY_SCALE = 0.0005;

let local: LocalShopify;
let count = 0;
beforeAll(async () => {
  await buildApp();
  local = await startLocalShopify(createWorld({ seed: 7 }), { retryScale: RETRY_SCALE });
});
afterAll(() => local.stop());

/** All failpoints of the source that a pattern fits, so that a new one is tried without being listed here. */
function failpoints(pattern: RegExp): string[] {
  const names = globSync("app/**/*.ts", { cwd: ROOT }).flatMap((file) =>
    [...readFileSync(path.join(ROOT, file), "utf8").matchAll(/failpoint\("([^"]+)"\)/g)].map(
      ([, name = ""]) => name,
    ),
  );
  return [...new Set(names)].filter((name) => pattern.test(name)).sort();
}

/** A way to die: at a passing of a failpoint, or at any moment. */
type Death = { failpoint: string; passing: number } | { afterMs: number };

const IN_BACKFILL = failpoints(
  /^(start-sync|plan-backfill|backfill|bulk-write|jobs|shopify|sync-orders|orders)(?!.*retry)/,
);
/** Beside the webhooks the merchant chooses whom to leave out, after which value is learnt anew. Starting again is for a bulk operation that Shopify gave up. */
const IN_BURST = failpoints(
  /^(receive-event|sync-(orders|customers|products)|merge-customer|jobs|orders|retag-customers|fit-value):(?!.*-again)/,
);
const LEFT_OUT = "wholesale";

/** Every third death comes from outside; the others take the failpoints in turn. */
function death(round: number, among: readonly string[], longestMs: number): Death {
  if (round % 3 === 2) return { afterMs: (round * 7919) % longestMs };
  const turn = round - Math.floor((round + 1) / 3);
  const step = Math.max(1, Math.floor(among.length / Math.max(1, Math.ceil((ROUNDS * 2) / 3))));
  return { failpoint: among[(turn * step) % among.length] ?? "", passing: 1 };
}

interface AppProcess {
  child: ChildProcess;
  exited: Promise<unknown>;
}

interface App {
  db: Database;
  dialect: Dialect;
  shop: ShopState;
  shopId: number;
  processes: AppProcess[];
}

/** One process for SQLite; web and worker apart for PostgreSQL. */
async function start(app: App, dying?: Death): Promise<void> {
  const roles = app.dialect === "sqlite" ? ["web,worker"] : ["web", "worker"];
  for (const role of roles) {
    // Whichever process passes it dies.
    const target = dying && "failpoint" in dying ? `${dying.failpoint}@${dying.passing}` : "";
    const child = spawn(process.execPath, [path.join(ROOT, "tests/support/app-child.ts")], {
      env: { ...process.env, DATABASE_URL: app.db.url, PERENNIAL_ROLES: role, PORT: "0", FAILPOINT: target },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    app.processes.push({ child, exited });
    const line = await Promise.race([
      once(createInterface({ input: child.stdout }), "line") as Promise<[string]>,
      exited,
    ]);
    const ready = typeof line[0] === "string" ? (JSON.parse(line[0]) as { address: string | null }) : null;
    if (ready?.address) local.listen(app.shop.domain, ready.address);
  }
}

async function stopAll(app: App): Promise<void> {
  local.listen(app.shop.domain, null);
  for (const { child } of app.processes) child.kill("SIGKILL");
  await Promise.all(app.processes.map(({ exited }) => exited));
  app.processes = [];
}

/** Waits for the death, or for the end of the work where it never comes; answers whether it came in the middle of work. */
async function dies(app: App, dying: Death, isOver: () => Promise<boolean>): Promise<boolean> {
  if ("afterMs" in dying) {
    await sleep(dying.afterMs);
    const wasBusy = !(await isOver());
    await stopAll(app);
    return wasBusy;
  }
  let died = false;
  for (const { exited } of app.processes) void exited.then(() => (died = true));
  await until("a death or the end of the work", async () => died || (await isOver()), 60_000);
  const inWork = died;
  await stopAll(app);
  return inWork;
}

const isSynced = async ({ db, shopId }: App) => (await syncStatus(db, shopId)).phase === "complete";

/** No webhook is on its way, no event waits, no job is left. */
async function isQuiet({ db, shop, shopId }: App): Promise<boolean> {
  for (const { shopDomain, status } of local.world.deliveries.values()) {
    if (shopDomain === shop.domain && (status === "WAITING" || status === "HELD")) return false;
  }
  if ((await syncStatus(db, shopId)).pendingEvents > 0) return false;
  const { ready, delayed, running } = await jobCounts(db, shopId);
  return ready + delayed + running === 0;
}

const [drawn] = fc.sample(fc.array(steps(40), { minLength: 100, maxLength: 100 }), { numRuns: 1, seed: 42 });

/** The merchant leaves out the customers who have a tag. */
async function leaveOut(db: Database, shopId: number): Promise<void> {
  const saved = await saveSettings(db, shopId, {
    version: 0,
    settings: {
      included: { tax: false, shipping: false, giftCards: false },
      basis: "order date",
      flatMarginBasisPoints: null,
      excludedTags: [LEFT_OUT],
    },
  });
  expect(saved.ok).toBe(true);
}

/** Only what webhooks tell of: nothing is swept here. */
function burst(app: App, round: number): void {
  const tally = emptyTally();
  const told = (drawn?.[round % 100] ?? []).filter(
    ({ do: what }) => !["abandon", "complete", "wait"].includes(what),
  );
  // One of each that has a failpoint of its own, then what was drawn.
  const each = (["create", "touch-customer", "product", "merge", "customer", "refund"] as const).map(
    (what, index): Step => ({ do: what, a: round + index, b: round + 2 * index + 1, c: 0 }),
  );
  for (const step of [...each, ...told, ...told.map((one): Step => ({ ...one, a: one.a + 1 }))]) {
    takeStep(local.world, app.shop, tally, step);
  }
}

async function playRound(
  dialect: Dialect,
  round: number,
): Promise<{ kills: number; inWork: number; missed: Death[] }> {
  const missed: Death[] = [];
  count += 1;
  const history = generateHistory({ seed: count, orders: 70, customers: 35, products: 6, days: 200 });
  history.customers.forEach((customer, index) => {
    if (index % 4 === 0) customer.tags = [LEFT_OUT];
  });
  const { shop } = fillShop(local.world, `crash-${count}.myshopify.com`, history);
  shop.plan = "plus";
  const [own, other] = [await createTestDatabase(dialect), await createTestDatabase(dialect)];
  const [db, fresh] = [await openDatabase(own.url), await openDatabase(other.url)];
  const app: App = { db, dialect, shop, shopId: 0, processes: [] };
  try {
    app.shopId = await installApp(local, db, shop);
    local.listen(shop.domain, null);
    let inWork = 0;

    const first = death(round, IN_BACKFILL, 1_500);
    await start(app, first);
    if (await dies(app, first, () => isSynced(app))) inWork += 1;
    else missed.push(first);

    await start(app);
    await untilSynced(db, app.shopId, 60_000);
    await until("the first sweep", () => isQuiet(app), 60_000);
    await stopAll(app);

    const second = death(round + 1, IN_BURST, 400);
    await start(app, second);
    await leaveOut(db, app.shopId);
    burst(app, round);
    if (await dies(app, second, () => isQuiet(app))) inWork += 1;
    else missed.push(second);

    await start(app);
    await until("all webhooks to be worked", () => isQuiet(app), 90_000);
    await stopAll(app);
    expect((await jobCounts(db, app.shopId)).dead).toBe(0);

    const freshId = await installApp(local, fresh, shop);
    await leaveOut(fresh, freshId);
    const worker = await startAppWorker(fresh);
    await untilSynced(fresh, freshId);
    await worker.stop();
    const rows = await shopRows(db, app.shopId);
    expect(rows).toEqual(await shopRows(fresh, freshId));
    expect(rows["customers"]).toContainEqual(expect.objectContaining({ excluded: true }));
    const learnt = await loadValueModel(db, app.shopId);
    expect(learnt).toMatchObject({ settingsVersion: 1 });
    const status = await syncStatus(db, app.shopId);
    expect(status.ordersApplied).toBe(history.orders.length);
    return { kills: 2, inWork, missed };
  } finally {
    await stopAll(app);
    await db.close();
    await fresh.close();
    own.remove();
    other.remove();
  }
}

describe.each(["sqlite", "postgresql"] as const)("crashes on %s", { retry: 0 }, (dialect) => {
  it(
    `lose nothing and do nothing twice (${ROUNDS} rounds)`,
    async () => {
      let kills = 0;
      let inWork = 0;
      const missed: Death[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const played = await playRound(dialect, round);
        kills += played.kills;
        inWork += played.inWork;
        missed.push(...played.missed);
      }
      console.log(`${dialect}: ${inWork} of ${kills} kills landed in work; not: ${JSON.stringify(missed)}`);
      expect(inWork / kills).toBeGreaterThanOrEqual(0.8);
    },
    Math.max(300_000, ROUNDS * 90_000),
  );
});
