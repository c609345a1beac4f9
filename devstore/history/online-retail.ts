/**
 * Takes in the columns of UCI's Online Retail data: every line of every invoice of a British gift shop.
 * InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country; GBP, Europe/London.
 *
 * The rule, in full. StockCodes are compared in upper case. A CustomerID that is empty or `NA` is a guest. UnitPrice is
 * rounded half away from zero to whole pence before anything else; amounts are Quantity times that. There is no tax,
 * no discount and no unit cost in it, and prices are taken as they stand.
 * A record is looked at in this order, and the first that holds decides:
 *  1. It has not all eight fields, or Quantity is no whole number, UnitPrice no number, or InvoiceDate no time: skipped.
 *  2. InvoiceNo is neither six digits nor C and six digits (three entries of bad debt have an A): skipped.
 *  3. StockCode is one of AMAZONFEE, B, BANK CHARGES, CRUK, D, M, S (fees, bad debt, discounts, manual entries, samples),
 *     sold or cancelled: skipped.
 *  4. InvoiceNo has no C and Quantity is not above zero (stock corrections): skipped.
 *  5. InvoiceNo has a C and Quantity is not below zero: skipped.
 *  6. The rounded UnitPrice is not above zero (finds, gifts, and prices of a tenth of a penny): skipped.
 *  7. InvoiceNo has a C and there is no customer, so that no sale can be found: skipped.
 *  8. Without a C: StockCode POST, DOT or C2 is postage, everything else is goods; goods whose StockCode begins with GIFT_
 *     are gift cards. Postage on an invoice that has no goods left by the rules above is skipped.
 *  9. With a C: a cancellation. Cancellations are worked in the order of (InvoiceDate, place in the file). Each looks for
 *     a sale that rule 8 took, goods or postage, with the same CustomerID and StockCode, earlier in the same order, of
 *     which at least as many units are left; of several it takes the latest, and lowers its units left. One that finds
 *     none is skipped.
 * Everything else is taken.
 *
 * An invoice with goods is an order, its goods the order's lines. It is placed, and paid, at the earliest InvoiceDate of its
 * taken lines, by the customer and from the country of its first taken line; its postage, all lines together, is the
 * order's shipping. A matched cancellation is a refund of the order found, at its own InvoiceDate and for its own (cancelled)
 * UnitPrice, which may differ from the price paid: goods give back product value (gift cards: gift card value), postage
 * gives back shipping. Orders are not cancelled by it, however much is given back. Customers are those who have an order.
 */
import { keepAccount, type AccountKeeper, type ImportAccount } from "./account.ts";
import { readMinor, readWhole } from "./amounts.ts";
import { customersOf, inOrderOfTime, ordinaryOrder } from "./assemble.ts";
import { detectDateForm, readDate } from "./dates.ts";
import type { HistoryOrder, HistoryProduct, HistoryRefund, ShopHistory } from "./model.ts";
import { UnusableFile, type Table } from "./table.ts";
import { zoneOf } from "./zone.ts";

const CURRENCY = "GBP";
const TIME_ZONE = "Europe/London";
const NOT_GOODS = new Set(["AMAZONFEE", "B", "BANK CHARGES", "CRUK", "D", "M", "S"]);
const POSTAGE = new Set(["POST", "DOT", "C2"]);

/** ISO 3166-1 codes of the countries as the file names them; groups of countries and `Unspecified` have none. */
const COUNTRY_CODES: Readonly<Record<string, string>> = {
  Australia: "AU", Austria: "AT", Bahrain: "BH", Belgium: "BE", Brazil: "BR", Canada: "CA", Cyprus: "CY",
  "Czech Republic": "CZ", Denmark: "DK", EIRE: "IE", Finland: "FI", France: "FR", Germany: "DE", Greece: "GR",
  "Hong Kong": "HK", Iceland: "IS", Israel: "IL", Italy: "IT", Japan: "JP", Lebanon: "LB", Lithuania: "LT",
  Malta: "MT", Netherlands: "NL", Norway: "NO", Poland: "PL", Portugal: "PT", RSA: "ZA", "Saudi Arabia": "SA",
  Singapore: "SG", Spain: "ES", Sweden: "SE", Switzerland: "CH", "United Arab Emirates": "AE", "United Kingdom": "GB",
  USA: "US",
}; // prettier-ignore

const COLUMNS = {
  invoice: ["InvoiceNo", "Invoice"],
  code: ["StockCode"],
  description: ["Description"],
  quantity: ["Quantity"],
  date: ["InvoiceDate"],
  price: ["UnitPrice", "Price"],
  customer: ["CustomerID", "Customer ID"],
  country: ["Country"],
} as const;
type Column = keyof typeof COLUMNS;

/** Where each of its columns stands, whichever edition it is; -1 where one is missing. */
export function onlineRetailPositions(header: readonly string[]): Record<Column, number> {
  const entries = Object.entries(COLUMNS).map(([column, names]) => [
    column,
    header.findIndex((title) => names.some((name) => name === title)),
  ]);
  return Object.fromEntries(entries) as Record<Column, number>;
}

