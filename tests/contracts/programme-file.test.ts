/** A programme goes into a file and comes back from it with the same balances and lines, into either database; a file that is not whole changes nothing. */
import { expect, it } from "vitest";
import { memberTransactions } from "../../app/db/queries/member-account.server.ts";
import { eraseCustomer } from "../../app/db/stores/erasures.server.ts";
import { membersOf } from "../../app/db/stores/members.server.ts";
import { saveReward } from "../../app/db/stores/rewards.server.ts";
import { ensureShop, findShopById, markInstalled, type Shop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { customerData } from "../../app/db/queries/data-requests.server.ts";
import { loyaltyRows } from "../../app/db/bulk/loyalty-rows.ts";
import { exportProgramme } from "../../app/services/loyalty/export-programme.server.ts";
import { importProgramme } from "../../app/services/loyalty/import-programme.server.ts";
import { accrueChangedOrders } from "../../app/services/loyalty/accrue-changed-orders.server.ts";
import { describeOnBothDatabases, usingDatabases } from "../support/database.ts";
import { writePast } from "../support/loyalty-past.ts";
import { START } from "../support/orders.ts";

async function openShop(db: Database, domain = "file.myshopify.com"): Promise<Shop> {
  const shopId = await db.write(async (tx) => {
    const { id } = await ensureShop(tx, domain);
    await markInstalled(tx, id, { timeZone: "Europe/Berlin", currency: "EUR" }, START);
    return id;
  });
  const shop = await findShopById(db, shopId);
  if (!shop) throw new Error("no shop");
  return shop;
}

async function linesOf(db: Database, shop: Shop): Promise<string[]> {
  const lines = await exportProgramme(db, shop, START);
  if (!lines) throw new Error("no programme");
  return (await allOf(lines)).map((line) => line.trimEnd());
}

async function allOf<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}

/** Databases sort text in their own ways. */
async function rowsOf(db: Database, { id }: Shop): Promise<string[]> {
  return (await allOf(loyaltyRows(db.url, id))).map((row) => JSON.stringify(row)).toSorted();
}

const file = (lines: readonly string[]) =>
  async function* () {
    yield* lines;
  };

describeOnBothDatabases("a programme's file", (open, dialect) => {
  const openOther = usingDatabases();

  it("brings back every row, on either database, and follows what became of customers since", async () => {
    const db = await open();
    // Another shop came first, so that the numbers of shops differ.
    const shop = await openShop(db);
    expect(await exportProgramme(db, shop)).toBeNull();
    const members = await writePast(db, shop.id, { customerIds: [11, 12, 13, 14], months: 5, until: START });
    await db.write(async (tx) => {
      await saveReward(
        tx,
        shop.id,
        {
          ...{ id: "ten", name: `Ten "off"\n`, costPoints: 500, minimumMinor: null, validDays: 30 },
          ...{ gives: { kind: "amount-off", valueMinor: 1_000 }, returnsUnused: true, isActive: false },
          combinesWith: { order: false, product: true, shipping: false },
        },
        START,
      );
      await tx.prisma.redemption.create({
        data: {
          ...{ shopId: shop.id, id: "r", memberId: members[0] ?? 0, rewardId: "ten", requestKey: "k" },
          ...{ points: 5, status: "issued", code: "CODE", expiresAt: START, reservedAt: START },
        },
      });
    });
    const lines = await linesOf(db, shop);
    const told = await customerData(db, shop.id, 11, []);
    expect(told.loyalty).toMatchObject({ redemptions: [{ code: "CODE" }] });
    const { transactions } = await memberTransactions(db, shop.id, members[0] ?? 0);
    expect(told.loyalty?.lines).toHaveLength(transactions.length);

    for (const other of [await openOther("sqlite"), await openOther("postgresql")]) {
      await openShop(other, "first.myshopify.com");
      const target = await openShop(other);
      const rows = await importProgramme(other, target.id, file(lines));
      expect([...rows.values()].reduce((sum, count) => sum + count, 0)).toBe(lines.length - 2);
      expect(target.id).not.toBe(shop.id);
      expect(await rowsOf(other, target)).toEqual(await rowsOf(db, shop));
      for (const memberId of members) {
        expect(await memberTransactions(other, target.id, memberId)).toEqual(
          await memberTransactions(db, shop.id, memberId),
        );
      }
      // It goes on as if nothing had been.
      await accrueChangedOrders(other, target.id, AbortSignal.timeout(30_000));
      expect(await rowsOf(other, target)).toEqual(await rowsOf(db, shop));
      await expect(importProgramme(other, target.id, file(lines))).rejects.toThrow("has a points programme");
    }

    const later = await openOther(dialect);
    const since = await openShop(later);
    await later.write(async (tx) => {
      await eraseCustomer(tx, since.id, 12, [], START);
      await tx.prisma.customerAlias.create({
        data: { shopId: since.id, fromId: 13, toId: 14, mergedAt: START },
      });
    });
    await importProgramme(later, since.id, file(lines));
    const links = await membersOf(later, since.id, [11, 12, 13, 14]);
    expect([...links.keys()].toSorted()).toEqual([11, 14]);
    const merged = await later.prisma.member.findMany({
      where: { shopId: since.id, aliasOfId: { not: null } },
    });
    expect(merged.map(({ aliasOfId }) => aliasOfId)).toEqual([links.get(14)]);
    const totals = async (at: Database, shopId: number) =>
      (
        await at.prisma.memberBalance.aggregate({
          where: { shopId },
          _sum: { available: true, pending: true },
        })
      )._sum;
    const [before, after] = [await totals(db, shop.id), await totals(later, since.id)];
    expect(Number(after.available) + Number(after.pending)).toBeLessThanOrEqual(
      Number(before.available) + Number(before.pending),
    );
  }, 60_000);

  it("is refused whole where it was cut off, changed, is another shop's or does not add up", async () => {
    const db = await open();
    const shop = await openShop(db);
    await writePast(db, shop.id, { customerIds: [1, 2], months: 3, until: START });
    const lines = await linesOf(db, shop);
    const other = await openOther(dialect);
    const target = await openShop(other);
    const without = (table: string) => lines.filter((line) => !line.includes(`"table":"${table}"`));
    const refused = async (wrong: readonly string[], message: string) => {
      await expect(importProgramme(other, target.id, file(wrong))).rejects.toThrow(message);
      expect(await rowsOf(other, target)).toEqual([]);
    };
    await refused(lines.slice(0, -1), "ends too early");
    await refused(without("Lot"), "changed since");
    await refused([...lines, "{}"], "goes on after its end");
    await refused(["{}", ...lines], "is not one of a points programme");
    await refused(["no"], "is not one of a points programme");
    await refused([...lines.slice(0, 1), `{"table":"Shop","row":{}}`], "Line 2");
    const elsewhere = await openShop(other, "else.myshopify.com");
    await expect(importProgramme(other, elsewhere.id, file(lines))).rejects.toThrow(
      "is of file.myshopify.com",
    );

    // A file can be whole and wrong.
    await db.write((tx) =>
      tx.prisma.memberBalance.updateMany({ where: { shopId: shop.id, memberId: 1 }, data: { pending: 1 } }),
    );
    await refused(await linesOf(db, shop), "1 balances and 0 lots");
  }, 60_000);
});
