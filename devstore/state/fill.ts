/**
 * Turns a history into a shop's state, through the same journal as the actions and without webhooks: the orders were
 * there before the app came.
 */
import type { HistoryEdit, HistoryLine, HistoryOrder, HistoryRefund, ShopHistory } from "../history/model.ts";
import {
  amountsBeforeTax,
  recordEdit,
  recordOrder,
  recordRefund,
  recordTransaction,
  touch,
  wholeRefund,
  type NewLine,
} from "./journal.ts";
import { shareMinor } from "./money.ts";
import type { OrderState, ShopState, World } from "./model.ts";
import { currentTotalMinor } from "./totals.ts";
import { createShop, newId, wholeSecond } from "./world.ts";

/** The ids that the history's keys were given. */
export interface FilledShop {
  shop: ShopState;
  productIds: Map<string, number>;
  variantIds: Map<string, number>;
  customerIds: Map<string, number>;
  orderIds: Map<string, number>;
}

/** Fills the shop of that domain, which is created where there is none. */
export function fillShop(world: World, domain: string, history: ShopHistory): FilledShop {
  const filled: FilledShop = {
    shop: world.shops.get(domain) ?? newShop(world, domain, history),
    productIds: new Map(),
    variantIds: new Map(),
    customerIds: new Map(),
    orderIds: new Map(),
  };
  fillProducts(world, filled, history);
  fillCustomers(world, filled, history);
  const giftCards = new Set(history.products.filter((each) => each.isGiftCard).map(({ key }) => key));
  const companies = new Map<string, number>();
  for (const order of history.orders) {
    let companyId: number | null = null;
    if (order.companyKey !== null) {
      companyId = companies.get(order.companyKey) ?? newId(world, "company");
      companies.set(order.companyKey, companyId);
    }
    const state = fillOrder(world, filled, order, giftCards, companyId);
    filled.shop.orders.set(state.id, state);
    filled.orderIds.set(order.key, state.id);
  }
  fillCheckouts(world, filled, history);
  filled.shop.revision += 1;
  return filled;
}

function newShop(world: World, domain: string, history: ShopHistory): ShopState {
  const firstAt = history.orders[0]?.placedAt ?? Date.now();
  const shop = createShop(world, { domain, ...history.shop, createdAt: firstAt });
  if (!shop.ok) throw new Error(shop.message);
  return shop.value;
}

function fillProducts(world: World, { shop, productIds, variantIds }: FilledShop, history: ShopHistory) {
  for (const { key, variants, ...facts } of history.products) {
    const at = wholeSecond(facts.createdAt);
    const product = {
      id: newId(world, "product"),
      title: facts.title,
      handle: handleOf(facts.title, key),
      productType: facts.productType,
      vendor: facts.vendor,
      status: "ACTIVE" as const,
      tags: [],
      isGiftCard: facts.isGiftCard,
      variantIds: [] as number[],
      createdAt: at,
      updatedAt: at,
    };
    for (const { key: variantKey, ...variant } of variants) {
      const id = newId(world, "variant");
      shop.variants.set(id, {
        id,
        productId: product.id,
        inventoryItemId: newId(world, "inventoryItem"),
        sku: variantKey,
        ...variant,
        createdAt: at,
        updatedAt: at,
      });
      product.variantIds.push(id);
      variantIds.set(variantKey, id);
    }
    shop.products.set(product.id, product);
    productIds.set(key, product.id);
  }
}

function fillCustomers(world: World, { shop, customerIds }: FilledShop, history: ShopHistory) {
  for (const { key, ...facts } of history.customers) {
    const id = newId(world, "customer");
    const at = wholeSecond(facts.createdAt);
    const rest = { phone: null, locale: shop.locale, createdAt: at, updatedAt: at };
    shop.customers.set(id, { id, ...facts, ...rest });
    customerIds.set(key, id);
  }
}

