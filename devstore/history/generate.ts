/**
 * Makes up a shop's past from a seed: everything that happens at real shops happens here, in numbers that are exact
 * (orders, customers, products), and its customers come back by a known law (purchase-law.ts), so that every figure and
 * model can be checked against what was drawn. Pure: the same options give the same shop.
 */
import { ordinaryOrder } from "./assemble.ts";
import { arrangeShelves, fillBasket, giftCardLine, NO_PROMOTION, subscribedLine } from "./basket.ts";
import type { Promotion, Shelves } from "./basket.ts";
import { stockShelves } from "./catalogue.ts";
import type {
  HistoryCheckout,
  HistoryCustomer,
  HistoryLine,
  HistoryOrder,
  HistoryRefund,
  ShopHistory,
} from "./model.ts";
import { FIRST_NAMES, LAST_NAMES } from "./people.ts";
import {
  DEFAULT_LAW,
  drawBuyer,
  drawValueMinor,
  purchaseDays,
  type Buyer,
  type PurchaseLaw,
} from "./purchase-law.ts";
import { runningSums, seededRandom, type Random } from "./random.ts";
import { zoneOf, type Zone } from "./zone.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const TIME_ZONE = "America/New_York";

export interface GenerateOptions {
  seed: number;
  /** Last local day of the history, in days since 1970-01-01. */
  endDay?: number;
  days?: number;
  orders?: number;
  customers?: number;
  products?: number;
  law?: PurchaseLaw;
}

/** What was drawn, for checking models; no Shopify would tell it. */
interface Truth {
  law: PurchaseLaw;
  startDay: number;
  endDay: number;
  /** By customer key. Customers who never ordered are missing. */
  customers: Map<string, CustomerTruth>;
}

/** Only `law` customers follow the purchase law; renewals and companies buy by calendar. */
type CustomerTruth =
  | { process: "law"; firstDay: number; buyer: Buyer; purchaseDays: number[] }
  | { process: "subscription" | "company"; firstDay: number };

export interface GeneratedHistory extends ShopHistory {
  truth: Truth;
}

/** The last day that has ended in the generated shop's zone: nothing in its history may lie in the future. */
export function lastWholeDay(now: number): number {
  return Math.floor(zoneOf(TIME_ZONE).wallOf(now) / DAY_MS) - 1;
}

/** What the parts of the generator share. */
interface Draft {
  random: Random;
  zone: Zone;
  startDay: number;
  endDay: number;
  /** No event is later. */
  endsAt: number;
  law: PurchaseLaw;
  shelves: Shelves;
  /** Running sums over the days: growth, seasons and weekdays. */
  traffic: number[];
  customers: HistoryCustomer[];
  orders: HistoryOrder[];
  truth: Map<string, CustomerTruth>;
  /** Value of gift cards sold and not yet used. */
  giftCardsOutMinor: number;
}

/** Who buys and where: decided once per customer (or guest). */
interface Shopper {
  key: string | null;
  countryCode: string;
  taxRate: number;
  firstVisitSource: string | null;
}

