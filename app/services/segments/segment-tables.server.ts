/** The files that the pages of segments give away. Ids and figures only. */
import { isoDate } from "../../core/calendar.ts";
import { moneyCell, type CsvRow } from "../../core/csv.ts";
import type { SegmentCustomer } from "../../core/segments/segment-customers.ts";
import type { SegmentRule } from "../../core/segments/segment-rule.ts";
import { isSegmentName, SEGMENTS } from "../../core/segments/usual-segments.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import type { ExportTable } from "../metrics/export-table.ts";
import { audienceTable } from "./audience-table.server.ts";
import { tellSegments } from "./open-segments.server.ts";
import { customersBehind } from "./segment-customers.server.ts";
import { segmentRules } from "./segment-rules.server.ts";

const decimal = (value: number | null, decimals: number) =>
  value === null ? null : { decimal: value.toFixed(decimals) };

const segmentsTable: ExportTable = {
  name: "segments",
  usual: null,
  async load(db, shop) {
    const { currency } = shop;
    const { figures } = await tellSegments(db, shop, await segmentRules(db, shop.id), true);
    return {
      headings: [
        "Segment",
        "Customers",
        "Share of customers",
        "Orders",
        `Net sales (${currency})`,
        `Average order (${currency})`,
        `Expected in 12 months (${currency})`,
        "Average churn risk",
      ],
      rows: SEGMENTS.map((name): CsvRow => {
        const of = figures[name];
        if (!of) return [name, ...Array<null>(7).fill(null)];
        return [
          name,
          of.customers,
          decimal(of.share, 6),
          of.orders,
          moneyCell(of.netMinor, currency),
          moneyCell(of.averageOrderMinor, currency),
          moneyCell(of.expectedMinor, currency),
          decimal(of.meanChurnRisk, 4),
        ];
      }),
    };
  },
};

const segmentCustomersTable: ExportTable = {
  name: "segment-customers",
  usual: null,
  /** Of the segment in the parameter `segment`. */
  async load(db, shop, _view, params) {
    const name = params.get("segment");
    const rule = isSegmentName(name) ? (await segmentRules(db, shop.id))[name] : null;
    return {
      headings: [
        "Customer ID",
        "Orders",
        `Net sales (${shop.currency})`,
        `Average order (${shop.currency})`,
        "First order",
        "Last order",
        "Orders with a discount",
        "Recency score",
        "Frequency score",
        "Monetary score",
        `Expected in 12 months (${shop.currency})`,
        "Churn risk",
      ],
      rows: rule ? customerRows(db, shop, rule) : [],
    };
  },
};

async function* customerRows(db: Database, shop: Shop, rule: SegmentRule): AsyncGenerator<CsvRow> {
  for await (const some of customersBehind(db, shop, rule, true)) {
    for (const customer of some) yield rowOf(customer, shop.currency);
  }
}

function rowOf(customer: SegmentCustomer, currency: string): CsvRow {
  return [
    String(customer.customerId),
    customer.orders,
    moneyCell(customer.netMinor, currency),
    moneyCell(customer.averageOrderMinor, currency),
    isoDate(customer.firstDay),
    isoDate(customer.lastDay),
    customer.discountedOrders,
    customer.recencyScore,
    customer.frequencyScore,
    customer.monetaryScore,
    moneyCell(customer.expectedValueMinor, currency),
    decimal(customer.churnRisk, 4),
  ];
}

export const SEGMENT_EXPORTS: readonly ExportTable[] = [segmentsTable, segmentCustomersTable, audienceTable];
