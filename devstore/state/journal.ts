/**
 * Writes an order's journal as Shopify does: every sale, edit, return and refund becomes an agreement with sales of its
 * own date, and everything else about the order's money follows from them. The actions and the filling of a shop both
 * write through here; what is asked for has been checked by then, so a contradiction is a bug and throws.
 */
import { shareMinor } from "./money.ts";
import type {
  AgreementState,
  LineState,
  OrderState,
  RefundState,
  SaleState,
  TransactionState,
  World,
} from "./model.ts";
import { currentTotalMinor, netPaymentMinor } from "./totals.ts";
import { newId, wholeSecond } from "./world.ts";

/** Worth of some units or of a charge; see SaleState for the meaning of each. */
export interface Amounts {
  totalMinor: number;
  taxMinor: number;
  discountBeforeTaxMinor: number;
  discountAfterTaxMinor: number;
}

/** A line about to be sold. */
export interface NewLine {
  productId: number | null;
  variantId: number | null;
  title: string;
  sku: string | null;
  quantity: number;
  unitPriceMinor: number;
  discountMinor: number;
  isGiftCard: boolean;
  sellingPlanName: string | null;
  amounts: Amounts;
}

export interface NewOrder extends Omit<
  OrderState,
  | "id"
  | "updatedAt"
  | "closedAt"
  | "cancelledAt"
  | "cancelReason"
  | "edited"
  | "lines"
  | "shippingLine"
  | "agreements"
  | "transactions"
> {
  lines: readonly NewLine[];
  shipping: { title: string; priceMinor: number; discountMinor: number; amounts: Amounts } | null;
  tipMinor: number;
  dutyMinor: number;
  feeMinor: number;
}

/** Amounts of something priced as the shop shows prices: with tax inside where `taxesIncluded`. */
export function amountsOf(
  taxesIncluded: boolean,
  priceMinor: number,
  discountMinor: number,
  taxMinor: number,
): Amounts {
  const shown = priceMinor - discountMinor;
  if (taxesIncluded) {
    const discountTaxMinor = shown > 0 ? Math.round((discountMinor * taxMinor) / shown) : 0;
    return {
      totalMinor: shown,
      taxMinor,
      discountBeforeTaxMinor: discountMinor - discountTaxMinor,
      discountAfterTaxMinor: discountMinor,
    };
  }
  return amountsBeforeTax(shown, discountMinor, taxMinor);
}

/** Amounts from values without tax. */
export function amountsBeforeTax(netMinor: number, discountMinor: number, taxMinor: number): Amounts {
  const discountTaxMinor = netMinor > 0 ? Math.round((discountMinor * taxMinor) / netMinor) : 0;
  return {
    totalMinor: netMinor + taxMinor,
    taxMinor,
    discountBeforeTaxMinor: discountMinor,
    discountAfterTaxMinor: discountMinor + discountTaxMinor,
  };
}

/** The order as placed, with its first agreement; unpaid. */
export function recordOrder(world: World, input: NewOrder): OrderState {
  const { lines, shipping, tipMinor, dutyMinor, feeMinor } = input;
  // Written out: spreading what is left costs a quarter of the time that filling a large shop takes.
  const order: OrderState = {
    id: newId(world, "order"),
    number: input.number,
    customerId: input.customerId,
    email: input.email,
    createdAt: wholeSecond(input.createdAt),
    processedAt: wholeSecond(input.processedAt),
    updatedAt: wholeSecond(input.createdAt),
    test: input.test,
    sourceName: input.sourceName,
    tags: input.tags,
    taxesIncluded: input.taxesIncluded,
    presentmentCurrency: input.presentmentCurrency,
    presentmentRate: input.presentmentRate,
    companyId: input.companyId,
    shippingCountry: input.shippingCountry,
    discountCodes: input.discountCodes,
    firstVisit: input.firstVisit,
    closedAt: null,
    cancelledAt: null,
    cancelReason: null,
    edited: false,
    lines: [],
    shippingLine: null,
    agreements: [],
    transactions: [],
  };
  const sales = lines.map((line) => sellLine(world, order, line));
  if (shipping) {
    const { amounts, ...shown } = shipping;
    order.shippingLine = { id: newId(world, "shippingLine"), ...shown, taxMinor: amounts.taxMinor };
    sales.push(sale(world, "ORDER", "SHIPPING", null, null, amounts));
  }
  for (const [lineType, minor] of [
    ["TIP", tipMinor],
    ["DUTY", dutyMinor],
    ["ADDITIONAL_FEE", feeMinor],
  ] as const) {
    if (minor !== 0) sales.push(sale(world, "ORDER", lineType, null, null, amountsBeforeTax(minor, 0, 0)));
  }
  if (input.discounts) order.discounts = input.discounts;
  addAgreement(world, order, "ORDER", order.processedAt, sales);
  return order;
}

