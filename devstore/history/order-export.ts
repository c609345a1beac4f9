/**
 * Takes in Shopify's own order export (Orders > Export > all columns), one record per line of an order, the order's own
 * fields on its first record.
 *
 * The rule, in full. Records with the same Name are one order, whose fields are those of its first record that has a
 * Total; a record whose order has none, or no Created at, or is in another currency than the file's first order, or whose
 * quantity or price is not understood, is skipped, and so is an order whose lines do not reach its Subtotal.
 * - The customer is the e-mail address in lower case; without one the order is a guest's. Addresses and names stay in the file.
 * - placed at: Created at. paid at: Paid at; cancelled at: Cancelled at. Times carry their own offset.
 * - Discounts on products are what the lines (price x quantity) exceed Subtotal by: first each line's own Lineitem
 *   discount, then the rest in proportion to what is left of the lines.
 * - Prices include tax where Subtotal + Shipping is Total (with duties and a tip), and are without tax where Taxes has to
 *   be added. Tax is shared by lines and shipping in proportion to their amounts. Where prices include tax, it is taken out
 *   of them, because a history's prices are without tax.
 * - A tip is a line called Tip; it is no product. A line whose name begins with or contains `gift card` is a gift card.
 * - Refunded Amount is one refund, dated by Cancelled at or else by the order itself, because the export does not say when
 *   it was given: of everything where it reaches Total, otherwise an amount that names no line.
 * - Source is kept (web, pos, shopify_draft_order, an app's number). The export holds no test orders, unit costs or edits.
 */
import { keepAccount, type AccountKeeper, type ImportAccount } from "./account.ts";
import { readMinor, readWhole } from "./amounts.ts";
import { customersOf, inOrderOfTime, linesWorth, ordinaryOrder } from "./assemble.ts";
import { readDate } from "./dates.ts";
import type { HistoryLine, HistoryOrder, HistoryProduct, ShopHistory } from "./model.ts";
import { UnusableFile, type Table } from "./table.ts";
import { zoneOf, type Zone } from "./zone.ts";

const NEEDED = [
  "Name",
  "Total",
  "Subtotal",
  "Created at",
  "Lineitem quantity",
  "Lineitem name",
  "Lineitem price",
];

export function isOrderExport(header: readonly string[]): boolean {
  return NEEDED.every((name) => header.includes(name));
}

type Fields = (name: string) => string;

interface ExportedLine {
  name: string;
  sku: string;
  quantity: number;
  priceMinor: number;
  discountMinor: number;
}

interface ExportedOrder {
  name: string;
  head: Fields | null;
  lines: ExportedLine[];
  records: number;
}

export async function readOrderExport(
  table: Table,
  options: { timeZone: string },
): Promise<{ history: ShopHistory; account: ImportAccount }> {
  const account = keepAccount();
  const exported = await readRecords(table, account);
  const currency = [...exported.values()].find(({ head }) => head)?.head?.("Currency") || "USD";
  const zone = zoneOf(options.timeZone);
  const orders: HistoryOrder[] = [];
  for (const order of exported.values()) {
    const result = takeOrder(order, currency, zone);
    for (let record = 0; record < order.records; record += 1) {
      if (result.ok) account.take();
      else account.skip(result.reason);
    }
    if (result.ok) orders.push(result.order);
  }
  const sorted = inOrderOfTime(orders);
  return {
    history: {
      shop: {
        name: "Imported shop",
        currency,
        timeZone: options.timeZone,
        countryCode: "US",
        taxesIncluded: false,
      },
      products: productsOf(sorted),
      customers: customersOf(sorted),
      orders: sorted,
      checkouts: [],
    },
    account: account.close(),
  };
}

