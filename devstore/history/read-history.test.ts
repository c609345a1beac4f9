import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readHistory, type ReadOptions, type ReadResult } from "./read-history.ts";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), "history-"))));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(text: string, name = "orders.csv"): string {
  const file = path.join(folder, name);
  writeFileSync(file, name.endsWith(".gz") ? gzipSync(text) : text);
  return file;
}

async function taken(options: ReadOptions): Promise<Extract<ReadResult, { ok: true }>> {
  const result = await readHistory(options);
  if (!result.ok) throw new Error(result.reason);
  return result;
}

async function refusal(options: ReadOptions): Promise<string> {
  const result = await readHistory(options);
  if (result.ok) throw new Error("was taken");
  return result.reason;
}

const COLUMNS = "customer=who,date=when,amount=paid";

describe("a table with named columns", () => {
  it("is taken whole, whatever its delimiter and packing", async () => {
    for (const delimiter of [",", ";", "\t", "|"]) {
      const rows = ["who when paid", "a 2026-01-31 1.50", "NA 2026-02-01 2", "a 2026-02-01 0"];
      const text = rows.map((row) => row.replaceAll(" ", delimiter)).join("\r\n");
      for (const name of ["table.csv", "table.csv.gz"]) {
        const { history, account } = await taken({ file: fileOf(text, name), columns: COLUMNS, timeZone: "Asia/Tokyo" });
        expect(account).toEqual({ read: 3, taken: 3, skipped: [] });
        expect(history.orders.map(({ customerKey }) => customerKey)).toEqual(["a", null, "a"]);
        expect(history.orders.map(({ lines }) => lines[0]?.unitPriceMinor)).toEqual([150, 200, 0]);
        expect(history.orders[0]?.placedAt).toBe(Date.UTC(2026, 0, 31, 3));
        expect(history.customers).toHaveLength(1);
      }
    }
  });

  it("is taken as spreadsheets write it: a byte order mark, quotes, line ends in cells, decimal commas, their own dates", async () => {
    const text = '\ufeff\r\n"who";"when";"paid"\r\n"An\r\nna";"31.01.2026 10:15";"1.234,50"\r\n"B ""b""; c";"01.02.2026 9:05";"2"\r\n';
    const { history, account } = await taken({ file: fileOf(text), columns: COLUMNS, timeZone: "Europe/Berlin" });
    expect(account).toEqual({ read: 2, taken: 2, skipped: [] });
    expect(history.orders.map(({ customerKey, placedAt, lines }) => [customerKey, placedAt, lines[0]?.unitPriceMinor])).toEqual([
      ["An\r\nna", Date.UTC(2026, 0, 31, 9, 15), 123_450],
      ['B "b"; c', Date.UTC(2026, 1, 1, 8, 5), 200],
    ]);
  });

  it("joins lines of one order and splits an amount that units do not divide", async () => {
    const file = fileOf("who,when,paid,no,what,pieces\na,2026-01-02,10.00,7,Pot,3\na,2026-01-01,1.00,7,Cup,1\nb,2026-01-01,1.00,7,Cup,1\n");
    const columns = `${COLUMNS},order=no,product=what,quantity=pieces`;
    const { history, account } = await taken({ file, columns });
    expect(account.skipped).toEqual([{ reason: "another customer than the order's first line", count: 1 }]);
    expect(history.orders).toHaveLength(1);
    const [order] = history.orders;
    expect(order?.placedAt).toBe(Date.UTC(2026, 0, 1, 12));
    expect(order?.lines.map(({ quantity, unitPriceMinor }) => [quantity, unitPriceMinor])).toEqual([[2, 333], [1, 334], [1, 100]]);
    expect(history.products.map(({ title }) => title)).toEqual(["Pot", "Cup"]);
  });

  it("accounts for every record of any file", async () => {
    const cell = fc.oneof(
      fc.constantFrom("", "NA", "c1", "2026-01-05", "2026-02-30", "5.25", "-1", "31/12/2025"),
      fc.string({ unit: fc.constantFrom("a", "1", " ", ".", "-"), maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 1, maxLength: 5 })), async (rows) => {
        // As many good records as others, so that the dates are ISO by evidence.
        const good = Array.from({ length: rows.length + 1 }, () => "z,2026-01-01,1");
        const text = ["who,when,paid", ...good, ...rows.map((row) => row.join(","))].join("\n");
        const { account, history } = await taken({ file: fileOf(`${text}\n`), columns: COLUMNS });
        expect(account.read).toBe(2 * rows.length + 1);
        expect(account.skipped.reduce((sum, { count }) => sum + count, account.taken)).toBe(account.read);
        expect(history.orders).toHaveLength(account.taken);
        expect(account.taken).toBeGreaterThan(rows.length);
      }),
    );
  }, 60_000);

  it("says in a sentence what is wrong", async () => {
    const file = fileOf("who,when,paid\na,01/02/2026,1\n");
    expect(await refusal({ file, columns: COLUMNS })).toContain("--dates dmy");
    expect(await refusal({ file, columns: "customer=whom,date=when,amount=paid" })).toContain("no column whom");
    expect(await refusal({ file, columns: "customer=who" })).toContain("no date column");
    expect(await refusal({ file, columns: "colour=who" })).toContain("not understood");
    expect(await refusal({ file })).toContain("--columns");
    expect(await refusal({ file, columns: COLUMNS, dates: "dmy", timeZone: "Mars" })).toContain("no time zone");
    expect(await refusal({ file: path.join(folder, "none.csv") })).toMatch(/^There is no file .*none\.csv\.$/);
    expect(await refusal({ file: folder })).toContain("not a file");
    for (const nothing of ["", "\n \n", "\ufeff"]) expect(await refusal({ file: fileOf(nothing) })).toContain("empty");
    for (const header of ["who,when,paid", "who,when,paid\r\n", "who,when,paid\n\n"])
      expect(await refusal({ file: fileOf(header), columns: COLUMNS })).toContain("holds no order");
    expect(await refusal({ file, columns: `${COLUMNS},customer=when` })).toContain("two customer columns");
    expect(await refusal({ file, columns: COLUMNS, currency: "XQX" })).toContain("no currency");
    const lines = Array.from({ length: 500 }, (_, index) => `c${index},2026-01-01,${index * index}`);
    const cut = gzipSync(["who,when,paid", ...lines].join("\n")).subarray(0, -200);
    const broken = path.join(folder, "broken.csv.gz");
    writeFileSync(broken, cut);
    expect(await refusal({ file: broken, columns: COLUMNS })).toContain("cannot be");
  });
}); // prettier-ignore