export function generateHistory(options: GenerateOptions): GeneratedHistory {
  const {
    seed,
    days = 1096,
    orders = 20_000,
    customers = 8_000,
    products = 120,
    law = DEFAULT_LAW,
  } = options;
  const endDay = options.endDay ?? Date.UTC(2026, 9, 31) / DAY_MS;
  const random = seededRandom(seed);
  const zone = zoneOf(TIME_ZONE);
  const startDay = endDay - days + 1;
  const openedAt = zone.instantOf(startDay * DAY_MS);
  const catalogue = stockShelves(random, products, openedAt);
  const draft: Draft = {
    random,
    zone,
    startDay,
    endDay,
    endsAt: zone.instantOf((endDay + 1) * DAY_MS) - 1,
    law,
    shelves: arrangeShelves(random, catalogue),
    traffic: trafficByDay(startDay, days),
    customers: [],
    orders: [],
    truth: new Map(),
    giftCardsOutMinor: 0,
  };
  // Figures leave these out, so they come on top of the law's purchases and never in their place.
  const testOrders = Math.round(orders * 0.0015);
  const cancelledOrders = Math.round(orders * 0.015);
  const leastGuests = Math.round(orders * 0.05);
  const lawBudget = orders - testOrders - cancelledOrders - leastGuests;

  addSubscribers(draft, Math.round(customers * 0.012), Math.round(orders * 0.06));
  addCompanies(draft, Math.round(customers * 0.004), Math.round(orders * 0.09));
  addLawCustomers(draft, customers, lawBudget);
  addSilentCustomers(draft, customers);
  addCancelledOrders(draft, cancelledOrders);
  addTestOrders(draft, testOrders);
  addGuestOrders(draft, orders - draft.orders.length);

  draft.orders.sort((a, b) => a.placedAt - b.placedAt || (a.key < b.key ? -1 : 1));
  for (const order of draft.orders) payWithGiftCard(draft, order);
  draft.customers.sort((a, b) => a.createdAt - b.createdAt || (a.key < b.key ? -1 : 1));
  return {
    shop: {
      name: "Fern & Kettle",
      currency: "USD",
      timeZone: TIME_ZONE,
      countryCode: "US",
      taxesIncluded: false,
    },
    products: catalogue,
    customers: draft.customers,
    orders: draft.orders,
    checkouts: abandonedCheckouts(draft, Math.round(orders * 0.12)),
    truth: { law, startDay, endDay, customers: draft.truth },
  };
}

/** More at weekends and before Christmas, less in summer, and growing by half over the years. */
function trafficByDay(startDay: number, days: number): number[] {
  const weights = Array.from({ length: days }, (_, index) => {
    const date = new Date((startDay + index) * DAY_MS);
    const month = date.getUTCMonth();
    const season = [0.9, 0.95, 1, 0.95, 1, 0.85, 0.75, 0.8, 0.95, 1.1, 1.5, 1.7][month] ?? 1;
    const weekday = [1.15, 1, 0.95, 0.95, 1, 1.05, 1.2][date.getUTCDay()] ?? 1;
    return season * weekday * (1 + (0.5 * index) / days);
  });
  return runningSums(weights);
}

const BY_HOUR = runningSums([
  2, 1, 1, 1, 1, 2, 4, 8, 12, 16, 18, 19, 18, 17, 17, 17, 18, 19, 22, 25, 26, 22, 13, 6,
]);

function momentOn(draft: Draft, day: number): number {
  const { random, zone } = draft;
  const second = random.weighted(BY_HOUR) * 3600 + random.integer(0, 3599);
  return zone.instantOf(day * DAY_MS + second * 1000);
}

const trafficDay = (draft: Draft) => draft.startDay + draft.random.weighted(draft.traffic);

const COUNTRIES = ["US", "CA", "GB", "DE", "AU"] as const;
const COUNTRY_SHARES = runningSums([82, 10, 4, 2, 2]);
const US_TAX_RATES = [0, 0.04, 0.0625, 0.07, 0.0725, 0.08875];
const SOURCES = [
  "google",
  "google",
  "google",
  "direct",
  "direct",
  "instagram",
  "newsletter",
  "facebook",
  "pinterest",
];

function drawShopper(draft: Draft, key: string | null): Shopper {
  const { random } = draft;
  const countryCode = COUNTRIES[random.weighted(COUNTRY_SHARES)] ?? "US";
  const taxRate = countryCode === "US" ? random.pick(US_TAX_RATES) : countryCode === "CA" ? 0.05 : 0;
  return { key, countryCode, taxRate, firstVisitSource: random.chance(0.2) ? null : random.pick(SOURCES) };
}

function addCustomer(draft: Draft, createdAt: number, countryCode: string, tags: string[]): string {
  const { random } = draft;
  const number = draft.customers.length + 1;
  const key = `customer-${number}`;
  const firstName = random.pick(FIRST_NAMES);
  const lastName = random.pick(LAST_NAMES);
  draft.customers.push({
    key,
    firstName,
    lastName,
    email: `${firstName}.${lastName}.${number}@example.com`.toLowerCase(),
    state: random.chance(0.35) ? "ENABLED" : "DISABLED",
    tags,
    acceptsMarketing: random.chance(0.4),
    countryCode,
    createdAt,
  });
  return key;
}