async function readRecords(table: Table, account: AccountKeeper): Promise<Map<string, ExportedOrder>> {
  const positions = new Map(table.header.map((name, index) => [name, index]));
  const orders = new Map<string, ExportedOrder>();
  let currency: string | null = null;
  for await (const record of table.records()) {
    account.read();
    const fields: Fields = (name) => record[positions.get(name) ?? -1]?.trim() ?? "";
    const name = fields("Name");
    if (name === "") {
      account.skip("no order name");
      continue;
    }
    const isHead = fields("Total") !== "";
    if (isHead) currency ??= fields("Currency") || "USD";
    const line = readLine(fields, currency ?? "USD");
    if (!line) {
      account.skip("line not understood");
      continue;
    }
    const order = orders.get(name) ?? { name, head: null, lines: [], records: 0 };
    orders.set(name, order);
    order.records += 1;
    order.lines.push(line);
    if (isHead) order.head ??= fields;
  }
  if (orders.size === 0) throw new UnusableFile("The order export holds no order.");
  return orders;
}

function readLine(fields: Fields, currency: string): ExportedLine | null {
  const quantity = readWhole(fields("Lineitem quantity"));
  const priceMinor = readMinor(fields("Lineitem price"), currency);
  if (quantity === null || quantity <= 0 || priceMinor === null || priceMinor < 0) return null;
  return {
    name: fields("Lineitem name"),
    sku: fields("Lineitem sku"),
    quantity,
    priceMinor,
    discountMinor: readMinor(fields("Lineitem discount"), currency) ?? 0,
  };
}

type Taken = { ok: true; order: HistoryOrder } | { ok: false; reason: string };

function takeOrder({ name, head, lines, records: _ }: ExportedOrder, currency: string, zone: Zone): Taken {
  if (!head) return { ok: false, reason: "order without a total" };
  if ((head("Currency") || currency) !== currency) return { ok: false, reason: "another currency" };
  const placedAt = readDate(head("Created at"), "iso", zone);
  if (placedAt === null) return { ok: false, reason: "date not understood" };
  const money = (column: string) => readMinor(head(column), currency) ?? 0;
  const [subtotalMinor, totalMinor, taxesMinor] = [money("Subtotal"), money("Total"), money("Taxes")];
  const [shippingMinor, refundedMinor] = [money("Shipping"), money("Refunded Amount")];

  const goods = lines.filter((line) => !isTip(line));
  const tipMinor = lines.filter(isTip).reduce((sum, line) => sum + line.priceMinor * line.quantity, 0);
  const listMinor = goods.reduce((sum, line) => sum + line.priceMinor * line.quantity, 0);
  // Shopify has counted a tip in the subtotal at some times and beside it at others: the lines tell which.
  const goodsSubtotalMinor = subtotalMinor > listMinor ? subtotalMinor - tipMinor : subtotalMinor;
  if (goodsSubtotalMinor > listMinor || goodsSubtotalMinor < 0) {
    return { ok: false, reason: "lines that do not reach the subtotal" };
  }
  const paidMinor = shareDiscount(goods, listMinor - goodsSubtotalMinor);
  const withTax = taxesMinor > 0 && totalMinor < goodsSubtotalMinor + shippingMinor + tipMinor + taxesMinor;
  const tax = split(taxesMinor, [...paidMinor, shippingMinor]);
  const shippingTaxMinor = tax[goods.length] ?? 0;

  const order = ordinaryOrder({
    key: name,
    customerKey: head("Email").toLowerCase() || null,
    placedAt,
    lines: goods.flatMap((line, index) =>
      takeLine(line, paidMinor[index] ?? 0, tax[index] ?? 0, withTax, head("Source")),
    ),
    presentmentCurrency: currency,
  });
  order.shippingMinor = shippingMinor - (withTax ? shippingTaxMinor : 0);
  order.shippingTaxMinor = shippingTaxMinor;
  order.tipMinor = tipMinor;
  order.paidAt = readDate(head("Paid at"), "iso", zone);
  order.cancelledAt = readDate(head("Cancelled at"), "iso", zone);
  order.sourceName = head("Source") || "web";
  order.shippingCountry = /^[A-Z]{2}$/.test(head("Shipping Country")) ? head("Shipping Country") : null;
  order.discountCodes = head("Discount Code").split(",").map((code) => code.trim()).filter((code) => code !== ""); // prettier-ignore
  if (refundedMinor > 0) addRefund(order, refundedMinor, totalMinor);
  return { ok: true, order };
}

