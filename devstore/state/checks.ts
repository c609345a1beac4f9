/** What Shopify would refuse: the checks that actions make before they change anything. */
import { amountsOf, balanceOf, type NewLine, type NewRefund } from "./journal.ts";
import type {
  CheckoutState,
  CustomerState,
  OrderState,
  ProductState,
  ShopState,
  TransactionState,
  VariantState,
} from "./model.ts";
import { fail, succeed, type Failure, type Result } from "./result.ts";
import { currentTotalMinor, netPaymentMinor } from "./totals.ts";

/** A line to sell: a variant, or a custom line with its own title and price. */
export interface LineInput {
  variantId?: number;
  title?: string;
  quantity: number;
  /** As the shop lists it; the variant's price unless told. */
  unitPriceMinor?: number;
  /** Over all units. */
  discountMinor?: number;
  /** Over all units; from the order's rate unless told. */
  taxMinor?: number;
  sellingPlanName?: string;
}

export interface CustomerFacts {
  firstName?: string | null;
  lastName?: string | null;
  email?: string | null;
  phone?: string | null;
  state?: CustomerState["state"];
  tags?: string[];
  acceptsMarketing?: boolean;
  locale?: string;
  countryCode?: string | null;
}

export type CheckoutLines = { variantId: number; quantity: number }[];

export function openOrder(shop: ShopState, orderId: number): Result<OrderState> {
  const order = shop.orders.get(orderId);
  if (!order) return fail("not-found", "The order does not exist.", ["orderId"]);
  if (order.cancelledAt !== null) return fail("wrong-state", "The order is cancelled.", ["orderId"]);
  return succeed(order);
}

export function openCheckout(shop: ShopState, checkoutId: number): Result<CheckoutState> {
  const checkout = shop.checkouts.get(checkoutId);
  if (!checkout) return fail("not-found", "The checkout does not exist.", ["checkoutId"]);
  if (checkout.completedAt !== null) return fail("wrong-state", "The checkout is completed.", ["checkoutId"]);
  return succeed(checkout);
}

export function openAuthorization(order: OrderState): TransactionState | undefined {
  return order.transactions.find(
    ({ kind, status, id }) =>
      kind === "AUTHORIZATION" &&
      status === "SUCCESS" &&
      !order.transactions.some(({ parentId }) => parentId === id),
  );
}

export function variantOf(
  shop: ShopState,
  variantId: number,
): Result<{ variant: VariantState; product: ProductState }> {
  const variant = shop.variants.get(variantId);
  const product = variant && shop.products.get(variant.productId);
  if (!variant || !product) return fail("not-found", "The variant does not exist.", ["variantId"]);
  return succeed({ variant, product });
}

export function prepareLines(
  shop: ShopState,
  inputs: readonly LineInput[],
  ratePercent: number,
  taxesIncluded: boolean,
): Result<NewLine[]> {
  const lines: NewLine[] = [];
  for (const [index, input] of inputs.entries()) {
    const field = ["lines", String(index)];
    const { quantity } = input;
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > 1_000_000)
      return fail("invalid", "The quantity must be at least one.", [...field, "quantity"]);
    const found = input.variantId === undefined ? null : variantOf(shop, input.variantId);
    if (found && !found.ok) return fail("not-found", found.message, [...field, "variantId"]);
    const { variant = null, product = null } = found?.value ?? {};
    const unitPriceMinor = input.unitPriceMinor ?? variant?.priceMinor;
    if (unitPriceMinor === undefined || !isAmount(unitPriceMinor))
      return fail("invalid", "The price is an amount.", [...field, "unitPriceMinor"]);
    const title = input.title ?? product?.title;
    if (title === undefined) return fail("invalid", "A custom line needs a title.", [...field, "title"]);
    const priceMinor = unitPriceMinor * quantity;
    const discountMinor = input.discountMinor ?? 0;
    if (!isAmount(discountMinor) || discountMinor > priceMinor)
      return fail("exceeds", "The discount exceeds the line.", [...field, "discountMinor"]);
    const isGiftCard = product?.isGiftCard ?? false;
    const shown = priceMinor - discountMinor;
    const taxMinor = input.taxMinor ?? (isGiftCard ? 0 : taxOf(shown, ratePercent, taxesIncluded));
    if (!isAmount(taxMinor) || (taxesIncluded && taxMinor > shown))
      return fail("exceeds", "The tax exceeds the line that includes it.", [...field, "taxMinor"]);
    if (!Number.isSafeInteger(priceMinor + taxMinor)) return fail("invalid", "The line is too dear.", field);
    lines.push({
      productId: product?.id ?? null,
      variantId: variant?.id ?? null,
      title,
      sku: variant?.sku ?? null,
      quantity,
      unitPriceMinor,
      discountMinor,
      isGiftCard,
      sellingPlanName: input.sellingPlanName ?? null,
      amounts: amountsOf(taxesIncluded, priceMinor, discountMinor, taxMinor),
    });
  }
  return succeed(lines);
}

