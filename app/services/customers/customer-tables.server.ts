/** The files that the pages about customers give away. Ids and figures only: names are Shopify's, and are not kept. */
import { isoDate } from "../../core/calendar.ts";
import { moneyCell, type CsvRow } from "../../core/csv.ts";
import type { CustomerCursor, CustomerRow } from "../../core/customers/customer-page.ts";
import type { View } from "../../core/metrics/view.ts";
import { productTitles } from "../../db/queries/product-titles.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import type { ExportTable } from "../metrics/export-table.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { loadLearnt, type Learnt } from "../value/load-learnt.server.ts";
import { expectedBy } from "./list-customers.server.ts";
import { readCustomerAddress, readCustomerList, type CustomerList } from "./read-customer-list.server.ts";
import { searchCustomers } from "./search-customers.server.ts";

/** Rows asked of the columns thread at a time: so few that pages asked for meanwhile wait little. */
const ROWS_AT_ONCE = 5_000;

export const customersTable: ExportTable = {
  name: "customers",
  usual: null,
  /** The whole list as the page filters and sorts it, from its first row; or everybody whom the page's search finds. */
  async load(db, shop, { included, today }, params) {
    const learnt = await loadLearnt(db, shop.id);
    const list = readCustomerList(params, { currency: shop.currency, today, isLearnt: learnt !== null });
    return {
      headings: [
        "Customer ID",
        "Orders",
        `Net sales (${shop.currency})`,
        `Average order (${shop.currency})`,
        "First order",
        "Last order",
        "First product ID",
        "First product",
        "Left out by tag",
        `Expected in 12 months (${shop.currency})`,
        "Churn risk",
        "Churn band",
        "Next order due from",
        "Next order due by",
      ],
      rows: inWords(
        db,
        shop,
        list.typed === ""
          ? listedCustomers(db, shop, list, included, learnt)
          : foundCustomers(db, shop, list, included),
      ),
    };
  },
};

/** A customer of whom no order counts has no figures. */
type Line = Pick<CustomerRow, "customerId"> & { figures: CustomerRow | null };

async function* listedCustomers(
  db: Database,
  shop: Shop,
  { filter, sort, descending }: CustomerList,
  included: View["included"],
  learnt: Learnt | null,
): AsyncGenerator<Line[]> {
  const expected = await expectedBy(db, shop.id, filter, learnt);
  let after: CustomerCursor | undefined;
  for (;;) {
    const options = { filter, sort, descending, after, included, size: ROWS_AT_ONCE, ...expected };
    const page = (await shopMetrics(db.url, shop.id, { question: "customerPage", options }))?.figures;
    if (!page?.end) return;
    yield page.rows.map((row) => ({ customerId: row.customerId, figures: row }));
    after = page.end;
  }
}

async function* foundCustomers(
  db: Database,
  shop: Shop,
  { typed }: CustomerList,
  included: View["included"],
): AsyncGenerator<Line[]> {
  let after: string | undefined;
  do {
    const answer = await searchCustomers(db, shop.id, { typed, after, included });
    if (!answer.ok) throw new Error("Shopify did not answer the search");
    yield answer.found.map(({ customerId, figures }) => ({ customerId, figures }));
    after = answer.next ?? undefined;
  } while (after !== undefined);
}

async function* inWords(db: Database, shop: Shop, pages: AsyncIterable<Line[]>): AsyncGenerator<CsvRow> {
  const titles = new Map<number, string>();
  for await (const page of pages) {
    const products = page.flatMap(({ figures }) => figures?.firstProductId ?? []);
    const unknown = [...new Set(products)].filter((id) => !titles.has(id));
    for (const [id, title] of await productTitles(db, shop.id, unknown)) titles.set(id, title);
    for (const { customerId, figures } of page) {
      yield [String(customerId), ...(figures ? figureCells(figures, titles, shop) : NO_FIGURES)];
    }
  }
}

const NOTHING_EXPECTED: CsvRow = [null, null, null, null, null];
const NO_FIGURES: CsvRow = [0, null, null, null, null, null, null, null, ...NOTHING_EXPECTED];

function figureCells(row: CustomerRow, titles: ReadonlyMap<number, string>, { currency }: Shop): CsvRow {
  return [
    row.orders,
    moneyCell(row.netMinor, currency),
    moneyCell(row.averageOrderMinor, currency),
    isoDate(row.firstDay),
    isoDate(row.lastDay),
    row.firstProductId === null ? null : String(row.firstProductId),
    row.firstProductId === null ? null : (titles.get(row.firstProductId) ?? null),
    row.excluded ? "yes" : "no",
    ...(row.expected ? expectedCells(row.expected, currency) : NOTHING_EXPECTED),
  ];
}

function expectedCells(
  { valueMinor, chances }: NonNullable<CustomerRow["expected"]>,
  currency: string,
): CsvRow {
  const value = moneyCell(valueMinor, currency);
  if (!chances) return [value, null, null, null, null];
  const { churnRisk, band, dueFrom, dueBy } = chances;
  return [value, churnRisk.toFixed(4), band, isoDate(dueFrom), isoDate(dueBy)];
}

export const customerOrdersTable: ExportTable = {
  name: "customer-orders",
  usual: null,
  /** All orders of the customer in the parameter `customer`, newest first. */
  async load(db, shop, { included }, params) {
    const address = readCustomerAddress(params.get("customer") ?? undefined, new URLSearchParams());
    const options = address && { customerId: address.customerId, included, size: Number.MAX_SAFE_INTEGER };
    const answer = options && (await shopMetrics(db.url, shop.id, { question: "customerHistory", options }));
    const orders = answer?.figures?.page ?? [];
    return {
      headings: [
        "Order ID",
        "Day",
        "Number",
        "Days since the one before",
        `Net sales (${shop.currency})`,
        `Refunds (${shop.currency})`,
        "Counts",
      ],
      rows: orders.map((order): CsvRow => [
        String(order.orderId),
        isoDate(order.day),
        order.number,
        order.daysSince,
        moneyCell(order.netMinor, shop.currency),
        moneyCell(order.refundsMinor, shop.currency),
        order.number === null ? (order.isTest ? "no, a test" : "no, cancelled") : "yes",
      ]),
    };
  },
};

export const CUSTOMER_EXPORTS: readonly ExportTable[] = [customersTable, customerOrdersTable];