/** Adds lines, and moves the quantities of present ones to new values. */
export function recordEdit(
  world: World,
  order: OrderState,
  at: number,
  edit: { addedLines: readonly NewLine[]; quantities: readonly { lineId: number; quantity: number }[] },
): AgreementState {
  const sales = edit.addedLines.map((line) => sellLine(world, order, line));
  for (const { lineId, quantity } of edit.quantities) {
    const line = lineOf(order, lineId);
    const change = quantity - line.currentQuantity;
    if (change < 0) {
      sales.push(takeBackUnits(world, order, line, -change));
      line.refundableQuantity += change;
      line.currentQuantity = quantity;
    } else if (change > 0) sales.push(sellMoreUnits(world, order, line, change));
  }
  order.edited = true;
  touch(order, at);
  return addAgreement(world, order, "ORDER_EDIT", at, sales);
}

export interface NewReturn {
  lines: readonly { lineId: number; quantity: number }[];
  /** Kept for restocking and return shipping, with tax. */
  feeMinor: number;
}

/** Takes goods back; the money follows with a refund that names this return. */
export function recordReturn(world: World, order: OrderState, at: number, input: NewReturn): AgreementState {
  const sales = input.lines.map(({ lineId, quantity }) => {
    const line = lineOf(order, lineId);
    const taken = takeBackUnits(world, order, line, quantity);
    line.currentQuantity -= quantity;
    return taken;
  });
  if (input.feeMinor > 0)
    sales.push(sale(world, "ORDER", "FEE", null, null, amountsBeforeTax(input.feeMinor, 0, 0)));
  const agreement = addAgreement(world, order, "RETURN", at, sales);
  agreement.returnId = newId(world, "return");
  touch(order, at);
  return agreement;
}

export interface NewRefund {
  lines: readonly { lineId: number; quantity: number; restock: boolean }[];
  /** Without tax; its tax follows in proportion unless told. */
  shippingMinor: number;
  shippingTaxMinor: number | null;
  tipMinor: number;
  dutyMinor: number;
  feeMinor: number;
  /** Given back without naming a line; negative: kept back of what the lines are worth. */
  adjustmentMinor: number;
  adjustmentTaxMinor: number;
  /** The return whose goods are paid back: their sales are reversed already. */
  returnId: number | null;
  storeCredit: boolean;
  /** `true` also gives back what was paid too much, as after an edit or a return. */
  overpaid: boolean;
  note: string | null;
}

/** Reverses sales and gives back the money that is then paid too much. */
export function recordRefund(world: World, order: OrderState, at: number, input: NewRefund): AgreementState {
  const refund: RefundState = {
    id: newId(world, "refund"),
    createdAt: wholeSecond(at),
    note: input.note,
    totalMinor: 0,
    storeCredit: input.storeCredit,
    lines: [],
    shippingMinor: 0,
    shippingTaxMinor: 0,
    adjustmentMinor: input.adjustmentMinor,
    adjustmentTaxMinor: input.adjustmentTaxMinor,
  };
  const before = currentTotalMinor(order);
  const sales: SaleState[] = [];
  for (const { lineId, quantity, restock } of input.lines) {
    const line = lineOf(order, lineId);
    if (input.returnId === null) {
      const taken = takeBackUnits(world, order, line, quantity);
      sales.push(taken);
      line.currentQuantity -= quantity;
      refund.lines.push({
        lineId,
        quantity,
        subtotalMinor: taken.taxMinor - taken.totalMinor,
        taxMinor: 0 - taken.taxMinor,
        restocked: restock,
      });
    } else {
      const worth = returnedWorth(order, input.returnId, lineId, quantity);
      refund.lines.push({ lineId, quantity, ...worth, restocked: restock });
    }
    line.refundableQuantity -= quantity;
  }
  if (input.shippingMinor > 0 || (input.shippingTaxMinor ?? 0) > 0) {
    const taken = takeBackShipping(world, order, input.shippingMinor, input.shippingTaxMinor);
    sales.push(taken);
    refund.shippingMinor = taken.taxMinor - taken.totalMinor;
    refund.shippingTaxMinor = 0 - taken.taxMinor;
  }
  for (const [lineType, minor] of [
    ["TIP", input.tipMinor],
    ["DUTY", input.dutyMinor],
    ["ADDITIONAL_FEE", input.feeMinor],
    ["ADJUSTMENT", input.adjustmentMinor],
  ] as const) {
    const taxMinor = lineType === "ADJUSTMENT" ? input.adjustmentTaxMinor : 0;
    if (minor !== 0 || taxMinor !== 0)
      sales.push(sale(world, "RETURN", lineType, null, null, amountsBeforeTax(-minor, 0, -taxMinor)));
  }
  const agreement = addAgreement(world, order, "REFUND", at, sales);
  agreement.refund = refund;
  agreement.returnId = input.returnId;
  refund.totalMinor = moneyDue(order, before, refund, input.overpaid);
  giveBack(world, order, at, refund);
  touch(order, at);
  return agreement;
}