/** An ordinary order of given lines, paid at once. */
function plainOrder(draft: Draft, shopper: Shopper, placedAt: number, lines: HistoryLine[]): HistoryOrder {
  const { random } = draft;
  const rate =
    shopper.countryCode === "CA" ? Math.round(10_000 * (1.34 + 0.05 * random.uniform())) / 10_000 : 1;
  const order = ordinaryOrder({
    key: `order-${draft.orders.length + 1}`,
    customerKey: shopper.key,
    placedAt,
    lines,
    presentmentCurrency: shopper.countryCode === "CA" ? "CAD" : "USD",
  });
  return {
    ...order,
    shippingCountry: shopper.countryCode,
    firstVisitSource: shopper.firstVisitSource,
    presentmentRate: rate,
  };
}

function drawPromotion(random: Random, isFirst: boolean): Promotion {
  const draw = random.uniform();
  if (isFirst && draw < 0.22) return { code: "WELCOME10", share: 0.1, onFirstLineOnly: false };
  if (draw < 0.06) return { code: "TEATIME15", share: 0.15, onFirstLineOnly: false };
  if (draw < 0.09) return { code: "POT20", share: 0.2, onFirstLineOnly: true };
  if (draw < 0.13) return { code: null, share: 0.05, onFirstLineOnly: false };
  return NO_PROMOTION;
}

/** A purchase over the counter or online, with what may follow: an edit, refunds, a debt. */
function shop(
  draft: Draft,
  shopper: Shopper,
  placedAt: number,
  valueMinor: number,
  isFirst: boolean,
): HistoryOrder {
  const { random } = draft;
  const promotion = drawPromotion(random, isFirst);
  const lines = fillBasket(random, draft.shelves, valueMinor, promotion, shopper.taxRate);
  const order = plainOrder(draft, shopper, placedAt, lines);
  if (promotion.code) order.discountCodes.push(promotion.code);
  if (random.chance(0.02)) lines.push(giftCardLine(random, draft.shelves));
  if (random.chance(shopper.key === null ? 0.4 : 0.08)) sellAtCounter(random, order);
  else if (random.chance(0.01)) order.sourceName = "shopify_draft_order";
  if (order.sourceName !== "pos") ship(random, order, shopper);
  if (random.chance(0.02)) order.tipMinor = random.integer(1, 5) * 100;
  if (random.chance(placedAt > draft.endsAt - 5 * DAY_MS ? 0.1 : 0.003)) {
    order.paidAt = null;
    return order;
  }
  if (random.chance(0.02)) editLater(draft, order);
  if (random.chance(0.07)) refundLater(draft, order);
  return order;
}

function sellAtCounter(random: Random, order: HistoryOrder): void {
  order.sourceName = "pos";
  order.firstVisitSource = null;
  order.shippingCountry = null;
  order.presentmentCurrency = "USD";
  order.presentmentRate = 1;
  if (random.chance(0.1)) order.tipMinor = random.integer(1, 4) * 50;
}

const valueOf = (line: HistoryLine) => line.quantity * line.unitPriceMinor - line.discountMinor;
const productValue = (order: HistoryOrder) => order.lines.reduce((sum, line) => sum + valueOf(line), 0);

function ship(random: Random, order: HistoryOrder, shopper: Shopper): void {
  const abroad = shopper.countryCode !== "US";
  const free = productValue(order) >= (abroad ? 15_000 : 6000);
  order.shippingMinor = free ? 0 : abroad ? 1490 : random.pick([490, 690]);
  order.shippingTaxMinor = Math.round(order.shippingMinor * shopper.taxRate);
}

