import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isoDate } from "../../app/core/calendar.ts";
import { readPurchases, type FilePurchases, type ReadPurchasesOptions } from "./read-purchases.ts";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), "purchases-"))));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(text: string, options: Partial<ReadPurchasesOptions> = {}): Promise<FilePurchases> {
  const file = path.join(folder, "purchases.csv.gz");
  writeFileSync(file, gzipSync(text));
  return readPurchases({ file, currency: "USD", timeZone: "UTC", ...options });
}

function linesOf({ purchases: { keys, customer, day, amount } }: FilePurchases) {
  return Array.from(customer, (who, entry) => [keys[who], isoDate(day[entry] ?? NaN), amount[entry]]);
}

const COLUMNS = { columns: "customer=who,date=when,amount=paid" };

describe("a file of purchases", () => {
  it("counts a customer's purchases of one day as one, and says of every record what became of it", async () => {
    const rows = [
      "who,when,paid",
      "a,2026-01-31,1.50",
      "a,2026-01-31 23:00,2",
      "b,2026-02-01,3",
      "NA,2026-02-01,4",
      "b,soon,5",
      "b,2026-02-02,much",
      "b,2026-02-02,-1",
      "b,2026-02-02",
      "",
    ];
    const file = await read(rows.join("\n"), COLUMNS);
    expect(linesOf(file)).toEqual([
      ["a", "2026-01-31", 350],
      ["b", "2026-02-01", 300],
    ]);
    const { read: all, taken, skipped } = file.account;
    expect([all, taken]).toEqual([8, 3]);
    expect(Object.fromEntries(skipped.map(({ reason, count }) => [reason, count]))).toEqual({
      "no customer": 1,
      "date not understood": 1,
      "amount not understood": 1,
      "negative amount": 1,
      "columns missing": 1,
    });
  });

  it("takes days in the zone asked for", async () => {
    const text = "who,when,paid\na,2026-01-31T23:30:00Z,1";
    expect(linesOf(await read(text, { ...COLUMNS, timeZone: "Asia/Tokyo" }))).toEqual([
      ["a", "2026-02-01", 100],
    ]);
  });

  it("takes an order of Shopify's export once, without what was given back, and no cancelled one", async () => {
    const header =
      "Name,Email,Total,Subtotal,Refunded Amount,Created at,Cancelled at,Lineitem quantity,Lineitem name,Lineitem price";
    const rows = [
      "#1,A@example.com,12,10,4,2026-01-31 10:00:00 +0000,,1,Tea,5",
      "#1,,,,,,,1,Pot,5",
      "#2,b@example.com,20,20,20,2026-02-01 10:00:00 +0000,2026-02-02 10:00:00 +0000,1,Tea,20",
      "#3,a@example.com,7,7,9,2026-02-03 10:00:00 +0000,,1,Tea,7",
    ];
    const file = await read([header, ...rows].join("\n"));
    expect(file.kind).toBe("a Shopify order export");
    expect(linesOf(file)).toEqual([
      ["a@example.com", "2026-01-31", 600],
      ["a@example.com", "2026-02-03", 0],
    ]);
    expect(file.account.skipped).toEqual([
      { reason: "a further line of its order", count: 1 },
      { reason: "cancelled", count: 1 },
    ]);
  });

  it("takes what Online Retail sold to somebody", async () => {
    const header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
    const rows = [
      "536365,22633,WARMER,3,2010-12-01 08:26,1.85,17850,United Kingdom",
      "C536379,D,Discount,-1,2010-12-01 09:41,27.5,14527,United Kingdom",
      "536414,22139,,56,2010-12-01 11:52,0,NA,United Kingdom",
      "536544,21773,TRINKET,1,2010-12-01 14:32,2.51,NA,United Kingdom",
    ];
    const file = await read([header, ...rows].join("\n"), { currency: "GBP" });
    expect(linesOf(file)).toEqual([["17850", "2010-12-01", 555]]);
    expect(file.account).toEqual({
      read: 4,
      taken: 1,
      skipped: [
        { reason: "nothing sold", count: 1 },
        { reason: "nothing paid", count: 1 },
        { reason: "no customer", count: 1 },
      ],
    });
  });

  it.each([
    ["who,when,paid\na,2026-01-01,1", { columns: "customer=whom,date=when,amount=paid" }, /no column whom/],
    ["who,when,paid\na,03/04/2026,1", COLUMNS, /day or the month first/],
    ["who,when,paid\n", COLUMNS, /a header and nothing else/],
    ["who,when,paid\na,2026-01-01,1", {}, /name its columns with --columns/],
    ["", COLUMNS, /is empty/],
  ])("that cannot be read is refused in a sentence: %j", async (text, options, reason) => {
    await expect(read(text, options)).rejects.toThrow(reason);
  });
});