/** Tax on an amount, or inside of it. */
export function taxOf(minor: number, ratePercent: number, inside: boolean): number {
  return Math.round((minor * ratePercent) / (inside ? 100 + ratePercent : 100));
}

export function lineFault(
  order: OrderState,
  lines: readonly { lineId: number; quantity: number }[],
  most: (line: OrderState["lines"][number]) => number,
): Failure | null {
  const seen = new Set<number>();
  for (const [index, { lineId, quantity }] of lines.entries()) {
    const field = ["lines", String(index)];
    const line = order.lines.find(({ id }) => id === lineId);
    if (!line) return fail("not-found", "The line does not exist.", [...field, "lineId"]);
    if (seen.has(lineId)) return fail("invalid", "The line is named twice.", [...field, "lineId"]);
    seen.add(lineId);
    if (!Number.isSafeInteger(quantity) || quantity < 1)
      return fail("invalid", "The quantity must be at least one.", [...field, "quantity"]);
    if (quantity > most(line))
      return fail("exceeds", "The quantity exceeds what is left of the line.", [...field, "quantity"]);
  }
  return null;
}

export function refundFault(order: OrderState, refund: NewRefund): Failure | null {
  const lines =
    refund.returnId === null
      ? lineFault(order, refund.lines, (line) => line.currentQuantity)
      : returnedLines(order, refund, refund.returnId);
  if (lines) return lines;
  const left = (lineType: string) => balanceOf(order, (sale) => sale.lineType === lineType);
  const shipping = left("SHIPPING");
  if (refund.shippingMinor > shipping.totalMinor - shipping.taxMinor)
    return fail("exceeds", "The shipping exceeds what is left of it.", ["shippingMinor"]);
  if ((refund.shippingTaxMinor ?? 0) > shipping.taxMinor)
    return fail("exceeds", "The tax exceeds what is left of it.", ["shippingTaxMinor"]);
  if (refund.tipMinor > left("TIP").totalMinor)
    return fail("exceeds", "The tip exceeds what is left of it.", ["tipMinor"]);
  if (refund.dutyMinor > left("DUTY").totalMinor)
    return fail("exceeds", "The duties exceed what is left of them.", ["dutyMinor"]);
  if (refund.feeMinor > left("ADDITIONAL_FEE").totalMinor)
    return fail("exceeds", "The fees exceed what is left of them.", ["feeMinor"]);
  return moneyFault(order, refund);
}

function moneyFault(order: OrderState, refund: NewRefund): Failure | null {
  const paid = netPaymentMinor(order);
  const { adjustmentMinor } = refund;
  if (!Number.isSafeInteger(adjustmentMinor))
    return fail("invalid", "The adjustment is an amount.", ["adjustmentMinor"]);
  if (adjustmentMinor > paid)
    return fail("exceeds", "More than was paid cannot be given back.", ["adjustmentMinor"]);
  const { shippingMinor, tipMinor, dutyMinor, feeMinor, overpaid } = refund;
  const worth = linesWorth(order, refund) + shippingMinor + tipMinor + dutyMinor + feeMinor;
  if (adjustmentMinor < 0 && worth + adjustmentMinor < 0)
    return fail("exceeds", "More than the lines are worth cannot be kept back.", ["adjustmentMinor"]);
  const named = worth > 0 || adjustmentMinor !== 0 || refund.lines.length > 0;
  if (!named && !(overpaid && paid > currentTotalMinor(order)))
    return fail("invalid", "The refund gives nothing back.");
  return null;
}

