/** Importer and figures together, against SQL over the same raw file. The journey through the whole app does the same. */
import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { shopCalendar } from "../../app/core/calendar.ts";
import { buildOrderColumns, orderRows, refundRows } from "../../app/core/metrics/order-columns.ts";
import { addRow } from "../../app/core/metrics/row-buffer.ts";
import { reportShop } from "../../app/core/metrics/shop-report.ts";
import type { ShopHistory } from "../../devstore/history/model.ts";
import { readHistory, type ReadOptions } from "../../devstore/history/read-history.ts";
import { SAMPLE_FACTS } from "../support/order-columns.ts";
import { reportBySql, type Source } from "./report-by-sql.ts";

const DATA_DIR = process.env.DATA_DIR ?? "data";

const FILES: { source: Source; file: string; options: Omit<ReadOptions, "file"> }[] = [
  {
    source: "cdnow",
    file: "cdnow.csv.gz",
    options: { columns: "customer=customer_id,date=date,amount=dollar_value" },
  },
  { source: "online-retail", file: "online_retail.csv.gz", options: {} },
];

/** The history's orders as columns: goods are gross, gift cards and postage are not. */
function columnsOf({ shop, products, customers, orders }: ShopHistory) {
  const calendar = shopCalendar(shop.timeZone);
  const giftCards = new Set(products.filter(({ isGiftCard }) => isGiftCard).map(({ key }) => key));
  const customerIds = new Map(customers.map(({ key }, index) => [key, index + 1]));
  const rows = orderRows();
  const refunds = refundRows();
  orders.forEach((order, index) => {
    const isGoods = order.lines.map(({ productKey }) => productKey === null || !giftCards.has(productKey));
    const gross = order.lines.reduce(
      (sum, { quantity, unitPriceMinor }, line) => sum + (isGoods[line] ? quantity * unitPriceMinor : 0),
      0,
    );
    const customer = order.customerKey === null ? null : (customerIds.get(order.customerKey) ?? NaN);
    const day = calendar.dayOf(order.placedAt);
    addRow(rows, [index + 1, order.placedAt, day, customer, 0, null, gross, 0, 0, 0, 0, 0, 0, 0, 0]);
    for (const refund of order.refunds) {
      const product = refund.lines.reduce(
        (sum, { line, amountMinor }) => sum + (isGoods[line] ? amountMinor : 0),
        0,
      );
      addRow(refunds, [index + 1, calendar.dayOf(refund.happenedAt), product, 0, 0, 0, 0]);
    }
  });
  const facts = { ...SAMPLE_FACTS, currency: shop.currency, timeZone: shop.timeZone };
  return buildOrderColumns(facts, rows, refunds, []);
}

for (const { source, file, options } of FILES) {
  const place = path.join(DATA_DIR, file);
  const missing = !existsSync(place);
  if (missing) console.log(`skipped: ${place} is missing (DATA_DIR names the folder; see the README)`);
  test.skipIf(missing)(
    `${file}: the figures equal SQL over the raw file`,
    async () => {
      const read = await readHistory({ file: place, ...options });
      if (!read.ok) throw new Error(read.reason);
      expect(reportShop(columnsOf(read.history))).toEqual(reportBySql(source, place));
    },
    240_000,
  );
}