/** Everything that is left of the order, as a refund. */
export function wholeRefund(order: OrderState, note: string | null): NewRefund {
  const left = (lineType: SaleState["lineType"]) => balanceOf(order, (sale) => sale.lineType === lineType);
  const shipping = left("SHIPPING");
  return {
    lines: order.lines
      .filter((line) => line.currentQuantity > 0)
      .map((line) => ({ lineId: line.id, quantity: line.currentQuantity, restock: true })),
    shippingMinor: shipping.totalMinor - shipping.taxMinor,
    shippingTaxMinor: shipping.taxMinor,
    tipMinor: left("TIP").totalMinor,
    dutyMinor: left("DUTY").totalMinor,
    feeMinor: left("ADDITIONAL_FEE").totalMinor,
    adjustmentMinor: 0,
    adjustmentTaxMinor: 0,
    returnId: null,
    storeCredit: false,
    overpaid: true,
    note,
  };
}

export function recordTransaction(
  world: World,
  order: OrderState,
  at: number,
  input: Omit<TransactionState, "id" | "processedAt">,
): TransactionState {
  const transaction = { id: newId(world, "transaction"), ...input, processedAt: wholeSecond(at) };
  order.transactions.push(transaction);
  touch(order, at);
  return transaction;
}

/** updatedAt never goes back. */
export function touch(thing: { updatedAt: number }, at: number): void {
  thing.updatedAt = Math.max(thing.updatedAt, wholeSecond(at));
}

/** Sum of the sales that fit. */
export function balanceOf(
  order: OrderState,
  fits: (sale: SaleState) => boolean,
): Amounts & { quantity: number } {
  const sum = {
    quantity: 0,
    totalMinor: 0,
    taxMinor: 0,
    discountBeforeTaxMinor: 0,
    discountAfterTaxMinor: 0,
  };
  for (const { sales } of order.agreements) {
    for (const sale of sales) {
      if (!fits(sale)) continue;
      sum.quantity += sale.quantity ?? 0;
      sum.totalMinor += sale.totalMinor;
      sum.taxMinor += sale.taxMinor;
      sum.discountBeforeTaxMinor += sale.discountBeforeTaxMinor;
      sum.discountAfterTaxMinor += sale.discountAfterTaxMinor;
    }
  }
  return sum;
}

function lineOf(order: OrderState, lineId: number): LineState {
  const line = order.lines.find(({ id }) => id === lineId);
  if (!line) throw new Error(`order ${order.id} has no line ${lineId}`);
  return line;
}

function sellLine(world: World, order: OrderState, input: NewLine): SaleState {
  const { amounts, quantity } = input;
  const line: LineState = {
    id: newId(world, "line"),
    productId: input.productId,
    variantId: input.variantId,
    title: input.title,
    sku: input.sku,
    quantity,
    currentQuantity: quantity,
    refundableQuantity: quantity,
    unitPriceMinor: input.unitPriceMinor,
    discountMinor: input.discountMinor,
    taxMinor: amounts.taxMinor,
    isGiftCard: input.isGiftCard,
    sellingPlanName: input.sellingPlanName,
  };
  order.lines.push(line);
  return sale(world, "ORDER", typeOf(line), line.id, quantity, amounts);
}

/** Further units of a line at its price, without its discount, taxed as its first units were. */
function sellMoreUnits(world: World, order: OrderState, line: LineState, count: number): SaleState {
  const sold = balanceOf(order, (sale) => sale.lineId === line.id && sale.actionType === "ORDER");
  const priceMinor = line.unitPriceMinor * count;
  const base = order.taxesIncluded ? sold.totalMinor : sold.totalMinor - sold.taxMinor;
  const taxMinor = base > 0 ? Math.round((priceMinor * sold.taxMinor) / base) : 0;
  line.quantity += count;
  line.currentQuantity += count;
  line.refundableQuantity += count;
  line.taxMinor += taxMinor;
  const amounts = amountsOf(order.taxesIncluded, priceMinor, 0, taxMinor);
  return sale(world, "ORDER", typeOf(line), line.id, count, amounts);
}

