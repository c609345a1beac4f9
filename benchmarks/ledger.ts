/**
 * How fast the points ledger is, against bare inserts of the same rows into the same tables in the same run: earning in batches and one
 * by one, redeeming, and reading a balance after a short and a long history; in an empty ledger, or beside as many postings of others as are wanted.
 * `npm run bench -- ledger [--members 20000] [--singles 400] [--history 5000] [--postings 0] [--database sqlite,postgresql]`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { earnPoints } from "../app/core/loyalty/earn-points.ts";
import { redeem } from "../app/core/loyalty/redeem.ts";
import type { Change, MemberAccount } from "../app/core/loyalty/member-account.ts";
import { openDatabase } from "../app/db/database.server.ts";
import { migrateDatabase } from "../app/db/migrate.server.ts";
import { memberBalance } from "../app/db/queries/member-account.server.ts";
import { lockAccounts, saveChanges } from "../app/db/stores/ledger.server.ts";
import { addMembers } from "../app/db/stores/members.server.ts";
import { saveProgramme } from "../app/db/stores/programmes.server.ts";
import { ensureShop } from "../app/db/stores/shops.server.ts";
import type { Database } from "../app/db/types.ts";
import { startLocalPostgres } from "../scripts/local-postgres.ts";
import { bareWriter, type Rows } from "./ledger/bare-writer.ts";
import { fillLedger } from "./ledger/fill-ledger.ts";
import type { Result } from "./result.ts";

const { values: options } = parseArgs({
  options: {
    members: { type: "string", default: "20000" },
    singles: { type: "string", default: "400" },
    history: { type: "string", default: "5000" },
    postings: { type: "string", default: "0" },
    database: { type: "string", default: "sqlite,postgresql" },
  },
});
const memberCount = Number(options.members);
const singleCount = Number(options.singles);
const historyLength = Number(options.history);
const pastPostings = Number(options.postings);
const BATCH = 500;
const NOW = Date.UTC(2026, 0, 1);

const results: Result[] = [];

function record(name: string, value: number, unit: "/s" | "ms", floor: number): void {
  const rounded = (number: number) => Number(number.toFixed(unit === "ms" ? 3 : 0));
  const ratio = Number((unit === "ms" ? value / floor : floor / value).toFixed(2));
  results.push({ case: name, value: rounded(value), unit, floor: rounded(floor), ratio });
  console.log(`${name}: ${rounded(value)} ${unit}, floor ${rounded(floor)}, ratio ${ratio}`);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

function quantile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
}

async function decide(
  db: Database,
  shopId: number,
  memberIds: readonly number[],
  decision: (account: MemberAccount) => Change,
): Promise<void> {
  await db.write(async (tx) => {
    const accounts = await lockAccounts(tx, shopId, memberIds);
    await saveChanges(tx, shopId, [...accounts.values()].map(decision));
  });
}

const earning = (order: string) => (account: MemberAccount) =>
  earnPoints(
    account,
    {
      orderId: `${order}${account.memberId}`,
      sequence: 0,
      points: 100,
      ripensAt: 0,
      expiresAt: null,
      reason: null,
    },
    NOW,
  );

const spending = (id: string) => (account: MemberAccount) => {
  const redeemed = redeem(account, { redemptionId: id, points: 1 }, NOW);
  if (!redeemed.ok) throw new Error(redeemed.reason);
  return redeemed;
};

/** The rows that were added under a prefix to members who are measured, in the tables' own order of columns. */
async function rowsOf(db: Database, shopId: number, prefix: string): Promise<Rows> {
  const measured = `"memberId" <= ${memberCount} AND "sourceId" LIKE '${prefix}%'`;
  const read = async (table: string, condition: string) =>
    (
      await db.prisma.$queryRawUnsafe<Record<string, unknown>[]>(
        `SELECT * FROM "${table}" WHERE "shopId" = ${shopId} AND ${condition}`,
      )
    ).map((row) => Object.values(row).map((value) => (typeof value === "boolean" ? Number(value) : value)));
  return {
    LedgerTransaction: await read("LedgerTransaction", measured),
    LedgerPosting: await read("LedgerPosting", measured),
    Lot: await read("Lot", measured),
    MemberBalance: await read("MemberBalance", `"transactions" > 0 AND "memberId" <= ${memberCount}`),
  };
}

function* partsOf(rows: Rows, size: number): Generator<Rows> {
  for (let from = 0; from < rows.LedgerTransaction.length; from += size) {
    const part = (table: keyof Rows) => rows[table].slice(from, from + size);
    yield {
      LedgerTransaction: part("LedgerTransaction"),
      LedgerPosting: part("LedgerPosting"),
      Lot: part("Lot"),
      MemberBalance: part("MemberBalance"),
    };
  }
}