function fillOrder(
  world: World,
  filled: FilledShop,
  input: HistoryOrder,
  giftCards: ReadonlySet<string>,
  companyId: number | null,
): OrderState {
  const { shop } = filled;
  const customerId = known(filled.customerIds, input.customerKey, "customer");
  const newLines = (lines: readonly HistoryLine[]) => lines.map((line) => newLine(filled, line, giftCards));
  const shippingAmounts = amountsBeforeTax(input.shippingMinor, 0, input.shippingTaxMinor);
  const order = recordOrder(world, {
    number: shop.nextOrderNumber,
    customerId,
    email: customerId === null ? null : (shop.customers.get(customerId)?.email ?? null),
    createdAt: input.placedAt,
    processedAt: input.placedAt,
    test: input.test,
    sourceName: input.sourceName,
    tags: [],
    taxesIncluded: shop.taxesIncluded,
    presentmentCurrency: input.presentmentCurrency,
    presentmentRate: input.presentmentRate,
    companyId,
    shippingCountry: input.shippingCountry,
    discountCodes: input.discountCodes,
    firstVisit:
      input.firstVisitSource === null
        ? null
        : {
            source: input.firstVisitSource,
            landingPage: null,
            referrerUrl: null,
            occurredAt: wholeSecond(input.placedAt),
          },
    lines: newLines(input.lines),
    shipping:
      input.shippingMinor === 0
        ? null
        : {
            title: "Standard",
            priceMinor: input.shippingMinor + (shop.taxesIncluded ? input.shippingTaxMinor : 0),
            discountMinor: 0,
            amounts: shippingAmounts,
          },
    tipMinor: input.tipMinor,
    dutyMinor: 0,
    feeMinor: 0,
  });
  shop.nextOrderNumber += 1;
  for (const step of stepsOf(input)) {
    switch (step.kind) {
      case "pay":
        fillPayment(world, order, step.at, input.giftCardPaymentMinor);
        break;
      case "edit":
        fillEdit(world, order, step.edit, newLines(step.edit.addedLines));
        break;
      case "refund":
        fillRefund(world, order, step.refund);
        break;
      case "cancel":
        fillCancel(world, order, step.at, input.paidAt !== null);
    }
  }
  return order;
}

type Step =
  | { kind: "pay" | "cancel"; at: number }
  | { kind: "edit"; at: number; edit: HistoryEdit }
  | { kind: "refund"; at: number; refund: HistoryRefund };

/** What happened to the order after it was placed, in order of time; at one time: paid, edited, refunded, cancelled. */
function stepsOf(input: HistoryOrder): Step[] {
  const steps: Step[] = [];
  if (input.paidAt !== null) steps.push({ kind: "pay", at: input.paidAt });
  for (const edit of input.edits) steps.push({ kind: "edit", at: edit.happenedAt, edit });
  for (const refund of input.refunds) steps.push({ kind: "refund", at: refund.happenedAt, refund });
  if (input.cancelledAt !== null) steps.push({ kind: "cancel", at: input.cancelledAt });
  return steps.length < 2 ? steps : steps.sort((a, b) => a.at - b.at);
}

function fillPayment(world: World, order: OrderState, at: number, giftCardPaymentMinor: number): void {
  const owed = currentTotalMinor(order);
  const giftCardPart = Math.min(giftCardPaymentMinor, owed);
  const rest = { kind: "SALE", status: "SUCCESS", parentId: null, refundId: null } as const;
  if (giftCardPart > 0)
    recordTransaction(world, order, at, { ...rest, gateway: "gift_card", amountMinor: giftCardPart });
  if (owed > giftCardPart)
    recordTransaction(world, order, at, {
      ...rest,
      gateway: "shopify_payments",
      amountMinor: owed - giftCardPart,
    });
}

function fillEdit(world: World, order: OrderState, edit: HistoryEdit, addedLines: NewLine[]): void {
  const quantities = edit.quantities.map(({ line, quantity }) => ({
    lineId: lineAt(order, line).id,
    quantity,
  }));
  recordEdit(world, order, edit.happenedAt, { addedLines, quantities });
}

