/** Reads from a page's address which customers it lists, and how; what makes no sense is left out and said. */
import { z } from "zod";
import { dayFromIso } from "../../core/calendar.ts";
import { ACTION_KINDS } from "../../core/clv/action-kinds.ts";
import { CHURN_BAND_NAMES } from "../../core/clv/churn-risk.ts";
import { CUSTOMER_TABS, withinTab, type CustomerTab } from "../../core/customers/customer-tabs.ts";
import type { CustomerFilter, Range } from "../../core/customers/customer-filter.ts";
import type { CustomerCursor, CustomerSort } from "../../core/customers/customer-page.ts";
import { parseMinor } from "../../core/money.ts";

export interface CustomerList {
  tab: CustomerTab;
  /** What the merchant chose beside the tab. */
  chosen: CustomerFilter;
  /** Both together. */
  filter: CustomerFilter;
  sort: CustomerSort;
  descending: boolean;
  after: CustomerCursor | undefined;
  before: CustomerCursor | undefined;
  /** A name or an e-mail address to search for instead. */
  typed: string;
  /** Shopify's own places, of a search. */
  searchAfter: string | undefined;
  searchBefore: string | undefined;
  notice: string | null;
}

const SORTS: Readonly<Record<string, CustomerSort>> = {
  orders: "orders",
  net: "net",
  "average-order": "averageOrder",
  "first-order": "firstOrder",
  "last-order": "lastOrder",
  value: "value",
  "churn-risk": "churnRisk",
  due: "due",
};
/** These need what is learnt of the shop. */
const LEARNT_SORTS: readonly CustomerSort[] = ["value", "churnRisk", "due"];

const tab = z.enum(CUSTOMER_TABS);
const sort = z.templateLiteral([z.enum(Object.keys(SORTS)), "-", z.enum(["asc", "desc"])]);
const count = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);
const amount = z.string().regex(/^-?\d{1,12}(\.\d{1,3})?$/);
const day = z.iso.date().transform((date) => dayFromIso(date));
const id = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number);
const standing = z.enum(["counted", "excluded", "any"]);
const bands = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(z.enum(CHURN_BAND_NAMES)));
const due = z.enum(["open", "passed"]);
const action = z.enum(ACTION_KINDS);
const cursor = z
  .string()
  .regex(/^-?\d{1,16}_\d{1,16}$/)
  .transform((text): CustomerCursor => {
    const [value, customerId] = text.split("_");
    return { value: Number(value), customerId: Number(customerId) };
  });

/** `today` is the shop's day; `isLearnt`: what customers are expected to do is known. */
export function readCustomerList(
  parameters: URLSearchParams,
  { currency, today, isLearnt = true }: { currency: string; today: number; isLearnt?: boolean },
): CustomerList {
  const ignored: string[] = [];
  function read<T>(name: string, schema: z.ZodType<T>, label: string): T | undefined {
    const text = parameters.get(name);
    if (text === null || text === "") return undefined;
    const result = schema.safeParse(text);
    if (result.success) return result.data;
    ignored.push(label);
    return undefined;
  }
  function range(name: string, schema: z.ZodType<number>, label: string): Range | undefined {
    const from = read(`${name}From`, schema, label);
    const to = read(`${name}To`, schema, label);
    return from === undefined && to === undefined ? undefined : { from, to };
  }

  /** What is not known yet cannot be asked for. */
  function learnt<T>(value: T | undefined, label: string): T | undefined {
    if (value === undefined || isLearnt) return value;
    ignored.push(label);
    return undefined;
  }

  const money = amount.transform((text) => parseMinor(text, currency));
  const chosen: CustomerFilter = {
    orders: range("orders", count, "orders"),
    netMinor: range("net", money, "net sales"),
    firstDay: range("first", day, "first order"),
    lastDay: range("last", day, "last order"),
    firstProductId: read("firstProduct", id, "first product"),
    standing: read("standing", standing, "customers left out"),
    valueMinor: learnt(range("value", money, "expected value"), "expected value"),
    bands: learnt(read("risk", bands, "churn risk"), "churn risk"),
    due: learnt(read("due", due, "next order"), "next order"),
    action: read("action", action, "to do"),
  };
  const chosenTab = read("tab", tab, "view") ?? "all";
  const [by = "", direction] = splitLast(read("sort", sort, "order") ?? "last-order-desc");
  const asked = SORTS[by] ?? "lastOrder";
  const canSort = isLearnt || !LEARNT_SORTS.includes(asked);
  if (!canSort) ignored.push("order");
  const typed = (parameters.get("q") ?? "").trim().slice(0, 200);
  const isSearch = typed !== "";
  const place = (name: string) => (isSearch ? undefined : read(name, cursor, "page"));
  const searchPlace = (name: string) => (isSearch ? (parameters.get(name) ?? undefined) : undefined);
  return {
    tab: chosenTab,
    chosen,
    filter: withinTab(chosenTab, chosen, today),
    sort: canSort ? asked : "lastOrder",
    descending: canSort ? direction === "desc" : true,
    after: place("after"),
    before: place("before"),
    typed,
    searchAfter: searchPlace("after"),
    searchBefore: searchPlace("before"),
    notice:
      ignored.length === 0
        ? null
        : `Part of the address could not be read and was left out: ${[...new Set(ignored)].join(", ")}.`,
  };
}

function splitLast(text: string): [string, string] {
  const at = text.lastIndexOf("-");
  return [text.slice(0, at), text.slice(at + 1)];
}

/** `null`: the address names no customer. An older page of orders is named by the order that comes after it. */
export function readCustomerAddress(
  customerId: string | undefined,
  parameters: URLSearchParams,
): { customerId: number; before: number | undefined } | null {
  const read = id.safeParse(customerId);
  if (!read.success) return null;
  const before = id.safeParse(parameters.get("ordersBefore"));
  return { customerId: read.data, before: before.success ? before.data : undefined };
}
