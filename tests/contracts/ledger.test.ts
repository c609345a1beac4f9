import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adjust } from "../../app/core/loyalty/adjust.ts";
import { earnPoints } from "../../app/core/loyalty/earn-points.ts";
import { explain } from "../../app/core/loyalty/explain.ts";
import type { Change, MemberAccount } from "../../app/core/loyalty/member-account.ts";
import { memberBalance, memberTransactions } from "../../app/db/queries/member-account.server.ts";
import { beginShopErasure } from "../../app/db/stores/erasures.server.ts";
import { LedgerConflict, lockAccounts, saveChanges } from "../../app/db/stores/ledger.server.ts";
import {
  addMembers,
  currentMembers,
  mergeLinkedMembers,
  membersOf,
} from "../../app/db/stores/members.server.ts";
import { saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { customerData } from "../../app/db/queries/data-requests.server.ts";
import { ensureShop, markInstalled, markUninstalled } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { redactShop } from "../../app/services/privacy/redact-shop.server.ts";
import { describeOnBothDatabases, usingDatabases } from "../support/database.ts";
import type { Entry } from "../support/loyalty-book.ts";
import { CUSTOMER_NUMBERS as NUMBERS, live, lives } from "../support/loyalty-lives.ts";
import { DAY_MS, START } from "../support/orders.ts";
import { redeemOnce } from "../support/redeem-once.ts";

const run = promisify(execFile);
const STORED_LIVES = Number(process.env["LEDGER_STORED_RUNS"] ?? 6);
const CHILD = path.resolve(import.meta.dirname, "../support/redeem-child.ts");

/** A shop with a programme, whose members have the numbers of their customers. */
async function openProgramme(db: Database): Promise<number> {
  return db.write(async (tx) => {
    const { id } = await ensureShop(tx, "a.myshopify.com");
    await saveProgramme(tx, id, { state: "running", membership: "automatic", startedAt: START });
    const members = await addMembers(tx, id, NUMBERS, START);
    expect([...members]).toEqual(NUMBERS.map((customer) => [customer, customer]));
    return id;
  });
}

async function change(
  db: Database,
  shopId: number,
  memberId: number,
  decide: (account: MemberAccount) => Change,
): Promise<Change[]> {
  return db.write(async (tx) => {
    const account = (await lockAccounts(tx, shopId, [memberId])).get(memberId);
    if (!account) throw new Error(`no member ${memberId}`);
    return saveChanges(tx, shopId, [decide(account)]);
  });
}

const earning = (orderId: string, points: number) => (account: MemberAccount) =>
  earnPoints(
    account,
    { orderId, sequence: 0, points, ripensAt: START, expiresAt: START + 90 * DAY_MS, reason: null },
    START,
  );

const giving = (points: number, reason: string) => (account: MemberAccount) => {
  const adjusted = adjust(account, { id: "a", points, reason, expiresAt: null }, START + 1);
  if (!adjusted.ok) throw new Error(adjusted.reason);
  return adjusted;
};

/** Sums of the postings that differ from what is stored beside them: none, or something was lost. */
async function differences(db: Database): Promise<unknown[]> {
  const sum = (account: string) =>
    `coalesce(sum(CASE WHEN "toAccount" = '${account}' THEN p."points" WHEN "fromAccount" = '${account}' THEN -p."points" ELSE 0 END), 0)`;
  const members = await db.prisma.$queryRawUnsafe<unknown[]>(`
    SELECT b."memberId", b."pending", b."available", b."debt" FROM "MemberBalance" b LEFT JOIN "LedgerPosting" p
      ON p."shopId" = b."shopId" AND p."memberId" = b."memberId"
    GROUP BY b."shopId", b."memberId", b."pending", b."available", b."debt"
    HAVING b."pending" <> ${sum("pending")} OR b."available" <> ${sum("available")} OR b."debt" <> -${sum("debt")}`);
  const lots = await db.prisma.$queryRawUnsafe<unknown[]>(`
    SELECT l."id" FROM "Lot" l LEFT JOIN "LedgerPosting" p ON p."shopId" = l."shopId" AND p."lotId" = l."id"
    GROUP BY l."shopId", l."id", l."pending", l."available", l."expired", l."isOpen"
    HAVING l."pending" <> ${sum("pending")} OR l."available" <> ${sum("available")} OR l."expired" <> ${sum("expired")}
      OR l."isOpen" <> (l."pending" > 0 OR l."available" > 0)`);
  const counts = await db.prisma.$queryRawUnsafe<unknown[]>(`
    SELECT b."memberId" FROM "MemberBalance" b WHERE b."transactions" <>
      (SELECT count(*) FROM "LedgerTransaction" t WHERE t."shopId" = b."shopId" AND t."memberId" = b."memberId")`);
  return [...members, ...lots, ...counts];
}

describeOnBothDatabases("the points ledger", (open) => {
  test("the same again is written once; a key with other contents is an error for ever", async () => {
    const db = await open();
    const shopId = await openProgramme(db);
    expect(await change(db, shopId, 1, giving(50, "sorry"))).toHaveLength(1);
    expect(await change(db, shopId, 1, giving(50, "sorry"))).toHaveLength(0);
    await expect(change(db, shopId, 1, giving(60, "sorry"))).rejects.toThrow(LedgerConflict);
    await expect(change(db, shopId, 1, giving(50, "a gift"))).rejects.toThrow("other contents");
    await expect(change(db, shopId, 2, giving(50, "sorry"))).rejects.toThrow(LedgerConflict);
    expect(await memberBalance(db, shopId, 1, START + 2)).toMatchObject({ available: 50 });
    expect(await db.prisma.ledgerTransaction.count()).toBe(1);
    // Who was merged is the survivor, also in a repeated key.
    await db.write((tx) => mergeLinkedMembers(tx, shopId, 1, 2, START + 3));
    expect(await change(db, shopId, 2, giving(50, "sorry"))).toHaveLength(0);
    expect(await memberBalance(db, shopId, 2, START + 4)).toMatchObject({ available: 50 });
    expect(await differences(db)).toEqual([]);
  });

  test("neither transaction nor posting can be changed or deleted, but by a shop's erasure", async () => {
    const db = await open();
    const shopId = await openProgramme(db);
    await change(db, shopId, 1, earning("1", 120));
    const attempts = [
      `UPDATE "LedgerPosting" SET "points" = 1`,
      `DELETE FROM "LedgerPosting"`,
      `UPDATE "LedgerTransaction" SET "points" = 1`,
      `DELETE FROM "LedgerTransaction" WHERE "shopId" = ${shopId}`,
      db.dialect === "sqlite"
        ? `INSERT OR REPLACE INTO "LedgerPosting" SELECT "shopId", "kind", "sourceId", "sequence", "position", "memberId",
             "fromAccount", "toAccount", 1, "lotId" FROM "LedgerPosting"`
        : `TRUNCATE "LedgerPosting"`,
    ];
    for (const sql of attempts) {
      await expect(db.write((tx) => tx.prisma.$executeRawUnsafe(sql))).rejects.toThrow("append-only");
    }
    // A balance that would go below zero is refused by the database itself.
    const below = db.write((tx) =>
      tx.prisma.$executeRawUnsafe(`UPDATE "MemberBalance" SET "available" = -1`),
    );
    await expect(below).rejects.toThrow(/constraint|below zero/i);
    expect(await db.prisma.ledgerPosting.findMany()).toMatchObject([{ points: 120n }]);

    await db.write(async (tx) => {
      await markInstalled(tx, shopId, {}, START);
      await markUninstalled(tx, shopId, 1, START);
    });
    const early = db.write((tx) => tx.prisma.$executeRawUnsafe(`DELETE FROM "LedgerPosting"`));
    await expect(early).rejects.toThrow("append-only");
    expect(await db.write((tx) => beginShopErasure(tx, shopId, 1))).toBe(true);
    await redactShop(db, shopId, 1, AbortSignal.timeout(30_000));
    expect(await db.prisma.ledgerPosting.count()).toBe(0);
    expect(await db.prisma.shop.count()).toBe(0);
  });

  test("64 redemptions of one balance at once spend it exactly once", async () => {
    const db = await open();
    const shopId = await openProgramme(db);
    await change(db, shopId, 1, earning("1", 55));
    const wishes = Array.from({ length: 64 }, (_, index) =>
      redeemOnce(db, shopId, 1, { redemptionId: `r${index}`, points: 10 }, START + 1),
    );
    expect((await Promise.all(wishes)).filter(Boolean)).toHaveLength(5);
    expect(await memberBalance(db, shopId, 1, START + 1)).toMatchObject({ available: 5, debt: 0 });
    expect(await db.prisma.ledgerTransaction.count({ where: { kind: "redeem" } })).toBe(5);
    expect(await differences(db)).toEqual([]);
  });

  test("a balance is right at every moment, whenever the next decision comes", async () => {
    const db = await open();
    const shopId = await openProgramme(db);
    await change(db, shopId, 1, (account) =>
      earnPoints(
        account,
        { orderId: "1", sequence: 0, points: 9, ripensAt: START + 5, expiresAt: START + 9, reason: null },
        START,
      ),
    );
    const at = (time: number) => memberBalance(db, shopId, 1, START + time);
    expect(await at(4)).toEqual({ pending: 9, available: 0, debt: 0, nextDueAt: START + 5 });
    expect(await at(5)).toEqual({ pending: 0, available: 9, debt: 0, nextDueAt: START + 9 });
    expect(await at(9)).toEqual({ pending: 0, available: 0, debt: 0, nextDueAt: null });
    expect(await memberBalance(db, shopId, 99, START)).toBeNull();
  });

  test("random lives are stored as they were decided, and every stored balance is the sum of its postings", async () => {
    const db = await open();
    const shops = [];
    for (const [rules, steps] of fc.sample(lives, { numRuns: STORED_LIVES, seed: 20_260_401 })) {
      const book = live(rules, steps);
      const shopId = await openProgrammeOf(db, `life-${shops.length}`);
      shops.push(shopId);
      for (const entry of book.log) await replay(db, shopId, entry);
      const known = await currentMembers(db, shopId, NUMBERS);
      for (const [memberId, account] of book.accounts) {
        const { pending = 0, available = 0, debt = 0 } = (await memberBalance(db, shopId, memberId, 0)) ?? {};
        expect(pending + available - debt).toBe(
          account.lots.reduce((sum, lot) => sum + lot.pending + lot.available, 0) - account.debt,
        );
        if (known.get(memberId) !== memberId) continue;
        const { memberIds, transactions } = await memberTransactions(db, shopId, memberId);
        const [last] = explain(transactions, memberIds).slice(-1);
        if (last) expect(last.balance).toEqual({ pending, available, owed: debt });
      }
      expect(await db.prisma.ledgerTransaction.count({ where: { shopId } })).toBe(book.transactions.length);
    }
    expect(await differences(db)).toEqual([]);
  });

  async function openProgrammeOf(db: Database, domain: string): Promise<number> {
    return db.write(async (tx) => {
      const { id } = await ensureShop(tx, domain);
      await saveProgramme(tx, id, { state: "running", membership: "automatic", startedAt: START });
      await addMembers(tx, id, NUMBERS, START);
      return id;
    });
  }

  /** What the database gives to decide on must be what it was decided on in memory. */
  async function replay(db: Database, shopId: number, entry: Entry): Promise<void> {
    await db.write(async (tx) => {
      if (entry.does === "merge") {
        await mergeLinkedMembers(tx, shopId, entry.from, entry.to, entry.at);
        return;
      }
      const { before } = entry;
      const ids = before.lots.map(({ id }) => id);
      const account = (await lockAccounts(tx, shopId, [before.memberId], ids)).get(before.memberId);
      const sorted = ({ lots, ...rest }: MemberAccount) => ({
        ...rest,
        lots: lots.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      });
      expect(account && sorted(account)).toEqual(sorted(before));
      expect(await saveChanges(tx, shopId, [entry.change])).toHaveLength(1);
    });
  }
});

describeOnBothDatabases("members", (open) => {
  test("have a number of ours, which a customer who was merged hands on", async () => {
    const db = await open();
    const shopId = await openProgramme(db);
    await change(db, shopId, 1, earning("1", 10));
    await db.write(async (tx) => {
      // To somebody who is no member yet, then to one who is.
      await mergeLinkedMembers(tx, shopId, 1, 77, START);
      expect(await membersOf(tx, shopId, [1, 77])).toEqual(new Map([[77, 1]]));
      await mergeLinkedMembers(tx, shopId, 77, 2, START);
      await mergeLinkedMembers(tx, shopId, 2, 3, START);
      expect(await membersOf(tx, shopId, [1, 2, 3, 77])).toEqual(new Map([[3, 3]]));
      const current = new Map([1, 2, 3].map((id) => [id, 3]));
      expect(await currentMembers(tx, shopId, [1, 2, 3])).toEqual(current);
      expect(await addMembers(tx, shopId, [3, 4], START)).toEqual(
        new Map([
          [3, 3],
          [4, 4],
        ]),
      );
    });
    expect(await memberBalance(db, shopId, 3, START)).toMatchObject({ available: 10 });
    expect(await differences(db)).toEqual([]);
  });

  test("are told in the file of a customer's data what they have and why", async () => {
    const db = await open();
    const shopId = await openProgramme(db);
    await change(db, shopId, 1, earning("1", 10));
    const { loyalty } = await customerData(db, shopId, 1, []);
    expect(loyalty).toMatchObject({
      memberId: 1,
      balance: { pending: 0, available: 10, owed: 0 },
      lines: [{ kind: "earn", sourceId: "1", available: 10, expiresAt: START + 90 * DAY_MS }],
      redemptions: [],
    });
    expect((await customerData(db, shopId, 99, [])).loyalty).toBeNull();
  });
});

describe("64 redemptions in four processes on PostgreSQL", () => {
  const open = usingDatabases();

  test("spend a balance exactly once", async () => {
    const db = await open("postgresql");
    const shopId = await openProgramme(db);
    await change(db, shopId, 1, (account) =>
      earnPoints(
        account,
        { orderId: "1", sequence: 0, points: 35, ripensAt: 0, expiresAt: null, reason: null },
        1,
      ),
    );
    const children = ["a", "b", "c", "d"].map((prefix) =>
      run(process.execPath, [CHILD, db.url, String(shopId), "1", prefix, "16"]),
    );
    const done = await Promise.all(children);
    expect(done.reduce((sum, { stdout }) => sum + Number(stdout), 0)).toBe(3);
    expect(await memberBalance(db, shopId, 1, Date.now())).toMatchObject({ available: 5, debt: 0 });
    expect(await differences(db)).toEqual([]);
  });
});
