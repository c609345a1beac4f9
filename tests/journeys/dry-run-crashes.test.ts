/**
 * The app is killed while a dry run is counted, confirmed and posted, again and again in the life of one. Every order has its points once in
 * the end, whatever was told is what was posted, and at every death the ledger has what the run says that it has posted.
 */
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import { differences } from "../../app/db/queries/ledger-proof.server.ts";
import { latestDryRun } from "../../app/db/stores/dry-runs.server.ts";
import { saveOrders } from "../../app/db/stores/orders.server.ts";
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { ensureShop, markInstalled } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { createTestDatabase, type Dialect } from "../support/database.ts";
import { failpointsOf, live, type Death } from "../support/deaths.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { DAY_MS, makeLine, makeOrder, START } from "../support/orders.ts";

/** Dry runs, each of which dies twice. */
const RUNS = Number(process.env["DRY_RUN_CRASH_RUNS"] ?? 1);
const ORDERS = 450;
const STARTED = START + 100 * DAY_MS;

/** Where many orders are done in parts also the second time. */
const waysToDie = (pattern: RegExp): Death[] =>
  failpointsOf(pattern).flatMap((failpoint) => {
    const isOfParts = /^(count|apply)-dry-run:(?!.*finish)/.test(failpoint);
    return (isOfParts ? [1, 2] : [1]).map((passing) => ({ failpoint, passing }));
  });
const WHILE_COUNTED = waysToDie(/^(change-dry-run:.*-count-|count-dry-run:)/);
const WHILE_POSTED = waysToDie(/^(change-dry-run:.*-confirm-|apply-dry-run:)/);

function deaths(run: number): Death[] {
  const one = (ways: readonly Death[]) => ways[(5 * run + 1) % ways.length] ?? { afterMs: 100 };
  return [one(WHILE_COUNTED), one(WHILE_POSTED)];
}

async function openShop(db: Database): Promise<number> {
  return db.write(async (tx) => {
    const { id } = await ensureShop(tx, "dry.myshopify.com");
    await markInstalled(tx, id, {}, START);
    await saveProgramme(tx, id, { state: "running", membership: "automatic", startedAt: STARTED });
    await addProgrammeVersion(tx, id, STARTED, makeRules());
    const orders = Array.from({ length: ORDERS }, (_, index) => {
      const placedAt = START + index * 60_000;
      const facts = { id: index + 1, customerId: 1 + (index % 7), placedAt, paidAt: placedAt };
      return { ...makeOrder(facts), lines: [makeLine({ id: index + 1 })] };
    });
    await saveOrders(tx, id, orders);
    return id;
  });
}

/** What the run says is what the ledger has, wherever the process died. */
async function expectOneTruth(db: Database, shopId: number): Promise<void> {
  const run = await latestDryRun(db, shopId);
  const isPosting = run?.state === "applying" || run?.state === "applied";
  const posted = isPosting ? run.done : 0;
  const accruals = await db.prisma.orderAccrual.findMany({ where: { shopId }, orderBy: { orderId: "asc" } });
  expect(accruals.map(({ orderId, postedPoints }) => [Number(orderId), Number(postedPoints)])).toEqual(
    Array.from({ length: posted }, (_, index) => [index + 1, 10]),
  );
  expect(await db.prisma.ledgerTransaction.count({ where: { shopId } })).toBe(posted);
  expect(await db.write((tx) => differences(tx, shopId))).toEqual({ balances: 0, lots: 0 });
}

async function playRun(dialect: Dialect, run: number): Promise<number> {
  const own = await createTestDatabase(dialect);
  const db = await openDatabase(own.url);
  try {
    const shopId = await openShop(db);
    const args = [db.url, String(shopId)];
    let inWork = 0;
    for (const dying of deaths(run)) {
      if (!(await live("dry-run-child.ts", args, dying)).finished) inWork += 1;
      await expectOneTruth(db, shopId);
    }
    expect(await live("dry-run-child.ts", args)).toEqual({ finished: true });
    await expectOneTruth(db, shopId);
    expect(await latestDryRun(db, shopId)).toMatchObject({
      ...{ state: "applied", done: ORDERS },
      report: { orders: ORDERS, points: 10 * ORDERS, members: 7 },
    });
    expect(await db.prisma.dryRunOrder.count({ where: { shopId } })).toBe(0);
    return inWork;
  } finally {
    await db.close();
    own.remove();
  }
}

describe.each(["sqlite", "postgresql"] as const)("crashes of dry runs on %s", { retry: 0 }, (dialect) => {
  it(
    `lose no points and give none twice (${RUNS} runs)`,
    async () => {
      let inWork = 0;
      for (let run = 0; run < RUNS; run += 1) inWork += await playRun(dialect, run);
      console.log(`${dialect}: ${inWork} of ${2 * RUNS} kills landed in work`);
      expect(inWork / (2 * RUNS)).toBeGreaterThanOrEqual(0.8);
    },
    Math.max(120_000, RUNS * 60_000),
  );
});
