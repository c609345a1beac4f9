import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import { Prisma } from "../../app/db/generated/sqlite/client.ts";
import type { Shop } from "../../app/db/stores/shops.server.ts";
import type { Reading } from "../../app/db/types.ts";
import { createTestDatabase, describeOnBothDatabases } from "../support/database.ts";

describeOnBothDatabases("transactions", (open, dialect) => {
  test("what a transaction wrote is there after it", async () => {
    const db = await open();
    await db.write((tx) => tx.prisma.shop.create({ data: { domain: "a.myshopify.com" } }));
    expect(await db.prisma.shop.count()).toBe(1);
  });

  test("a failed transaction leaves nothing", async () => {
    const db = await open();
    const failing = db.write(async (tx) => {
      await tx.prisma.shop.create({ data: { domain: "a.myshopify.com" } });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await db.prisma.shop.count()).toBe(0);
  });

  test("a reader does not see what is not committed", async () => {
    const db = await open();
    await db.write(async (tx) => {
      await tx.prisma.shop.create({ data: { domain: "a.myshopify.com" } });
      expect(await db.prisma.shop.count()).toBe(0);
    });
  });

  test("a write inside a write is refused instead of hanging", async () => {
    const db = await open();
    await expect(db.write(() => db.write(async () => 1))).rejects.toThrow("inside another one");
  });

  test("many transactions at once all happen", async () => {
    const db = await open();
    const { id } = await db.write((tx) => tx.prisma.shop.create({ data: { domain: "a.myshopify.com" } }));
    const bump = () =>
      db.write((tx) => tx.prisma.shop.update({ where: { id }, data: { dataVersion: { increment: 1 } } }));
    await Promise.all(Array.from({ length: 30 }, bump));
    expect((await db.prisma.shop.findUniqueOrThrow({ where: { id } })).dataVersion).toBe(30);
  });

  test("SQL past Prisma is in the transaction that Prisma has", async () => {
    const db = await open();
    const { id } = await db.write((tx) => tx.prisma.shop.create({ data: { domain: "a.myshopify.com" } }));
    const version = async (reading: Reading) =>
      (await reading.sql.rows<Shop>(Prisma.sql`SELECT * FROM "Shop" WHERE "id" = ${id}`))[0]?.dataVersion;
    const failing = db.write(async (tx) => {
      expect(await tx.sql.run(Prisma.sql`UPDATE "Shop" SET "dataVersion" = 7 WHERE "id" = ${id}`)).toBe(1);
      expect((await tx.prisma.shop.findUniqueOrThrow({ where: { id } })).dataVersion).toBe(7);
      await tx.prisma.shop.update({ where: { id }, data: { dataVersion: 8 } });
      expect(await version(tx)).toBe(8);
      expect(await version(db)).toBe(0);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await version(db)).toBe(0);
    const bump = () =>
      db.write((tx) =>
        tx.sql.run(Prisma.sql`UPDATE "Shop" SET "dataVersion" = "dataVersion" + 1 WHERE "id" = ${id}`),
      );
    await Promise.all(Array.from({ length: 30 }, bump));
    expect(await version(db)).toBe(30);
  });

  test("what is asked together is answered in its place, and leaves the connection as it was", async () => {
    const db = await open();
    const { id } = await db.write((tx) => tx.prisma.shop.create({ data: { domain: "a.myshopify.com" } }));
    const name = (tx: Reading) => tx.sql.rows(Prisma.sql`SELECT "domain" FROM "Shop" WHERE "id" = ${id}`);
    const rename = (domain: string) => Prisma.sql`UPDATE "Shop" SET "domain" = ${domain} WHERE "id" = ${id}`;
    const answers = await db.write(async (tx) => [
      ...(await tx.sql.together(
        () => tx.sql.run(rename("b.myshopify.com")),
        () => name(tx),
        () => tx.prisma.shop.count(),
      )),
      await name(tx),
    ]);
    expect(answers).toEqual([1, [{ domain: "b.myshopify.com" }], 1, [{ domain: "b.myshopify.com" }]]);

    const ended: string[] = [];
    const failing = db.write((tx) =>
      tx.sql.together(
        () => tx.sql.run(rename("c.myshopify.com")),
        () => tx.sql.rows(Prisma.sql`SELECT "missing" FROM "Shop"`),
        async () => {
          await name(tx).catch(() => ended.push("failed with it"));
          ended.push("ended");
        },
      ),
    );
    await expect(failing).rejects.toThrow(/missing/);
    expect(ended).toEqual(dialect === "sqlite" ? ["ended"] : ["failed with it", "ended"]);
    // Whoever has the connection next finds it as any other.
    expect(await name(db)).toEqual([{ domain: "b.myshopify.com" }]);
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        db.write((tx) => tx.sql.run(rename(`d${index}.myshopify.com`))),
      ),
    );
    expect(await name(db)).toEqual([{ domain: expect.stringMatching(/^d/) as string }]);
  });

  test("SQL past Prisma answers numbers, truth values and nothing as they are", async () => {
    const db = await open();
    const { id: shopId } = await db.write((tx) =>
      tx.prisma.shop.create({ data: { domain: "a.myshopify.com", installedAt: 1_790_000_000_123 } }),
    );
    const [shop] = await db.sql.rows<Shop>(
      Prisma.sql`SELECT * FROM "Shop" WHERE "domain" = ${"a.myshopify.com"}`,
    );
    const { installedAt, countsTax, uninstalledAt } = shop ?? {};
    expect({ installedAt, uninstalledAt }).toEqual({ installedAt: 1_790_000_000_123, uninstalledAt: null });
    expect(countsTax).toBeTypeOf("boolean");
    await db.write((tx) =>
      tx.sql.run(Prisma.sql`UPDATE "Shop" SET "countsTax" = ${!countsTax} WHERE "id" = ${shopId}`),
    );
    const [sums] = await db.sql.rows<Record<string, number>>(
      Prisma.sql`SELECT count(*) AS "count", sum("installedAt") AS "sum" FROM "Shop" WHERE "countsTax" = ${!countsTax}`,
    );
    expect(sums).toEqual({ count: 1, sum: 1_790_000_000_123 });
    await expect(db.sql.rows(Prisma.sql`SELECT * FROM "Nothing"`)).rejects.toThrow("Nothing");
  });

  test.skipIf(dialect === "sqlite")(
    "what was prepared is prepared anew when a table has changed",
    async () => {
      const db = await open();
      if (db.dialect === "sqlite") throw new Error("of PostgreSQL only");
      const all = Prisma.sql`SELECT * FROM "Shop"`;
      await db.write(async (tx) => {
        await tx.prisma.shop.create({ data: { domain: "a.myshopify.com" } });
        await tx.sql.rows(all);
      });
      await db.sql.rows(all);
      await db.pool.query(`ALTER TABLE "Shop" ADD COLUMN "added" INTEGER NOT NULL DEFAULT 3`);
      expect(await db.write((tx) => tx.sql.rows(all))).toMatchObject([{ added: 3 }]);
      await db.pool.query(`ALTER TABLE "Shop" DROP COLUMN "added"`);
      expect((await db.sql.rows(all))[0]).not.toHaveProperty("added");
    },
  );

  test("a database closes after the writes that have begun, and takes none later", async () => {
    const { url, remove } = await createTestDatabase(dialect);
    const reading = await openDatabase(url, { subjectKeys: [] });
    for (const wait of [0, 0, 1, 2, 3, 5]) {
      const db = await openDatabase(url, { subjectKeys: [] });
      const shopOf = (domain: string) => db.write((tx) => tx.prisma.shop.create({ data: { domain } }));
      const before = await reading.prisma.shop.count();
      const begun = [1, 2, 3].map((one) => shopOf(`s${before + one}.myshopify.com`));
      await sleep(wait);
      await db.close();
      await Promise.all(begun);
      await expect(shopOf("late.myshopify.com")).rejects.toThrow("takes no more writes");
      expect(await reading.prisma.shop.count()).toBe(before + 3);
    }
    await reading.close();
    remove();
  });
});
