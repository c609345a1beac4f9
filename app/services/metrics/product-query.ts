/** What the page of products is asked for, read from its address; what is not understood falls back to the default. */
import { z } from "zod";
import { PAIR_SORTS, PRODUCT_SORTS } from "../../core/metrics/product-tables.ts";
import type { Preset } from "../../core/metrics/view.ts";

/** A year, because coming back takes time. */
export const PRODUCT_PERIOD = "last-365-days" satisfies Preset;

const PRODUCT_TABLES = ["first", "products", "together", "next"] as const;
export type ProductTable = (typeof PRODUCT_TABLES)[number];

const FIRST_SORTS = ["customers", "repeatCustomers", "rate", "low"] as const;

/** The figures that each table is sorted by, its default first. */
const SORTS = {
  first: FIRST_SORTS,
  products: PRODUCT_SORTS,
  together: PAIR_SORTS,
  next: PAIR_SORTS,
} as const satisfies Record<ProductTable, readonly string[]>;

/** How soon an order must follow to count as coming back; `null`: ever. */
export const WITHIN_DAYS = [30, 60, 90, 180, 365] as const;

export const PRODUCT_ROWS = 50;

const LAST_PAGE = 2_000;

const parameters = z.object({
  table: z.enum(PRODUCT_TABLES).catch("first"),
  within: z
    .enum(["ever", ...WITHIN_DAYS.map(String)])
    .catch("ever")
    .transform((within) => (within === "ever" ? null : Number(within))),
  search: z.string().trim().max(100).catch(""),
  page: z.coerce.number().int().min(1).max(LAST_PAGE).catch(1),
  sort: z.string().catch(""),
  order: z.enum(["ascending", "descending"]).catch("descending"),
});

export interface ProductQuery<Table extends ProductTable = ProductTable> {
  table: Table;
  withinDays: number | null;
  search: string;
  /** Counted from 1. */
  page: number;
  sort: (typeof SORTS)[Table][number];
  descending: boolean;
}

export function readProductQuery(searchParams: URLSearchParams): ProductQuery {
  const { table, within, search, page, sort, order } = parameters.parse(Object.fromEntries(searchParams));
  return { ...sortOf(table, sort), withinDays: within, search, page, descending: order === "descending" };
}

/** The same question of one table, whichever the address names. */
export function queryOf<Table extends ProductTable>(table: Table, query: ProductQuery): ProductQuery<Table> {
  const sort = query.table === table ? query.sort : SORTS[table][0];
  return { ...query, ...sortOf(table, sort) };
}

function sortOf<Table extends ProductTable>(table: Table, sort: string) {
  const sorts: readonly ProductQuery<Table>["sort"][] = SORTS[table];
  const [first] = SORTS[table];
  return { table, sort: sorts.find((known) => known === sort) ?? first };
}