const isTip = ({ name }: ExportedLine) => /^tip$/i.test(name);

/** What is paid for each line after discounts. */
function shareDiscount(lines: readonly ExportedLine[], discountMinor: number): number[] {
  let left = discountMinor;
  const afterOwn = lines.map((line) => {
    const own = Math.min(line.discountMinor, line.priceMinor * line.quantity, left);
    left -= own;
    return line.priceMinor * line.quantity - own;
  });
  const rest = split(left, afterOwn);
  return afterOwn.map((amount, index) => amount - (rest[index] ?? 0));
}

/** In proportion to weights, rounded down; the largest takes the rest, so that no part exceeds its weight's share. */
function split(totalMinor: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const parts = weights.map((weight) => (sum === 0 ? 0 : Math.floor((totalMinor * weight) / sum)));
  const largest = weights.indexOf(Math.max(...weights));
  const rest = totalMinor - parts.reduce((total, part) => total + part, 0);
  return parts.map((part, index) => (index === largest ? part + rest : part));
}

function takeLine(
  { name, sku, quantity, priceMinor }: ExportedLine,
  paidMinor: number,
  taxMinor: number,
  withTax: boolean,
  source: string,
): HistoryLine[] {
  const key = sku || name;
  const line = {
    productKey: key,
    variantKey: key,
    title: name || key,
    quantity,
    sellingPlanName: /subscription/i.test(source) ? "Subscription" : null,
  };
  const discountMinor = priceMinor * quantity - paidMinor;
  if (!withTax || taxMinor === 0) return [{ ...line, unitPriceMinor: priceMinor, discountMinor, taxMinor }];
  // Without their tax, units seldom cost whole minor units each: the discount is kept, and the price makes up the sum.
  const parts = linesWorth({ ...line, discountMinor: 0, taxMinor: 0 }, paidMinor - taxMinor + discountMinor);
  const discounts = split(discountMinor, parts.map((part) => part.quantity * part.unitPriceMinor)); // prettier-ignore
  const taxes = split(taxMinor, parts.map((part) => part.quantity * part.unitPriceMinor)); // prettier-ignore
  return parts.map((part, index) => ({
    ...part,
    discountMinor: discounts[index] ?? 0,
    taxMinor: taxes[index] ?? 0,
  }));
}

function addRefund(order: HistoryOrder, refundedMinor: number, totalMinor: number): void {
  const isFull = refundedMinor >= totalMinor;
  order.refunds.push({
    happenedAt: order.cancelledAt ?? order.placedAt,
    lines: isFull ? order.lines.map(wholeLine) : [],
    shippingMinor: isFull ? order.shippingMinor : 0,
    shippingTaxMinor: isFull ? order.shippingTaxMinor : 0,
    adjustmentMinor: isFull ? 0 : refundedMinor,
    storeCredit: false,
  });
}

function wholeLine({ quantity, unitPriceMinor, discountMinor, taxMinor }: HistoryLine, line: number) {
  return { line, quantity, amountMinor: quantity * unitPriceMinor - discountMinor, taxMinor };
}

/** Products as their lines name them, at the price they were last sold for. */
function productsOf(orders: readonly HistoryOrder[]): HistoryProduct[] {
  const products = new Map<string, HistoryProduct>();
  for (const { lines, placedAt } of orders) {
    for (const { productKey, title, unitPriceMinor } of lines) {
      if (productKey === null) continue;
      products.set(productKey, {
        key: productKey,
        title,
        productType: "",
        vendor: "",
        isGiftCard: /gift card/i.test(title),
        createdAt: products.get(productKey)?.createdAt ?? placedAt,
        variants: [
          { key: productKey, title: "Default Title", priceMinor: unitPriceMinor, unitCostMinor: null },
        ],
      });
    }
  }
  return [...products.values()];
}