/** For the refund of a return: its lines must be the return's, and not paid back before. */
function returnedLines(order: OrderState, refund: NewRefund, ofReturn: number): Failure | null {
  const back = order.agreements.find(({ kind, returnId }) => kind === "RETURN" && returnId === ofReturn);
  if (!back) return fail("not-found", "The return does not exist.", ["returnId"]);
  for (const [index, { lineId, quantity }] of refund.lines.entries()) {
    const taken = back.sales.find((sale) => sale.lineId === lineId);
    const paidBack = order.agreements
      .filter((each) => each.kind === "REFUND" && each.returnId === ofReturn)
      .flatMap((each) => each.refund?.lines ?? [])
      .filter((line) => line.lineId === lineId)
      .reduce((sum, line) => sum + line.quantity, 0);
    if (quantity > -(taken?.quantity ?? 0) - paidBack)
      return fail("exceeds", "The quantity exceeds what the return holds.", ["lines", String(index)]);
  }
  return lineFault(order, refund.lines, (line) => line.refundableQuantity);
}

function linesWorth(order: OrderState, refund: NewRefund): number {
  let worth = 0;
  for (const { lineId, quantity } of refund.lines) {
    const left = balanceOf(order, (sale) => sale.lineId === lineId);
    if (left.quantity > 0) worth += Math.floor((left.totalMinor * quantity) / left.quantity);
  }
  return worth;
}

export function customerFault(shop: ShopState, facts: CustomerFacts, ownId: number | null): Failure | null {
  if (typeof facts.email === "string" && !/^[^@\s]+@[^@\s]+$/.test(facts.email))
    return fail("invalid", "Email is invalid.", ["email"]);
  for (const key of ["email", "phone"] as const) {
    const value = facts[key];
    if (typeof value !== "string") continue;
    for (const other of shop.customers.values())
      if (other.id !== ownId && other[key] === value)
        return fail("taken", `${key === "email" ? "Email" : "Phone"} has already been taken.`, [key]);
  }
  return null;
}

export function checkoutTotal(shop: ShopState, lines: CheckoutLines): Result<number> {
  if (lines.length === 0) return fail("invalid", "A checkout needs at least one line.", ["lines"]);
  const prepared = prepareLines(shop, lines, 0, shop.taxesIncluded);
  if (!prepared.ok) return prepared;
  return succeed(prepared.value.reduce((sum, line) => sum + line.amounts.totalMinor, 0));
}

export function notAmount<Input extends object>(input: Input, keys: readonly (keyof Input & string)[]) {
  for (const key of keys) {
    const value: unknown = input[key];
    if (value !== undefined && !isAmount(value)) return fail("invalid", `${key} is an amount.`, [key]);
  }
  return null;
}

export function isAmount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function given<Facts extends object>(
  facts: Facts,
): { [Key in keyof Facts]: Exclude<Facts[Key], undefined> } {
  const entries = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Facts]: Exclude<Facts[Key], undefined> };
}

export function handleOf(title: string): string {
  return (
    title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "product"
  );
}

export function orderIdsOf(shop: ShopState, customerId: number): number[] {
  return [...shop.orders.values()].filter((order) => order.customerId === customerId).map(({ id }) => id);
}

export function forgetCustomer(shop: ShopState, customerId: number): void {
  shop.customers.delete(customerId);
  shop.metafields.delete(`gid://shopify/Customer/${customerId}`);
  for (const checkout of shop.checkouts.values())
    if (checkout.customerId === customerId) checkout.customerId = null;
  for (const card of shop.giftCards.values()) if (card.customerId === customerId) card.customerId = null;
  for (const [id, account] of shop.storeCreditAccounts)
    if (account.customerId === customerId) shop.storeCreditAccounts.delete(id);
}