/** Reverses units in proportion to what is left of the line, so that the last unit takes the rest. */
function takeBackUnits(world: World, order: OrderState, line: LineState, count: number): SaleState {
  const left = balanceOf(order, (sale) => sale.lineId === line.id);
  if (count <= 0 || count > left.quantity)
    throw new Error(`${count} of ${left.quantity} units of line ${line.id} cannot be taken back`);
  const part = (minor: number) => -shareMinor(minor, count, left.quantity);
  return sale(world, "RETURN", typeOf(line), line.id, -count, {
    totalMinor: part(left.totalMinor),
    taxMinor: part(left.taxMinor),
    discountBeforeTaxMinor: part(left.discountBeforeTaxMinor),
    discountAfterTaxMinor: part(left.discountAfterTaxMinor),
  });
}

function takeBackShipping(world: World, order: OrderState, minor: number, tax: number | null): SaleState {
  const left = balanceOf(order, (sale) => sale.lineType === "SHIPPING");
  const leftNet = left.totalMinor - left.taxMinor;
  const taxMinor = tax ?? shareMinor(left.taxMinor, minor, leftNet);
  return sale(world, "RETURN", "SHIPPING", null, null, {
    totalMinor: -(minor + taxMinor),
    taxMinor: -taxMinor,
    discountBeforeTaxMinor: -shareMinor(left.discountBeforeTaxMinor, minor, leftNet),
    discountAfterTaxMinor: -shareMinor(left.discountAfterTaxMinor, minor, leftNet),
  });
}

function returnedWorth(order: OrderState, returnId: number, lineId: number, quantity: number) {
  const agreement = order.agreements.find((each) => each.kind === "RETURN" && each.returnId === returnId);
  const taken = agreement?.sales.find((sale) => sale.lineId === lineId);
  if (!taken) throw new Error(`return ${returnId} has no line ${lineId}`);
  const of = -(taken.quantity ?? 0);
  const taxMinor = 0 - shareMinor(taken.taxMinor, quantity, of);
  return { subtotalMinor: 0 - shareMinor(taken.totalMinor, quantity, of) - taxMinor, taxMinor };
}

/**
 * Money to give back: of what this refund reversed (or, for `overpaid` and returns, of all that is owed) the part that
 * is now paid too much; an adjustment is always money.
 */
function moneyDue(order: OrderState, totalBefore: number, refund: RefundState, overpaid: boolean): number {
  const paid = netPaymentMinor(order);
  const total = currentTotalMinor(order);
  const adjustment = refund.adjustmentMinor + refund.adjustmentTaxMinor;
  const owed = Math.max(0, paid - Math.max(0, total));
  const most = overpaid ? owed : Math.min(owed, Math.max(0, totalBefore - total));
  return Math.max(most, Math.min(paid, Math.max(0, adjustment)));
}

/** Refund transactions over the payments, latest first; store credit goes to its own gateway. */
function giveBack(world: World, order: OrderState, at: number, refund: RefundState): void {
  let left = refund.totalMinor;
  const payments = order.transactions.filter(isPayment).reverse();
  for (const payment of payments) {
    if (left === 0) break;
    const spent = order.transactions
      .filter(({ kind, parentId }) => kind === "REFUND" && parentId === payment.id)
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const amountMinor = Math.min(left, payment.amountMinor - spent);
    if (amountMinor <= 0) continue;
    left -= amountMinor;
    recordTransaction(world, order, at, {
      kind: "REFUND",
      status: "SUCCESS",
      gateway: refund.storeCredit ? "shopify_store_credit" : payment.gateway,
      amountMinor,
      parentId: payment.id,
      refundId: refund.id,
    });
  }
  if (left !== 0) throw new Error(`refund ${refund.id} gives back ${left} more than was paid`);
}

function isPayment({ kind, status }: TransactionState): boolean {
  return (kind === "SALE" || kind === "CAPTURE") && status === "SUCCESS";
}

function typeOf(line: { isGiftCard: boolean }): "GIFT_CARD" | "PRODUCT" {
  return line.isGiftCard ? "GIFT_CARD" : "PRODUCT";
}

// Adding 0 makes the 0 of a negated nothing an ordinary one.
function sale(
  world: World,
  actionType: SaleState["actionType"],
  lineType: SaleState["lineType"],
  lineId: number | null,
  quantity: number | null,
  amounts: Amounts,
): SaleState {
  return {
    id: newId(world, "sale"),
    actionType,
    lineType,
    lineId,
    quantity,
    totalMinor: amounts.totalMinor + 0,
    taxMinor: amounts.taxMinor + 0,
    discountBeforeTaxMinor: amounts.discountBeforeTaxMinor + 0,
    discountAfterTaxMinor: amounts.discountAfterTaxMinor + 0,
  };
}

function addAgreement(
  world: World,
  order: OrderState,
  kind: AgreementState["kind"],
  at: number,
  sales: SaleState[],
): AgreementState {
  const agreement: AgreementState = {
    id: newId(world, "agreement"),
    kind,
    happenedAt: wholeSecond(at),
    refund: null,
    returnId: null,
    sales,
  };
  order.agreements.push(agreement);
  return agreement;
}
