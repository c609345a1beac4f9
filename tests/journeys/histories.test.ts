/**
 * Whatever happens in a shop, in whatever order, and however webhooks fail to tell of it: after reconciliation the database holds
 * what a fresh backfill would bring, its money is the test's own running tally, and its members have the points of their orders.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "../../app/db/types.ts";
import { auditShop } from "../../app/services/sync/audit-shop.server.ts";
import { processEvents } from "../../app/services/sync/process-events.server.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import { createShop } from "../../devstore/state/world.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import {
  installApp,
  startAppWorker,
  startLocalShopify,
  until,
  untilSynced,
  type LocalShopify,
} from "../support/local-shopify.ts";
import { QUICK } from "../support/quick-settings.ts";
import { emptyTally, steps, takeStep, type Step, type Tally } from "../support/random-history.ts";
import { shopPoints, startProgramme } from "../support/shop-points.ts";
import { shopRows } from "../support/shop-rows.ts";

const RUNS = Number(process.env["HISTORY_RUNS"] ?? 2);
const STEPS = Number(process.env["HISTORY_STEPS"] ?? 60);

let local: LocalShopify;
let count = 0;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

interface Plan {
  steps: Step[];
  /** Share of the steps that happen before the app is installed, in percent. */
  installAfter: number;
  /** Share of the other steps that happen while the history is being fetched; for the rest only webhooks and sweeps tell. */
  syncedAfter: number;
  /** Steps after which the worker is replaced by another without a chance to finish. */
  restarts: number[];
  chaos: { drop: number; duplicate: number; delay: number; reorder: number };
}

/** A customer's paid order, which earns: without one a history could say nothing about points. */
const EARNING: Step[] = [
  { do: "customer", a: 0, b: 0, c: 0 },
  { do: "create", a: 3, b: 1, c: 0 },
];

const chance = fc.constantFrom(0, 0.1, 0.3, 0.6);
const plan: fc.Arbitrary<Plan> = fc.record({
  steps: steps(STEPS).map((drawn) => [...drawn, ...EARNING]),
  installAfter: fc.integer({ min: 0, max: 40 }),
  syncedAfter: fc.integer({ min: 0, max: 40 }),
  restarts: fc.array(fc.integer({ min: 0, max: STEPS }), { maxLength: 2 }),
  chaos: fc.record({ drop: chance, duplicate: chance, delay: chance, reorder: chance }),
});

function setChaos({ drop, duplicate, delay, reorder }: Plan["chaos"]): void {
  const { chaos } = local.world;
  chaos.dropWebhook.probability = drop;
  chaos.duplicateWebhook.probability = duplicate;
  chaos.delayWebhook.probability = delay;
  chaos.reorderWebhook.probability = reorder;
  chaos.webhookDelayMs = 300;
}

function newShop(): ShopState {
  count += 1;
  const made = createShop(local.world, {
    domain: `history-${count}.myshopify.com`,
    plan: "plus",
    timeZone: "America/New_York",
  });
  if (!made.ok) throw new Error(made.message);
  return made.value;
}

/** Lives through the plan with the app in the shop, and ends with reconciliation. */
async function live(db: Database, shop: ShopState, tally: Tally, chosen: Plan): Promise<number> {
  const installAt = Math.floor((chosen.steps.length * chosen.installAfter) / 100);
  const syncedAt = installAt + Math.floor(((chosen.steps.length - installAt) * chosen.syncedAfter) / 100);
  let shopId = 0;
  let worker = await startAppWorker(db);
  try {
    setChaos(chosen.chaos);
    for (const [index, step] of chosen.steps.entries()) {
      if (index === installAt) {
        shopId = await installApp(local, db, shop);
        await startProgramme(db, shopId);
      }
      if (index === syncedAt) await untilSynced(db, shopId);
      if (chosen.restarts.includes(index)) {
        await worker.stop();
        worker = await startAppWorker(db, QUICK, { finishMs: 0, releaseMs: 10 });
      }
      takeStep(local.world, shop, tally, step);
      // Lets requests and jobs in between the steps.
      if (index % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    setChaos({ drop: 0, duplicate: 0, delay: 0, reorder: 0 });
    await local.devstore.webhooks.idle();
    await untilSynced(db, shopId);
    await until("all events to be worked", async () => {
      return (await db.prisma.inboxEvent.count({ where: { shopId, processedAt: null } })) === 0;
    });
  } finally {
    await worker.stop();
  }
  await processEvents(db, shopId, AbortSignal.timeout(60_000));
  await auditShop(db, shopId, AbortSignal.timeout(60_000), QUICK);
  return shopId;
}

async function backfill(db: Database, shop: ShopState): Promise<number> {
  const shopId = await installApp(local, db, shop);
  await startProgramme(db, shopId);
  const worker = await startAppWorker(db);
  try {
    await untilSynced(db, shopId);
  } finally {
    await worker.stop();
  }
  return shopId;
}

async function expectTally(db: Database, shopId: number, tally: Tally): Promise<void> {
  const orders = await db.prisma.order.findMany({ where: { shopId }, orderBy: { id: "asc" } });
  const money = orders.map((order) => ({
    id: Number(order.id),
    customerId: order.customerId === null ? null : Number(order.customerId),
    grossMinor: Number(order.grossMinor),
    discountMinor: Number(order.discountMinor),
    shippingMinor: Number(order.shippingMinor),
    taxMinor: Number(order.taxMinor),
    refundMinor: Number(order.refundMinor),
    netMinor: Number(order.netMinor),
    differenceMinor: Number(order.differenceMinor),
  }));
  const tallied = [...tally.orders].sort(([a], [b]) => a - b);
  expect(money).toEqual(
    tallied.map(([id, { lines: _, ...order }]) => ({
      id,
      ...order,
      netMinor: order.grossMinor - order.discountMinor - order.refundMinor,
      differenceMinor: 0,
    })),
  );
  const customers = await db.prisma.customer.findMany({ where: { shopId } });
  expect(new Set(customers.map(({ id }) => Number(id)))).toEqual(tally.customers);
}

describeOnBothDatabases("random histories", (open) => {
  it(
    `end in the rows of a fresh backfill, with the tally's money (${RUNS} runs)`,
    async () => {
      await fc.assert(
        fc.asyncProperty(plan, async (chosen) => {
          const shop = newShop();
          const tally = emptyTally();
          const db = await open();
          const shopId = await live(db, shop, tally, chosen);
          const fresh = await open();
          const freshId = await backfill(fresh, shop);
          expect(await shopRows(db, shopId)).toEqual(await shopRows(fresh, freshId));
          await expectTally(db, shopId, tally);
          const points = await shopPoints(db, shopId);
          expect(points).toEqual(await shopPoints(fresh, freshId));
          expect(points.orders).not.toEqual([]);
        }),
        { numRuns: RUNS, endOnFailure: RUNS <= 3 },
      );
    },
    Math.max(180_000, RUNS * 60_000),
  );
});