/** A stated amount that is not the line's worth becomes an adjustment, as at Shopify. */
function fillRefund(world: World, order: OrderState, refund: HistoryRefund): void {
  let adjustmentMinor = refund.adjustmentMinor;
  let adjustmentTaxMinor = 0;
  const lines = refund.lines.map(({ line, quantity, amountMinor, taxMinor }) => {
    const state = lineAt(order, line);
    const worth = worthOf(order, state.id, quantity);
    adjustmentMinor += amountMinor - worth.netMinor;
    adjustmentTaxMinor += taxMinor - worth.taxMinor;
    return { lineId: state.id, quantity, restock: true };
  });
  recordRefund(world, order, refund.happenedAt, {
    lines,
    shippingMinor: refund.shippingMinor,
    shippingTaxMinor: refund.shippingTaxMinor,
    tipMinor: 0,
    dutyMinor: 0,
    feeMinor: 0,
    adjustmentMinor,
    adjustmentTaxMinor,
    returnId: null,
    storeCredit: refund.storeCredit,
    overpaid: false,
    note: null,
  });
}

function worthOf(order: OrderState, lineId: number, quantity: number) {
  let units = 0;
  let total = 0;
  let tax = 0;
  for (const { sales } of order.agreements) {
    for (const sale of sales) {
      if (sale.lineId !== lineId) continue;
      units += sale.quantity ?? 0;
      total += sale.totalMinor;
      tax += sale.taxMinor;
    }
  }
  const taxMinor = shareMinor(tax, quantity, units);
  return { netMinor: shareMinor(total, quantity, units) - taxMinor, taxMinor };
}

/** What was not paid is written off; what was paid was given back by the history's own refunds, or kept. */
function fillCancel(world: World, order: OrderState, at: number, paid: boolean): void {
  if (!paid) recordRefund(world, order, at, wholeRefund(order, "Cancelled"));
  order.cancelledAt = wholeSecond(at);
  order.cancelReason = "CUSTOMER";
  touch(order, at);
}

function fillCheckouts(world: World, { shop, variantIds, customerIds }: FilledShop, history: ShopHistory) {
  for (const { customerKey, lines, createdAt, completedAt } of history.checkouts) {
    const id = newId(world, "checkout");
    const named = lines.map(({ variantKey, quantity }) => ({
      variantId: must(variantIds, variantKey, "variant"),
      quantity,
    }));
    const at = wholeSecond(createdAt);
    const endedAt = completedAt === null ? null : wholeSecond(completedAt);
    shop.checkouts.set(id, {
      id,
      customerId: known(customerIds, customerKey, "customer"),
      createdAt: at,
      updatedAt: endedAt ?? at,
      completedAt: endedAt,
      lines: named,
      totalMinor: named.reduce(
        (sum, { variantId, quantity }) => sum + (shop.variants.get(variantId)?.priceMinor ?? 0) * quantity,
        0,
      ),
      orderId: null,
    });
  }
}

function newLine(filled: FilledShop, line: HistoryLine, giftCards: ReadonlySet<string>): NewLine {
  const { quantity, discountMinor, taxMinor } = line;
  const grossMinor = line.unitPriceMinor * quantity;
  const netMinor = grossMinor - discountMinor;
  // Where prices include tax the history's values without it are what is exact; the shown ones are rounded.
  const withTax = filled.shop.taxesIncluded && netMinor > 0 ? (netMinor + taxMinor) / netMinor : 1;
  const variantId = known(filled.variantIds, line.variantKey, "variant");
  return {
    productId: known(filled.productIds, line.productKey, "product"),
    variantId,
    title: line.title,
    sku: line.variantKey,
    quantity,
    unitPriceMinor: Math.round(line.unitPriceMinor * withTax),
    discountMinor: Math.round(discountMinor * withTax),
    isGiftCard: line.productKey !== null && giftCards.has(line.productKey),
    sellingPlanName: line.sellingPlanName,
    amounts: amountsBeforeTax(netMinor, discountMinor, taxMinor),
  };
}

function lineAt(order: OrderState, index: number) {
  const line = order.lines[index];
  if (!line) throw new Error(`the history names line ${index} of ${order.lines.length}`);
  return line;
}

function known(ids: ReadonlyMap<string, number>, key: string | null, what: string): number | null {
  return key === null ? null : must(ids, key, what);
}

function must(ids: ReadonlyMap<string, number>, key: string, what: string): number {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`the history names an unknown ${what}: ${key}`);
  return id;
}

function handleOf(title: string, key: string): string {
  return `${title} ${key}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
