/** Limits of what shoppers may ask hold for each by itself and, where several processes answer, across them. */
import { beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import type { Database } from "../../app/db/types.ts";
import { countAsked, MOST_ASKED, type Asked } from "../../app/services/storefront/rate-limits.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";

beforeAll(() => {
  process.env["SHOPIFY_API_KEY"] ??= "key";
  process.env["SHOPIFY_API_SECRET"] ??= "secret";
  process.env["SHOPIFY_APP_URL"] ??= "https://app.example";
  process.env["ENCRYPTION_KEYS"] ??= `k1:${Buffer.alloc(32, 1).toString("base64")}`;
});

const MOST = MOST_ASKED.act;

async function askOften(
  db: Database,
  times: number,
  who: { customerId: number | null; address: string | null },
  asked: Asked = "act",
) {
  const waits: number[] = [];
  for (let time = 0; time < times; time++) waits.push(await countAsked(db, 1, who, asked));
  return waits;
}

describeOnBothDatabases("limits", (open, dialect) => {
  test("stop one customer and one address, and nobody else", async () => {
    const db = await open();
    const customer = { customerId: 5, address: null };
    const waits = await askOften(db, MOST.customer + 2, customer);
    expect(waits.slice(0, MOST.customer)).toEqual(waits.slice(0, MOST.customer).fill(0));
    for (const wait of waits.slice(MOST.customer)) {
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(60_000);
    }
    expect(await countAsked(db, 1, { customerId: 6, address: null })).toBe(0);
    expect(await countAsked(db, 2, customer)).toBe(0);
    const address = { customerId: null, address: "203.0.113.7" };
    expect((await askOften(db, MOST.address, address)).every((wait) => wait === 0)).toBe(true);
    expect(await countAsked(db, 1, { customerId: 7, address: address.address })).toBeGreaterThan(0);
    expect(await countAsked(db, 1, { customerId: 7, address: "203.0.113.8" })).toBe(0);
  });

  test("of what only reads are others, and leave what somebody wants to do alone", async () => {
    const db = await open();
    const who = { customerId: 5, address: "203.0.113.7" };
    const waits = await askOften(db, MOST_ASKED.read.customer + 1, who, "read");
    expect(waits.findIndex((wait) => wait > 0)).toBe(MOST_ASKED.read.customer);
    expect(Math.max(...(await askOften(db, MOST.customer, who)))).toBe(0);
    expect(await countAsked(db, 1, who)).toBeGreaterThan(0);
  });

  test.runIf(dialect === "postgresql")("hold across processes, and are kept as hashes only", async () => {
    const db = await open();
    const second = await openDatabase(db.url, { subjectKeys: [] });
    try {
      const who = { customerId: 123_456_789, address: "203.0.113.99" };
      const half = MOST.customer / 2;
      expect(Math.max(...(await askOften(db, half, who)), ...(await askOften(second, half, who)))).toBe(0);
      expect(await countAsked(db, 1, who)).toBeGreaterThan(0);
      expect(await countAsked(second, 1, who)).toBeGreaterThan(0);
      const rows = await db.prisma.$queryRawUnsafe<{ key: string }[]>(
        `SELECT "key" FROM perennial_counts.counted`,
      );
      expect(rows).toHaveLength(2);
      for (const { key } of rows) expect(key).toMatch(/^act-(customer|address):[\w-]{43}$/);
    } finally {
      await second.close();
    }
  });
});
