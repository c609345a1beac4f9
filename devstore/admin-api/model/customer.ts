/** The Customer type and what hangs on it. */
import type { AddressState, CustomerState, OrderState } from "../../state/model.ts";
import { collectionConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { gid } from "../ids.ts";
import { dateTime } from "../time.ts";
import { orderCollection } from "./collections.ts";
import { fields, type Fields } from "./fields.ts";
import { metafieldFields } from "./metafield.ts";
import { storeCreditConnection } from "./payment.ts";
import { accountsOf } from "../../state/store-credit.ts";
import { currentTotalMinor } from "../../state/totals.ts";
import { orderSource, type CustomerSource } from "./sources.ts";

function ordersOf(customer: CustomerState, context: Context): readonly OrderState[] {
  return context.ordersByCustomer().get(customer.id) ?? [];
}

function displayName({ firstName, lastName, email }: CustomerState): string {
  return [firstName, lastName].filter(Boolean).join(" ") || (email ?? "");
}

/** Paid orders' current totals, as Shopify's amountSpent. */
function amountSpent(orders: readonly OrderState[]): number {
  let sum = 0;
  for (const order of orders) {
    if (order.test || order.cancelledAt !== null) continue;
    sum += currentTotalMinor(order);
  }
  return sum;
}

function addressOf({ id, countryCode }: CustomerState) {
  return countryCode === null ? null : { __typename: "MailingAddress", id, countryCode };
}

/** What the types around customers answer. */
export const customerTypes: Readonly<Record<string, Fields>> = {
  Customer: fields<CustomerSource>({
    ...metafieldFields((source: CustomerSource) => gid("Customer", source.customer.id)),
    id: ({ customer }) => gid("Customer", customer.id),
    legacyResourceId: ({ customer }) => String(customer.id),
    createdAt: ({ customer }) => dateTime(customer.createdAt),
    updatedAt: ({ customer }) => dateTime(customer.updatedAt),
    firstName: ({ customer }) => customer.firstName,
    lastName: ({ customer }) => customer.lastName,
    displayName: ({ customer }) => displayName(customer),
    defaultEmailAddress: ({ customer }) =>
      customer.email === null ? null : { __typename: "CustomerEmailAddress", customer },
    defaultPhoneNumber: ({ customer }) =>
      customer.phone === null ? null : { __typename: "CustomerPhoneNumber", customer },
    state: ({ customer }) => customer.state,
    tags: ({ customer }) => customer.tags,
    locale: ({ customer }) => customer.locale,
    note: () => null,
    taxExempt: () => false,
    verifiedEmail: ({ customer }) => customer.email !== null,
    dataSaleOptOut: () => false,
    multipassIdentifier: () => null,
    defaultAddress: ({ customer }) => addressOf(customer),
    canDelete: ({ customer }, _args, context) => ordersOf(customer, context).length === 0,
    numberOfOrders: ({ customer }, _args, context) => String(ordersOf(customer, context).length),
    amountSpent: ({ customer }, _args, context) => ({
      minor: amountSpent(ordersOf(customer, context)),
      currency: context.shop.currency,
    }),
    lastOrder: ({ customer }, _args, context) => {
      const last = ordersOf(customer, context).reduce<OrderState | null>(
        (latest, order) => (latest === null || order.createdAt >= latest.createdAt ? order : latest),
        null,
      );
      return last && orderSource(last);
    },
    storeCreditAccounts: ({ customer }, args, context) =>
      storeCreditConnection(accountsOf(context.world, context.shop, customer.id), args, context),
    orders: ({ customer }, args, context) =>
      collectionConnection(orderCollection(args, context, ordersOf(customer, context)), args),
  }),
  CustomerEmailAddress: fields<CustomerSource>({
    emailAddress: ({ customer }) => customer.email,
    marketingState: ({ customer }) => (customer.acceptsMarketing ? "SUBSCRIBED" : "NOT_SUBSCRIBED"),
    marketingOptInLevel: ({ customer }) => (customer.acceptsMarketing ? "SINGLE_OPT_IN" : null),
    marketingUpdatedAt: () => null,
    validFormat: () => true,
  }),
  CustomerPhoneNumber: fields<CustomerSource>({
    phoneNumber: ({ customer }) => customer.phone,
  }),
  MailingAddress: fields<{ id: number; countryCode: string } & Partial<AddressState>>({
    id: ({ id }) => gid("MailingAddress", id),
    address1: ({ address1 }) => address1 ?? null,
    address2: ({ address2 }) => address2 ?? null,
    city: ({ city }) => city ?? null,
    zip: ({ zip }) => zip ?? null,
    countryCodeV2: ({ countryCode }) => countryCode,
    country: ({ countryCode }) =>
      new Intl.DisplayNames("en", { type: "region" }).of(countryCode) ?? countryCode,
  }),
};
