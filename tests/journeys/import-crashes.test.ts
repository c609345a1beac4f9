/**
 * The app is killed while an import is given and taken back, again and again in the life of one. Wherever it dies the ledger has what the
 * import says that it has given or taken, and in the end each row was given once and taken back once.
 */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import { differences } from "../../app/db/queries/ledger-proof.server.ts";
import {
  addImport,
  changeImport,
  findImport,
  saveImportRows,
} from "../../app/db/stores/points-imports.server.ts";
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { ensureShop, markInstalled } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { createTestDatabase, type Dialect } from "../support/database.ts";
import { failpointsOf, live, type Death } from "../support/deaths.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { START } from "../support/orders.ts";

/** Imports, each of which dies five times. */
const RUNS = Number(process.env["IMPORT_CRASH_RUNS"] ?? 1);
/** Five parts of each way. */
const ROWS = 1_000;
const tier = {
  perks: [],
  sold: [],
  threshold: null,
  factorPercent: 100,
  entryPoints: 0,
  entryRewardId: null,
};
const TIERS = {
  by: "spend",
  period: "lifetime",
  graceDays: 0,
  ladder: [{ ...tier, id: "gold", name: "Gold" }],
} as const;
const hasTier = (row: number) => row % 10 === 0;

interface At {
  shopId: number;
  id: string;
}

function ways(pattern: RegExp, passings = [1]): Death[] {
  return failpointsOf(pattern).flatMap((failpoint) => passings.map((passing) => ({ failpoint, passing })));
}
const WHILE_CONFIRMED = ways(/^change-imports:.*-apply-/);
const WHILE_GIVEN = ways(/^apply-import:/, [1, 2]);
const WHILE_ASKED = ways(/^change-imports:.*-undo-/);
const WHILE_TAKEN = ways(/^undo-import:/, [1, 2]);

/** In the order of an import's life. Each passing leaves parts for the next. */
function deaths(run: number): Death[] {
  const one = (among: readonly Death[], step = 1) => among[(step * run) % among.length] ?? { afterMs: 100 };
  const anywhere = { afterMs: 30 + ((run * 7919) % 300) };
  return [one(WHILE_CONFIRMED), one(WHILE_GIVEN), anywhere, one(WHILE_ASKED), one(WHILE_TAKEN, 3)];
}

async function openImport(db: Database): Promise<At> {
  const id = randomUUID();
  return db.write(async (tx) => {
    const { id: shopId } = await ensureShop(tx, "import.myshopify.com");
    await markInstalled(tx, shopId, {}, START);
    await saveProgramme(tx, shopId, { state: "running", membership: "joining", startedAt: START });
    await addProgrammeVersion(tx, shopId, START, makeRules({ tiers: TIERS }));
    await addImport(tx, shopId, { id, operation: "", startedAt: START });
    const rows = Array.from({ length: ROWS }, (_, index) => ({
      ...{ row: index + 1, customerId: index + 1, memberId: null, points: 1 + (index % 70), expiresAt: null },
      ...{ tierId: hasTier(index + 1) ? "gold" : null, tierUntil: null },
    }));
    await saveImportRows(tx, shopId, id, rows);
    const run = await findImport(tx, shopId, id);
    if (!run) throw new Error("no import");
    await changeImport(tx, run, { state: "counted", rows: ROWS });
    return { shopId, id };
  });
}

/** What the import says is what the ledger has, wherever the process died. */
async function expectOneTruth(db: Database, { shopId, id }: At): Promise<void> {
  const run = await findImport(db, shopId, id);
  if (!run) throw new Error("no import");
  const isBack = run.state === "undoing" || run.state === "undone";
  const given = run.state === "counted" ? 0 : isBack ? ROWS : run.done;
  const taken = isBack ? run.done : 0;
  const rows = Array.from({ length: ROWS }, (_, index) => index + 1);
  const points = rows.map((row) => (row > taken && row <= given ? 1 + ((row - 1) % 70) : 0));
  const lots = await db.prisma.lot.findMany({ where: { shopId } });
  const availableOf = new Map(lots.map(({ sourceId, available }) => [sourceId, Number(available)]));
  expect(lots).toHaveLength(given);
  expect(rows.map((row) => availableOf.get(`${id}.${row}`) ?? 0)).toEqual(points);
  const kinds = await db.prisma.ledgerTransaction.groupBy({ by: ["kind"], where: { shopId }, _count: true });
  expect(new Map(kinds.map(({ kind, _count }) => [kind, _count]))).toEqual(
    new Map([["import", given] as const, ["undo-import", taken] as const].filter(([, count]) => count > 0)),
  );
  const inTier = (some: (row: number) => boolean) => rows.filter((row) => hasTier(row) && some(row)).length;
  const grants = await db.prisma.tierGrant.findMany({ where: { shopId } });
  expect(grants).toHaveLength(inTier((row) => row <= given));
  expect(grants.filter(({ endedAt }) => endedAt !== null)).toHaveLength(inTier((row) => row <= taken));
  expect(await db.prisma.memberTier.count({ where: { shopId, tierId: "gold" } })).toBe(
    inTier((row) => row > taken && row <= given),
  );
  expect(await db.write((tx) => differences(tx, shopId))).toEqual({ balances: 0, lots: 0 });
}

async function playRun(dialect: Dialect, run: number): Promise<number> {
  const own = await createTestDatabase(dialect);
  const db = await openDatabase(own.url);
  try {
    const at = await openImport(db);
    const args = [db.url, String(at.shopId), at.id];
    let inWork = 0;
    for (const dying of deaths(run)) {
      if (!(await live("import-child.ts", args, dying)).finished) inWork += 1;
      await expectOneTruth(db, at);
    }
    expect(await live("import-child.ts", args)).toEqual({ finished: true });
    await expectOneTruth(db, at);
    const takenPoints = Array.from({ length: ROWS }, (_, index) => 1 + (index % 70));
    expect(await findImport(db, at.shopId, at.id)).toMatchObject({
      ...{ state: "undone", done: ROWS },
      takenPoints: takenPoints.reduce((sum, points) => sum + points, 0),
    });
    return inWork;
  } finally {
    await db.close();
    own.remove();
  }
}

describe.each(["sqlite", "postgresql"] as const)("crashes of imports on %s", { retry: 0 }, (dialect) => {
  it(
    `lose no points and give none twice (${RUNS} runs)`,
    async () => {
      let inWork = 0;
      for (let run = 0; run < RUNS; run += 1) inWork += await playRun(dialect, run);
      console.log(`${dialect}: ${inWork} of ${5 * RUNS} kills landed in work`);
      expect(inWork / (5 * RUNS)).toBeGreaterThanOrEqual(0.8);
    },
    Math.max(120_000, RUNS * 60_000),
  );
});