/** Whether a header is that of Online Retail (or of its second edition, which names three columns otherwise). */
export function isOnlineRetail(header: readonly string[]): boolean {
  return Object.values(onlineRetailPositions(header)).every((position) => position !== -1);
}

interface Line {
  invoice: string;
  code: string;
  description: string;
  quantity: number;
  at: number;
  /** Number of the record in the file. */
  place: number;
  priceMinor: number;
  customer: string | null;
  country: string;
}

/** A taken sale, and how many of its units have not been cancelled. */
interface Sale {
  line: Line;
  order: HistoryOrder;
  /** Index in the order's lines; `null` for postage. */
  index: number | null;
  unitsLeft: number;
}

export async function readOnlineRetail(
  table: Table,
): Promise<{ history: ShopHistory; account: ImportAccount }> {
  const account = keepAccount();
  const lines = await readLines(table, account);
  const { sales, cancellations } = sortOut(lines, account);
  const products = new Map<string, HistoryProduct>();
  const { orders, taken } = takeSales(sales, products, account);
  cancel(cancellations, taken, account);
  const sorted = inOrderOfTime(orders);
  return {
    history: {
      shop: {
        name: "Online Retail",
        currency: CURRENCY,
        timeZone: TIME_ZONE,
        countryCode: "GB",
        taxesIncluded: false,
      },
      products: [...products.values()],
      customers: customersOf(sorted),
      orders: sorted,
      checkouts: [],
    },
    account: account.close(),
  };
}

/** Rule 1. Dates are read at the end, because their form is known only then. */
async function readLines(table: Table, account: AccountKeeper): Promise<Line[]> {
  const positions = onlineRetailPositions(table.header);
  const least = Math.max(...Object.values(positions));
  const read: (Omit<Line, "at"> & { date: string })[] = [];
  const same = onceEach();
  for await (const record of table.records()) {
    account.read();
    const field = (column: Column) => same(record[positions[column]]?.trim() ?? "");
    const quantity = readWhole(field("quantity"));
    const priceMinor = readMinor(field("price"), CURRENCY);
    if (record.length <= least || quantity === null || priceMinor === null) {
      account.skip("not a line of an invoice");
      continue;
    }
    const customer = field("customer").replace(/\.0$/, "");
    read.push({
      invoice: field("invoice").toUpperCase(),
      code: field("code").toUpperCase(),
      description: field("description"),
      quantity,
      date: field("date"),
      place: read.length,
      priceMinor,
      customer: customer === "" || customer === "NA" ? null : customer,
      country: field("country"),
    });
  }
  const detected = detectDateForm(new Set(dates(read)));
  if (!detected.ok) throw new UnusableFile(`InvoiceDate: ${detected.reason}.`);
  const zone = zoneOf(TIME_ZONE);
  const times = new Map([...new Set(dates(read))].map((date) => [date, readDate(date, detected.form, zone)]));
  const lines: Line[] = [];
  for (const { date, ...line } of read) {
    const at = times.get(date) ?? null;
    if (at === null) account.skip("not a line of an invoice");
    else lines.push({ ...line, at });
  }
  return lines;
}

/** Half a million lines repeat few values: keeping each only once halves the memory. */
function onceEach(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first === undefined) known.set(text, text);
    return first ?? text;
  };
}

function* dates(lines: Iterable<{ date: string }>): Iterable<string> {
  for (const { date } of lines) yield date;
}

/** Rules 2 to 7. */
function sortOut(lines: readonly Line[], account: AccountKeeper): { sales: Line[]; cancellations: Line[] } {
  const sales: Line[] = [];
  const cancellations: Line[] = [];
  for (const line of lines) {
    const { invoice, code, quantity, priceMinor, customer } = line;
    const isCancellation = invoice.startsWith("C");
    if (!/^C?\d{6}$/.test(invoice)) account.skip("bookkeeping entry (the invoice number is of neither a sale nor a cancellation)");
    else if (NOT_GOODS.has(code)) account.skip("fee, discount, sample or manual entry");
    else if (!isCancellation && quantity <= 0) account.skip("stock correction (negative quantity outside a cancellation)");
    else if (isCancellation && quantity >= 0) account.skip("cancellation without a negative quantity");
    else if (priceMinor <= 0) account.skip("no price");
    else if (isCancellation && customer === null) account.skip("cancellation by a guest, whose purchase is not known");
    else (isCancellation ? cancellations : sales).push(line);
  }
  return { sales, cancellations };
} // prettier-ignore