describe("Online Retail", () => {
  const header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
  const read = (lines: string[]) => taken({ file: fileOf([header, ...lines].join("\n")) });

  it("tells goods, postage, fees, corrections and cancellations apart", async () => {
    const { history, account, kind } = await read([
      '536365,85123A,"HOLDER, WHITE",6,2010-12-01 08:26,2.55,17850,United Kingdom',
      "536365,POST,POSTAGE,1,2010-12-01 08:25,18,17850,United Kingdom",
      "536365,M,Manual,1,2010-12-01 08:26,5,17850,United Kingdom",
      "536366,DOT,DOTCOM POSTAGE,1,2010-12-01 09:00,9,NA,United Kingdom",
      "536367,22139,,-10,2010-12-01 09:00,0,NA,United Kingdom",
      "536368,PADS,PADS,1,2010-12-01 09:00,0.001,13952,EIRE",
      "A563185,B,Adjust bad debt,1,2011-08-12 14:50,11062.06,NA,United Kingdom",
      "536369,gift_0001_20,Voucher,1,2010-12-01 09:30,16.67,NA,EIRE",
      "C536379,85123a,HOLDER,-2,2010-12-02 10:00,2.40,17850,United Kingdom",
      "C536379,POST,POSTAGE,-1,2010-12-02 10:00,10,17850,United Kingdom",
      "C536380,85123A,HOLDER,-5,2010-12-03 10:00,2.55,17850,United Kingdom",
      "C536381,85123A,HOLDER,-1,2010-12-03 10:00,2.55,NA,United Kingdom",
      "536370,x,y,many,2010-12-01 09:30,1,1,EIRE",
    ]);
    expect(kind).toBe("UCI Online Retail");
    expect(account.read).toBe(13);
    expect(account.taken).toBe(5);
    expect(account.skipped.map(({ count }) => count)).toEqual(Array.from({ length: 8 }, () => 1));
    const [order, voucher] = history.orders;
    expect(order).toMatchObject({
      key: "536365",
      customerKey: "17850",
      placedAt: Date.UTC(2010, 11, 1, 8, 25),
      shippingMinor: 1800,
      shippingCountry: "GB",
      refunds: [{ lines: [{ line: 0, quantity: 2, amountMinor: 480 }], shippingMinor: 1000 }],
    });
    expect(voucher).toMatchObject({ customerKey: null, shippingCountry: "IE", refunds: [] });
    expect(history.products.map(({ key, isGiftCard }) => [key, isGiftCard])).toEqual([["85123A", false], ["GIFT_0001_20", true]]);
    expect(history.shop).toMatchObject({ currency: "GBP", timeZone: "Europe/London" });
  });

  it("refunds the latest earlier sale with enough units left", async () => {
    const sale = (invoice: number, day: number, quantity: number) => `${invoice},1,P,${quantity},2011-01-0${day} 10:00,1,7,France`;
    const back = (invoice: number, day: number, quantity: number) => `C${invoice},1,P,-${quantity},2011-01-0${day} 10:00,1,7,France`;
    const { history, account } = await read([
      back(100_000, 1, 1),
      sale(100_001, 1, 5),
      sale(100_002, 2, 2),
      sale(100_003, 5, 9),
      back(100_004, 3, 2),
      back(100_005, 4, 2),
      back(100_006, 4, 4),
    ]);
    expect(account.skipped).toEqual([{ reason: "cancellation that no earlier sale matches", count: 2 }]);
    const refunded = history.orders.map(({ refunds }) => refunds.map(({ lines }) => lines[0]?.quantity));
    expect(refunded).toEqual([[2], [2], []]);
  });

  const file = path.join(process.env.DATA_DIR ?? "data", "online_retail.csv.gz");
  const noFile = existsSync(file) ? "" : ` (skipped: ${file} is missing; see DATA_DIR in the README)`;
  it.skipIf(noFile)(`comes to what awk counts in the whole file${noFile}`, { timeout: 180_000 }, async () => {
    const program = `
      NR > 1 {
        gsub(/"[^"]*"/, "quoted"); sub(/\\r$/, "");
        code = toupper($2); pence = int($6 * 100 + 0.5);
        if ($1 !~ /^[0-9][0-9][0-9][0-9][0-9][0-9]$/ || $4 <= 0 || pence <= 0) next;
        if (code ~ /^(AMAZONFEE|B|BANK CHARGES|CRUK|D|M|S)$/) next;
        if (code ~ /^(POST|DOT|C2)$/) { postage[$1] += $4 * pence; next }
        orders[$1] = $7; if (code !~ /^GIFT_/) gross += $4 * pence;
      }
      END {
        for (order in orders) {
          count++; shipping += postage[order];
          if (orders[order] == "NA") guests++; else who[orders[order]] = 1;
        }
        for (id in who) customers++;
        printf "%d %d %d %.0f %.0f", count, guests, customers, gross, shipping;
      }`;
    const command = `gzip -dc "$1" | awk -F, "$2"`;
    const counted = execFileSync("sh", ["-c", command, "sh", file, program], { encoding: "utf8" }).split(" ").map(Number);
    const { history, account } = await taken({ file });
    const lines = Number(execFileSync("sh", ["-c", 'gzip -dc "$1" | wc -l', "sh", file], { encoding: "utf8" }));
    expect(account.read).toBe(lines - 1);
    const cards = new Set(history.products.filter(({ isGiftCard }) => isGiftCard).map(({ key }) => key));
    const gross = history.orders
      .flatMap((order) => order.lines)
      .filter(({ productKey }) => !cards.has(productKey ?? ""))
      .reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0);
    const shipping = history.orders.reduce((sum, { shippingMinor }) => sum + shippingMinor, 0);
    const guests = history.orders.filter(({ customerKey }) => customerKey === null).length;
    expect([history.orders.length, guests, history.customers.length, gross, shipping]).toEqual(counted);
  });
}); // prettier-ignore