/** The shopper writes to the shop: something is added, or one unit less is wanted. Values end at what was drawn. */
function editLater(draft: Draft, order: HistoryOrder): void {
  const { random } = draft;
  const happenedAt = order.placedAt + random.integer(1, 30) * HOUR_MS;
  const capturedAt = happenedAt + HOUR_MS;
  if (capturedAt > draft.endsAt) return;
  // The money is taken for what the order has become.
  order.paidAt = capturedAt;
  const last = order.lines.length - 1;
  const lastLine = order.lines[last];
  if (lastLine && last > 0 && random.chance(0.6)) {
    order.edits.push({ happenedAt, addedLines: order.lines.splice(last), quantities: [] });
    return;
  }
  const index = order.lines.findIndex(({ discountMinor }) => discountMinor === 0);
  const line = order.lines[index];
  if (!line) return;
  const taxOfOneMore = Math.round(line.taxMinor / line.quantity);
  order.edits.push({ happenedAt, addedLines: [], quantities: [{ line: index, quantity: line.quantity }] });
  order.lines[index] = { ...line, quantity: line.quantity + 1, taxMinor: line.taxMinor + taxOfOneMore };
}

/** Lines as they are after the edits, in the numbering of edits and refunds. */
function finalLines(order: HistoryOrder): { index: number; line: HistoryLine; quantity: number }[] {
  const all = [...order.lines, ...order.edits.flatMap(({ addedLines }) => addedLines)];
  const quantities = new Map(
    order.edits.flatMap((edit) => edit.quantities.map(({ line, quantity }) => [line, quantity])),
  );
  return all.map((line, index) => ({ index, line, quantity: quantities.get(index) ?? line.quantity }));
}

function refundOf(happenedAt: number, parts: Partial<HistoryRefund>): HistoryRefund {
  return {
    happenedAt,
    lines: [],
    shippingMinor: 0,
    shippingTaxMinor: 0,
    adjustmentMinor: 0,
    storeCredit: false,
    ...parts,
  };
}

function refundedLine({ index, line }: { index: number; line: HistoryLine }, quantity: number) {
  return {
    line: index,
    quantity,
    amountMinor: Math.round((valueOf(line) * quantity) / line.quantity),
    taxMinor: Math.round((line.taxMinor * quantity) / line.quantity),
  };
}

function fullRefund(order: HistoryOrder, happenedAt: number): HistoryRefund {
  return refundOf(happenedAt, {
    lines: finalLines(order).map((final) => refundedLine(final, final.quantity)),
    shippingMinor: order.shippingMinor,
    shippingTaxMinor: order.shippingTaxMinor,
  });
}

function refundLater(draft: Draft, order: HistoryOrder): void {
  const { random } = draft;
  const happenedAt = order.placedAt + random.integer(3 * 24, 35 * 24) * HOUR_MS;
  if (happenedAt > draft.endsAt) return;
  const storeCredit = random.chance(0.15);
  const goods = finalLines(order).filter(({ line }) => line.taxMinor >= 0 && valueOf(line) > 0);
  const returned = random.pick(goods);
  const kind = random.uniform();
  if (kind < 0.3) {
    order.refunds.push({ ...fullRefund(order, happenedAt), storeCredit });
  } else if (kind < 0.85) {
    const quantity = random.integer(1, returned.quantity);
    order.refunds.push(refundOf(happenedAt, { lines: [refundedLine(returned, quantity)], storeCredit }));
    const other = goods.find(({ index }) => index !== returned.index);
    const later = happenedAt + random.integer(1, 10) * DAY_MS;
    if (other && random.chance(0.15) && later <= draft.endsAt) {
      order.refunds.push(refundOf(later, { lines: [refundedLine(other, other.quantity)] }));
    }
  } else {
    const adjustmentMinor = Math.max(1, Math.round(valueOf(returned.line) * random.pick([0.1, 0.2, 0.25])));
    order.refunds.push(refundOf(happenedAt, { adjustmentMinor, storeCredit }));
  }
}