async function bench(name: string, url: string, bareUrl: string): Promise<void> {
  await migrateDatabase(url);
  await migrateDatabase(bareUrl);
  const db = await openDatabase(url, { subjectKeys: [] });
  const bare = await bareWriter(bareUrl);
  try {
    const shopId = await openShop(db);
    for (const filled of [url, bareUrl]) await fillLedger(filled, shopId, pastPostings);
    const ids = Array.from({ length: memberCount }, (_, index) => index + 1);
    const batched = ids.slice(0, memberCount - singleCount);
    const single = ids.slice(memberCount - singleCount);

    const inBatch = await seconds(async () => {
      for (let from = 0; from < batched.length; from += BATCH) {
        await decide(db, shopId, batched.slice(from, from + BATCH), earning("batch-"));
      }
    });
    const batchRows = await rowsOf(db, shopId, "batch-");
    const bareBatch = await seconds(async () => {
      for (const part of partsOf(batchRows, BATCH)) await bare.write(part);
    });
    record(
      `${name}: earned in batches, postings`,
      batched.length / inBatch,
      "/s",
      batched.length / bareBatch,
    );

    const oneByOne = await seconds(async () => {
      for (const id of single) await decide(db, shopId, [id], earning("single-"));
    });
    const singleRows = withoutBalancesOf(await rowsOf(db, shopId, "single-"), batchRows);
    const bareSingle = await seconds(async () => {
      for (const part of partsOf(singleRows, 1)) await bare.write(part);
    });
    record(
      `${name}: earned one by one, postings`,
      single.length / oneByOne,
      "/s",
      single.length / bareSingle,
    );

    await redemptions(name, db, shopId, bare, single);
    await balances(name, db, shopId);
  } finally {
    await bare.close();
    await db.close();
  }
}

async function openShop(db: Database): Promise<number> {
  return db.write(async (tx) => {
    const { id } = await ensureShop(tx, "bench.myshopify.com");
    await saveProgramme(tx, id, { state: "running", membership: "automatic", startedAt: NOW });
    await addMembers(
      tx,
      id,
      Array.from({ length: memberCount }, (_, index) => index + 1),
      NOW,
    );
    return id;
  });
}

function withoutBalancesOf(rows: Rows, others: Rows): Rows {
  const known = new Set(others.MemberBalance.map(([, memberId]) => Number(memberId)));
  return {
    ...rows,
    MemberBalance: rows.MemberBalance.filter(([, memberId]) => !known.has(Number(memberId))),
  };
}

async function redemptions(
  name: string,
  db: Database,
  shopId: number,
  bare: Awaited<ReturnType<typeof bareWriter>>,
  members: readonly number[],
): Promise<void> {
  const times: number[] = [];
  for (const id of members) {
    times.push(1000 * (await seconds(() => decide(db, shopId, [id], spending(`redeem-${id}`)))));
  }
  const rows = await rowsOf(db, shopId, "redeem-");
  const bareTimes: number[] = [];
  for (const part of partsOf({ ...rows, Lot: [], MemberBalance: [] }, 1)) {
    bareTimes.push(1000 * (await seconds(() => bare.write(part))));
  }
  record(`${name}: a redemption, median`, quantile(times, 0.5), "ms", quantile(bareTimes, 0.5));
  record(`${name}: a redemption, p99`, quantile(times, 0.99), "ms", quantile(bareTimes, 0.99));
}

/** The floor is the balance of a member with one transaction. */
async function balances(name: string, db: Database, shopId: number): Promise<void> {
  await db.write(async (tx) => {
    const locked = (await lockAccounts(tx, shopId, [1])).get(1);
    if (!locked) throw new Error("no member");
    let account: MemberAccount = locked;
    const changes: Change[] = [];
    for (let count = 0; count < historyLength; count += 1) {
      const change: Change =
        count % 2 ? spending(`long-${count}`)(account) : earning(`long-${count}-`)(account);
      account = change.account;
      changes.push(change);
    }
    await saveChanges(tx, shopId, changes);
  });
  const median = async (memberId: number) => {
    const times: number[] = [];
    for (let count = 0; count < 500; count += 1) {
      times.push(1000 * (await seconds(() => memberBalance(db, shopId, memberId, NOW))));
    }
    return quantile(times, 0.5);
  };
  await median(2);
  const short = await median(2);
  record(`${name}: a balance after ${historyLength} transactions, median`, await median(1), "ms", short);
}

const folder = mkdtempSync(path.join(tmpdir(), "perennial-bench-ledger-"));
try {
  const wanted = options.database.split(",");
  if (wanted.includes("sqlite")) {
    const url = (file: string) => `file:${path.join(folder, file)}`;
    await bench("sqlite", url("ledger.db"), url("bare.db"));
  }
  if (wanted.includes("postgresql")) {
    const postgres = await startLocalPostgres({ durable: true });
    try {
      await bench("postgresql", await postgres.create("ledger"), await postgres.create("bare"));
    } finally {
      await postgres.stop();
    }
  }
  console.log(JSON.stringify({ name: "ledger", results }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
