/** Every table that a merchant can take away as a file, by the name that its export button gives. */
import { ACQUISITION_EXPORTS } from "../acquisition/acquisition-tables.server.ts";
import { CUSTOMER_EXPORTS } from "../customers/customer-tables.server.ts";
import { LIABILITY_EXPORTS } from "../loyalty/liability-tables.server.ts";
import { RETURN_EXPORTS } from "../loyalty/open-return.server.ts";
import { REWARD_EXPORTS } from "../loyalty/load-donations.server.ts";
import { LOYALTY_EXPORTS } from "../loyalty/open-activity.server.ts";
import { referralsTable } from "../loyalty/open-referrals.server.ts";
import { SEGMENT_EXPORTS } from "../segments/segment-tables.server.ts";
import { DATA_EXPORTS } from "../sync/data-tables.server.ts";
import type { ExportTable } from "./export-table.ts";
import { PRODUCT_EXPORTS } from "./product-tables.server.ts";
import { RETENTION_TABLES } from "./retention-tables.server.ts";
import { trendTable } from "./trend-table.ts";
import { VALUE_EXPORTS } from "../value/value-tables.server.ts";

const TABLES: readonly ExportTable[] = [
  trendTable,
  ...RETENTION_TABLES,
  ...PRODUCT_EXPORTS,
  ...VALUE_EXPORTS,
  ...ACQUISITION_EXPORTS,
  ...DATA_EXPORTS,
  ...CUSTOMER_EXPORTS,
  ...SEGMENT_EXPORTS,
  ...LOYALTY_EXPORTS,
  referralsTable,
  ...RETURN_EXPORTS,
  ...REWARD_EXPORTS,
  ...LIABILITY_EXPORTS,
];

export function findTable(name: string): ExportTable | undefined {
  return TABLES.find((table) => table.name === name);
}

export function tableNames(): string[] {
  return TABLES.map(({ name }) => name);
}
