/** Mutations of orders, as far as the state's actions carry them. */
import {
  cancelOrder,
  createOrder,
  deleteOrder,
  payOrder,
  refundOrder,
  type OrderInput,
  type RefundInput,
} from "../../state/actions.ts";
import type { LineInput } from "../../state/checks.ts";
import type { Context } from "../context.ts";
import { notSimulated } from "../errors.ts";
import { gid } from "../ids.ts";
import { parseDecimal } from "../money.ts";
import { fields } from "../model/fields.ts";
import { orderSource, refundSource } from "../model/sources.ts";
import { idOf, onlyKnows, userErrorsOf } from "./results.ts";

interface MoneyBagInput {
  shopMoney: { amount: string; currencyCode: string };
}

function minorOf({ shopMoney }: MoneyBagInput, { shop }: Context): number {
  const minor = parseDecimal(String(shopMoney.amount), shop.currency);
  if (minor === null || shopMoney.currencyCode !== shop.currency)
    throw notSimulated("Money of another currency");
  return minor;
}

interface LineItemInput {
  variantId?: string | null;
  title?: string | null;
  quantity: number;
  priceSet?: MoneyBagInput | null;
}

interface OrderCreateInput {
  lineItems?: LineItemInput[] | null;
  customer?: { toAssociate?: { id?: string | null } | null } | null;
  customerId?: string | null;
  email?: string | null;
  financialStatus?: string | null;
  processedAt?: string | null;
  sourceName?: string | null;
  tags?: string[] | null;
  test?: boolean | null;
  currency?: string | null;
  taxesIncluded?: boolean | null;
}

const ORDER_FIELDS = [
  "lineItems", "customer", "customerId", "email", "financialStatus", "processedAt", "sourceName", "tags", "test", "currency",
  "taxesIncluded",
]; // prettier-ignore

function lineOf(line: LineItemInput, context: Context): LineInput {
  onlyKnows(line, "OrderCreateLineItemInput", ["variantId", "title", "quantity", "priceSet", "taxable"]);
  return {
    quantity: line.quantity,
    ...(line.variantId && { variantId: idOf(line.variantId) }),
    ...(line.title && { title: line.title }),
    ...(line.priceSet && { unitPriceMinor: minorOf(line.priceSet, context) }),
  };
}

const PAYMENTS: Readonly<Record<string, NonNullable<OrderInput["payment"]>>> = {
  AUTHORIZED: "authorized",
  PAID: "paid",
  PENDING: "pending",
};

function orderInput(input: OrderCreateInput, context: Context): OrderInput {
  onlyKnows(input, "OrderCreateOrderInput", ORDER_FIELDS);
  const payment = PAYMENTS[input.financialStatus ?? "PENDING"];
  if (!payment) throw notSimulated(`OrderCreateOrderInput.financialStatus ${input.financialStatus}`);
  const customerId = input.customerId ?? input.customer?.toAssociate?.id;
  return {
    lines: (input.lineItems ?? []).map((line) => lineOf(line, context)),
    payment,
    ...(customerId && { customerId: idOf(customerId) }),
    ...(input.email && { email: input.email }),
    ...(input.processedAt && { processedAt: Date.parse(input.processedAt) }),
    ...(input.sourceName && { sourceName: input.sourceName }),
    ...(input.tags && { tags: input.tags }),
    ...(input.test && { test: true }),
  };
}

interface RefundCreateInput {
  orderId: string;
  note?: string | null;
  refundLineItems?: { lineItemId: string; quantity: number; restockType?: string | null }[] | null;
  shipping?: { amount?: string | null } | null;
}

function refundInput(input: RefundCreateInput, context: Context): RefundInput {
  // The state makes the transactions itself.
  onlyKnows(input, "RefundInput", [
    "orderId", "note", "refundLineItems", "shipping", "notify", "currency", "transactions", "allowOverRefunding",
  ]); // prettier-ignore
  const shippingMinor = input.shipping?.amount
    ? parseDecimal(String(input.shipping.amount), context.shop.currency)
    : null;
  return {
    orderId: idOf(input.orderId),
    lines: (input.refundLineItems ?? []).map(({ lineItemId, quantity, restockType }) => ({
      lineId: idOf(lineItemId),
      quantity,
      restock: restockType === "RETURN" || restockType === "CANCEL",
    })),
    ...(shippingMinor !== null && { shippingMinor }),
    ...(input.note && { note: input.note }),
  };
}

type CancelReason = NonNullable<Parameters<typeof cancelOrder>[2]["reason"]>;

export const orderMutations = fields<unknown>({
  orderCreate: (_source, args, context) => {
    const input = orderInput(args["order"] as OrderCreateInput, context);
    const result = createOrder(context.world, context.shop, input);
    return { order: result.ok ? orderSource(result.value) : null, userErrors: userErrorsOf(result) };
  },
  orderMarkAsPaid: (_source, args, { world, shop }) => {
    const { id } = args["input"] as { id: string };
    const result = payOrder(world, shop, { orderId: idOf(id) });
    return { order: result.ok ? orderSource(result.value) : null, userErrors: userErrorsOf(result, ["id"]) };
  },
  refundCreate: (_source, args, context) => {
    const result = refundOrder(
      context.world,
      context.shop,
      refundInput(args["input"] as RefundCreateInput, context),
    );
    if (!result.ok) return { refund: null, order: null, userErrors: userErrorsOf(result) };
    const { order, refund } = result.value;
    const agreement = order.agreements.find((one) => one.refund === refund);
    if (!agreement) throw new Error(`refund ${refund.id} has no agreement`);
    return { refund: refundSource(order, agreement, refund), order: orderSource(order), userErrors: [] };
  },
  orderCancel: (_source, args, { world, shop }) => {
    const method = args["refundMethod"] as
      { originalPaymentMethodsRefund?: boolean | null; storeCreditRefund?: unknown } | null | undefined;
    const storeCredit = Boolean(method?.storeCreditRefund);
    const result = cancelOrder(world, shop, {
      orderId: idOf(args["orderId"]),
      reason: args["reason"] as CancelReason,
      refund: args["refund"] === true || method?.originalPaymentMethodsRefund === true || storeCredit,
      storeCredit,
    });
    const userErrors = userErrorsOf(result, ["orderId"]);
    return {
      job: result.ok ? { __typename: "Job", id: `gid://shopify/Job/${result.value.id}`, done: true } : null,
      orderCancelUserErrors: userErrors,
      userErrors,
    };
  },
  orderDelete: (_source, args, { world, shop }) => {
    const result = deleteOrder(world, shop, { orderId: idOf(args["orderId"]) });
    return {
      deletedId: result.ok ? gid("Order", result.value) : null,
      userErrors: userErrorsOf(result, ["orderId"]),
    };
  },
});