function addLawCustomers(draft: Draft, customers: number, budget: number): void {
  const { random, law } = draft;
  const silent = Math.round(customers * 0.03);
  while (draft.customers.length < customers - silent) {
    const firstDay = trafficDay(draft);
    const buyer = drawBuyer(random, law);
    const days = purchaseDays(random, buyer, firstDay, draft.endDay);
    // Who comes last does not depend on how they buy, so stopping here leaves the law as it is.
    if (draft.orders.length + days.length > budget) return;
    const moments = days.map((day) => momentOn(draft, day)).sort((a, b) => a - b);
    const firstAt = moments[0] ?? draft.endsAt;
    const shopper = drawShopper(draft, null);
    const tags = random.chance(0.003) ? ["staff"] : random.chance(0.05) ? ["newsletter"] : [];
    shopper.key = addCustomer(draft, firstAt - random.integer(60, 900) * 1000, shopper.countryCode, tags);
    draft.truth.set(shopper.key, { process: "law", firstDay, buyer, purchaseDays: days });
    for (const placedAt of moments) {
      const value = drawValueMinor(random, buyer, law);
      draft.orders.push(shop(draft, shopper, placedAt, value, placedAt === firstAt));
    }
  }
}

/** Signed up for the newsletter, never ordered. */
function addSilentCustomers(draft: Draft, customers: number): void {
  while (draft.customers.length < customers) {
    const { countryCode } = drawShopper(draft, null);
    addCustomer(draft, momentOn(draft, trafficDay(draft)), countryCode, ["newsletter"]);
  }
}

const RENEWAL_DAYS = 28;

/** One thing every four weeks until the subscriber has enough; the first order is placed in the shop. */
function addSubscribers(draft: Draft, count: number, budget: number): void {
  const { random } = draft;
  for (let index = 0; index < count; index += 1) {
    const firstDay = trafficDay(draft);
    const shopper = drawShopper(draft, null);
    const firstAt = momentOn(draft, firstDay);
    shopper.key = addCustomer(draft, firstAt - 300_000, shopper.countryCode, ["subscriber"]);
    draft.truth.set(shopper.key, { process: "subscription", firstDay });
    const [chosen] = fillBasket(random, draft.shelves, random.integer(1200, 3000), NO_PROMOTION, 0);
    if (!chosen) throw new Error("an empty basket");
    const renewals = Math.floor(random.exponential(1 / 12));
    for (let renewal = 0; renewal <= renewals && draft.orders.length < budget; renewal += 1) {
      const placedAt = firstAt + renewal * RENEWAL_DAYS * DAY_MS;
      if (placedAt > draft.endsAt) break;
      const line = subscribedLine(chosen, "Every 4 weeks", 0.1, shopper.taxRate);
      const order = plainOrder(draft, shopper, placedAt, [line]);
      if (renewal > 0) order.sourceName = "subscription_contract";
      draft.orders.push(order);
    }
  }
}

/** Cafes that order by the month, untaxed, and pay thirty days later. */
function addCompanies(draft: Draft, count: number, budget: number): void {
  const { random } = draft;
  for (let index = 0; index < count; index += 1) {
    const firstDay = trafficDay(draft);
    const shopper: Shopper = { ...drawShopper(draft, null), countryCode: "US", taxRate: 0 };
    const firstAt = momentOn(draft, firstDay);
    shopper.key = addCustomer(draft, firstAt - 300_000, "US", ["wholesale"]);
    draft.truth.set(shopper.key, { process: "company", firstDay });
    const everyDays = random.pick([14, 28, 28, 56]);
    const usualMinor = random.integer(20_000, 90_000);
    for (
      let day = firstDay;
      day <= draft.endDay && draft.orders.length < budget;
      day += everyDays + random.integer(-3, 3)
    ) {
      const placedAt = day === firstDay ? firstAt : momentOn(draft, day);
      const value = Math.round(usualMinor * (0.7 + 0.6 * random.uniform()));
      const wholesale: Promotion = { code: null, share: 0.25, onFirstLineOnly: false };
      const lines = fillBasket(random, draft.shelves, value, wholesale, 0);
      const dueAt = placedAt + 30 * DAY_MS;
      draft.orders.push({
        ...plainOrder(draft, shopper, placedAt, lines),
        companyKey: `company-${index + 1}`,
        paidAt: dueAt <= draft.endsAt ? dueAt : null,
      });
    }
  }
}