describe("a Shopify order export", () => {
  const header = "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,Shipping Country,Cancelled at,Refunded Amount,Source,Tags";
  const read = (lines: string[]) => taken({ file: fileOf([header, ...lines].join("\n")) });

  it("joins the lines of an order and shares its discount", async () => {
    const { history, account, kind } = await read([
      "#1001,Ann@Example.com,paid,2026-01-05 10:00:00 -0500,USD,27.00,5.00,2.70,34.70,SPRING,3.00,2026-01-05 09:59:00 -0500,2,Pot,10.00,P-1,0.00,US,,0.00,web,",
      "#1001,ann@example.com,,,,,,,,,,2026-01-05 09:59:00 -0500,1,Cup,10.00,C-1,0.00,,,,,",
      "#1002,,refunded,2026-01-06 10:00:00 -0500,USD,10.00,0.00,0.00,10.00,,0.00,2026-01-06 10:00:00 -0500,1,Gift Card,10.00,,0.00,,2026-01-07 10:00:00 -0500,10.00,pos,",
    ]);
    expect(kind).toBe("a Shopify order export");
    expect(account).toEqual({ read: 3, taken: 3, skipped: [] });
    const [first, second] = history.orders;
    expect(first).toMatchObject({
      customerKey: "ann@example.com",
      placedAt: Date.UTC(2026, 0, 5, 14, 59),
      paidAt: Date.UTC(2026, 0, 5, 15),
      shippingMinor: 500,
      discountCodes: ["SPRING"],
      shippingCountry: "US",
    });
    const paid = first?.lines.map((line) => line.quantity * line.unitPriceMinor - line.discountMinor);
    expect(paid).toEqual([1800, 900]);
    const tax = (first?.lines ?? []).reduce((sum, { taxMinor }) => sum + taxMinor, first?.shippingTaxMinor ?? 0);
    expect(tax).toBe(270);
    expect(second).toMatchObject({ customerKey: null, sourceName: "pos", refunds: [{ adjustmentMinor: 0 }] });
    expect(second?.cancelledAt).toBe(Date.UTC(2026, 0, 7, 15));
    expect(history.products.find(({ key }) => key === "Gift Card")?.isGiftCard).toBe(true);
  });

  it("takes tax out of prices that include it, to the last unit", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 9 }), price: fc.integer({ min: 1, max: 9999 }) }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 100 }),
        fc.boolean(),
        async (lines, discountPercent, included) => {
          const list = lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
          const subtotal = list - Math.floor((list * discountPercent) / 100);
          const taxes = included ? Math.floor(subtotal / 6) : Math.floor(subtotal / 5);
          const total = included ? subtotal : subtotal + taxes;
          const money = (minor: number) => (minor / 100).toFixed(2);
          const rows = lines.map(({ quantity, price }, index) =>
            index === 0
              ? `#1,a@example.com,paid,2026-01-05,EUR,${money(subtotal)},0,${money(taxes)},${money(total)},,0,2026-01-05,${quantity},L${index},${money(price)},,0,,,,web,`
              : `#1,a@example.com,,,,,,,,,,2026-01-05,${quantity},L${index},${money(price)},,0,,,,,`,
          );
          const { history } = await read(rows);
          const taken = history.orders[0]?.lines ?? [];
          const net = taken.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor - line.discountMinor, 0);
          const tax = taken.reduce((sum, { taxMinor }) => sum + taxMinor, history.orders[0]?.shippingTaxMinor ?? 0);
          expect(tax).toBe(taxes);
          expect(net + tax).toBe(total);
          expect(taken.every((line) => line.discountMinor >= 0 && line.unitPriceMinor >= 0)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it("skips what does not add up, and says so", async () => {
    const { history, account } = await read([
      "#1,a@example.com,paid,,USD,10.00,0,0,10.00,,0,2026-01-05,1,Pot,10.00,,0,,,4.00,web,",
      "#2,a@example.com,paid,,EUR,10.00,0,0,10.00,,0,2026-01-05,1,Pot,10.00,,0,,,,web,",
      "#3,a@example.com,paid,,USD,99.00,0,0,99.00,,0,2026-01-05,1,Pot,10.00,,0,,,,web,",
      "#4,a@example.com,paid,,USD,10.00,0,0,10.00,,0,soon,1,Pot,10.00,,0,,,,web,",
      "#5,,,,,,,,,,,2026-01-05,1,Pot,10.00,,0,,,,,",
      ",,,,,,,,,,,2026-01-05,1,Pot,10.00,,0,,,,,",
      "#6,a@example.com,paid,,USD,10.00,0,0,10.00,,0,2026-01-05,x,Pot,10.00,,0,,,,web,",
    ]);
    expect(account.taken).toBe(1);
    expect(account.skipped).toHaveLength(6);
    expect(history.orders[0]).toMatchObject({ paidAt: null, refunds: [{ adjustmentMinor: 400, lines: [] }] });
  });
}); // prettier-ignore
