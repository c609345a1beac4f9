/** The webhook topics that actions emit, each with the maker of its body. */
import {
  checkoutPayload,
  customerPayload,
  deletedPayload,
  discountPayload,
  disputePayload,
  orderPayload,
  productPayload,
  refundPayload,
  transactionPayload,
} from "../webhooks/payloads.ts";
import type { Topic } from "./events.ts";
import type {
  AgreementState,
  CheckoutState,
  CustomerState,
  DiscountState,
  DisputeState,
  OrderState,
  ProductState,
  RefundState,
  ShopState,
  TransactionState,
} from "./model.ts";

export function orderTopic(shop: ShopState, order: OrderState, topic: string): Topic {
  return { topic, resourceId: order.id, payload: () => orderPayload(shop, order) };
}

export function transactionTopic(shop: ShopState, order: OrderState, transaction: TransactionState): Topic {
  return {
    topic: "order_transactions/create",
    resourceId: transaction.id,
    payload: () => transactionPayload(shop, order, transaction),
  };
}

export function refundTopics(shop: ShopState, order: OrderState, agreement: AgreementState): Topic[] {
  const refund = refundOf(agreement);
  return [
    {
      topic: "refunds/create",
      resourceId: refund.id,
      payload: () => refundPayload(shop, order, refund),
    },
    ...order.transactions
      .filter(({ refundId }) => refundId === refund.id)
      .map((transaction) => transactionTopic(shop, order, transaction)),
  ];
}

export function refundOf(agreement: AgreementState): RefundState {
  if (!agreement.refund) throw new Error(`agreement ${agreement.id} has no refund`);
  return agreement.refund;
}

export function customerTopic(shop: ShopState, customer: CustomerState, topic: string): Topic {
  return { topic, resourceId: customer.id, payload: () => customerPayload(shop, customer) };
}

export function productTopic(shop: ShopState, product: ProductState, topic: string): Topic {
  return { topic, resourceId: product.id, payload: () => productPayload(shop, product) };
}

export function checkoutTopic(shop: ShopState, checkout: CheckoutState, topic: string): Topic {
  return { topic, resourceId: checkout.id, payload: () => checkoutPayload(shop, checkout) };
}

export function disputeTopic(shop: ShopState, dispute: DisputeState, topic: string): Topic {
  return { topic, resourceId: dispute.id, payload: () => disputePayload(shop, dispute) };
}

export function discountTopic(discount: DiscountState, status: string, topic: string): Topic {
  return { topic, resourceId: discount.id, payload: () => discountPayload(discount, status) };
}

export function deletedTopic(topic: string, type: string, id: number): Topic {
  return { topic, resourceId: id, payload: () => deletedPayload(type, id) };
}