function addCancelledOrders(draft: Draft, count: number): void {
  const { random } = draft;
  const buyers = [...draft.truth.keys()];
  for (let index = 0; index < count; index += 1) {
    const key = random.pick(buyers);
    const firstDay = draft.truth.get(key)?.firstDay ?? draft.startDay;
    const placedAt = momentOn(
      draft,
      random.integer(Math.min(firstDay + 1, draft.endDay - 3), draft.endDay - 3),
    );
    const shopper = drawShopper(draft, key);
    const lines = fillBasket(
      random,
      draft.shelves,
      random.integer(900, 15_000),
      NO_PROMOTION,
      shopper.taxRate,
    );
    const order = plainOrder(draft, shopper, placedAt, lines);
    ship(random, order, shopper);
    order.cancelledAt = placedAt + random.integer(1, 47) * HOUR_MS;
    if (random.chance(0.8)) order.refunds.push(fullRefund(order, order.cancelledAt));
    else order.paidAt = null;
    draft.orders.push(order);
  }
}

/** The merchant tries the checkout, mostly in the first weeks. */
function addTestOrders(draft: Draft, count: number): void {
  const { random } = draft;
  for (let index = 0; index < count; index += 1) {
    const placedAt = momentOn(
      draft,
      draft.startDay + random.integer(0, Math.min(60, draft.endDay - draft.startDay)),
    );
    const shopper = drawShopper(draft, null);
    const lines = fillBasket(random, draft.shelves, random.integer(900, 9000), NO_PROMOTION, shopper.taxRate);
    draft.orders.push({ ...plainOrder(draft, shopper, placedAt, lines), test: true });
  }
}

/** Guests buy once by the law's values; some only a gift card. */
function addGuestOrders(draft: Draft, count: number): void {
  const { random, law } = draft;
  for (let index = 0; index < count; index += 1) {
    const placedAt = momentOn(draft, trafficDay(draft));
    const shopper = drawShopper(draft, null);
    if (random.chance(0.03)) {
      draft.orders.push(plainOrder(draft, shopper, placedAt, [giftCardLine(random, draft.shelves)]));
    } else {
      const value = drawValueMinor(random, drawBuyer(random, law), law);
      draft.orders.push(shop(draft, shopper, placedAt, value, true));
    }
  }
}

/** Gift cards come back as payment, never more than were sold before. */
function payWithGiftCard(draft: Draft, order: HistoryOrder): void {
  const { random } = draft;
  if (order.test || order.cancelledAt !== null || order.paidAt === null) return;
  const uses = draft.giftCardsOutMinor >= 2500 && order.companyKey === null && random.chance(0.03);
  if (uses && order.refunds.length === 0 && order.edits.length === 0) {
    const taxMinor = order.lines.reduce((sum, line) => sum + line.taxMinor, order.shippingTaxMinor);
    const totalMinor = productValue(order) + taxMinor + order.shippingMinor + order.tipMinor;
    order.giftCardPaymentMinor = Math.min(totalMinor, 2500);
    draft.giftCardsOutMinor -= order.giftCardPaymentMinor;
  }
  const cards = new Set(draft.shelves.giftCards.map(({ variantKey }) => variantKey));
  const refunded = new Set(order.refunds.flatMap(({ lines }) => lines.map(({ line }) => line)));
  for (const { index, line } of finalLines(order)) {
    if (cards.has(line.variantKey ?? "") && !refunded.has(index)) draft.giftCardsOutMinor += valueOf(line);
  }
}

function abandonedCheckouts(draft: Draft, count: number): HistoryCheckout[] {
  const { random } = draft;
  const checkouts = Array.from({ length: count }, () => {
    const customer = random.pick(draft.customers);
    const known = random.chance(0.6);
    const day = Math.max(trafficDay(draft), draft.startDay);
    const createdAt = Math.max(momentOn(draft, day), known ? customer.createdAt : 0);
    const completedAt = createdAt + random.integer(2, 60) * HOUR_MS;
    const items = Array.from({ length: random.integer(1, 3) }, () => random.pick(draft.shelves.items));
    return {
      customerKey: known ? customer.key : null,
      createdAt,
      completedAt: random.chance(0.12) && completedAt <= draft.endsAt ? completedAt : null,
      lines: [...new Set(items)].map(({ variantKey }) => ({ variantKey, quantity: random.integer(1, 2) })),
    };
  });
  return checkouts.sort((a, b) => a.createdAt - b.createdAt);
}