/** Rule 8. */
function takeSales(
  lines: readonly Line[],
  products: Map<string, HistoryProduct>,
  account: AccountKeeper,
): { orders: Iterable<HistoryOrder>; taken: Sale[] } {
  const withGoods = new Set(lines.filter(({ code }) => !POSTAGE.has(code)).map(({ invoice }) => invoice));
  const orders = new Map<string, HistoryOrder>();
  const titles = new Map<string, Map<string, number>>();
  const taken: Sale[] = [];
  for (const line of lines) {
    if (!withGoods.has(line.invoice)) {
      account.skip("postage on an invoice without goods");
      continue;
    }
    account.take();
    const order = orders.get(line.invoice) ?? orderOf(line);
    orders.set(line.invoice, order);
    order.placedAt = Math.min(order.placedAt, line.at);
    order.paidAt = order.placedAt;
    if (POSTAGE.has(line.code)) {
      order.shippingMinor += line.quantity * line.priceMinor;
      taken.push({ line, order, index: null, unitsLeft: line.quantity });
    } else {
      taken.push({ line, order, index: order.lines.length, unitsLeft: line.quantity });
      addGoods(order, line);
      stock(products, titles, line);
    }
  }
  for (const product of products.values()) product.title = commonest(titles.get(product.key)) ?? product.key;
  return { orders: orders.values(), taken };
}

function orderOf(line: Line): HistoryOrder {
  const order = ordinaryOrder({
    key: line.invoice,
    customerKey: line.customer,
    placedAt: line.at,
    lines: [],
    presentmentCurrency: CURRENCY,
  });
  return { ...order, shippingCountry: COUNTRY_CODES[line.country] ?? null };
}

function addGoods(order: HistoryOrder, line: Line): void {
  order.lines.push({
    productKey: line.code,
    variantKey: line.code,
    title: line.description || line.code,
    quantity: line.quantity,
    unitPriceMinor: line.priceMinor,
    discountMinor: 0,
    taxMinor: 0,
    sellingPlanName: null,
  });
}

/** A product has the price it was last sold at and the description it was mostly sold under. */
function stock(
  products: Map<string, HistoryProduct>,
  titles: Map<string, Map<string, number>>,
  { code, description, priceMinor, at }: Line,
): void {
  const known = products.get(code);
  const variants = [{ key: code, title: "Default Title", priceMinor, unitCostMinor: null }];
  if (known) known.variants = variants;
  else {
    const isGiftCard = code.startsWith("GIFT_");
    products.set(code, {
      key: code,
      title: code,
      productType: "",
      vendor: "",
      isGiftCard,
      createdAt: at,
      variants,
    });
  }
  const counts = titles.get(code) ?? new Map<string, number>();
  titles.set(code, counts);
  if (description !== "" && description !== "NA") counts.set(description, (counts.get(description) ?? 0) + 1);
}

function commonest(counts: ReadonlyMap<string, number> | undefined): string | null {
  let best: string | null = null;
  let most = 0;
  for (const [text, count] of counts ?? []) {
    if (count > most) [best, most] = [text, count];
  }
  return best;
}

const keyOf = ({ customer, code }: Line) => `${customer ?? ""}|${code}`;
const inTurn = (a: Line, b: Line) => a.at - b.at || a.place - b.place;

/** Rule 9. */
function cancel(cancellations: readonly Line[], taken: readonly Sale[], account: AccountKeeper): void {
  const salesOf = new Map<string, Sale[]>();
  for (const sale of taken) {
    if (sale.line.customer === null) continue;
    const sales = salesOf.get(keyOf(sale.line));
    if (sales) sales.push(sale);
    else salesOf.set(keyOf(sale.line), [sale]);
  }
  for (const sales of salesOf.values()) sales.sort((a, b) => inTurn(a.line, b.line));
  for (const line of [...cancellations].sort(inTurn)) {
    const units = -line.quantity;
    const sale = salesOf
      .get(keyOf(line))
      ?.findLast((candidate) => inTurn(candidate.line, line) < 0 && candidate.unitsLeft >= units);
    if (!sale) {
      account.skip("cancellation that no earlier sale matches");
      continue;
    }
    account.take();
    sale.unitsLeft -= units;
    giveBack(sale, line, units);
  }
}

/** Lines of one cancellation that concern the same order are one refund of it. */
function giveBack({ order, index }: Sale, line: Line, units: number): void {
  let refund = order.refunds.find(({ happenedAt }) => happenedAt === line.at);
  if (!refund) {
    refund = emptyRefund(line.at);
    order.refunds.push(refund);
  }
  const amountMinor = units * line.priceMinor;
  if (index === null) {
    refund.shippingMinor += amountMinor;
    return;
  }
  const same = refund.lines.find((part) => part.line === index);
  if (same) {
    same.quantity += units;
    same.amountMinor += amountMinor;
  } else {
    refund.lines.push({ line: index, quantity: units, amountMinor, taxMinor: 0 });
  }
}

function emptyRefund(happenedAt: number): HistoryRefund {
  return {
    happenedAt,
    lines: [],
    shippingMinor: 0,
    shippingTaxMinor: 0,
    adjustmentMinor: 0,
    storeCredit: false,
  };
}
