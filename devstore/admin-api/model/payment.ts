/** What is paid with or fought over: gift cards, store credit, disputes. */
import { isExpired } from "../../state/gift-cards.ts";
import type { StoreCreditAccountState } from "../../state/model.ts";
import { balanceOf } from "../../state/store-credit.ts";
import { listConnection } from "../connection.ts";
import type { Arguments, Context } from "../context.ts";
import { notSimulated } from "../errors.ts";
import { gid } from "../ids.ts";
import { compileSearch, numberFilter, textFilter, timeFilter } from "../search.ts";
import { dateTime } from "../time.ts";
import { fields, type Fields } from "./fields.ts";
import {
  customerSource,
  orderSource,
  storeCreditSource,
  storeCreditTransactionSource,
  transactionSource,
  type DisputeSource,
  type GiftCardSource,
  type StoreCreditSource,
  type StoreCreditTransactionSource,
} from "./sources.ts";

const timeOrNull = (at: number | null) => (at === null ? null : dateTime(at));

/** Accounts of one customer, as `Customer.storeCreditAccounts` searches them. */
export function storeCreditConnection(
  accounts: readonly StoreCreditAccountState[],
  args: Arguments,
  context: Context,
) {
  const matches = compileSearch<StoreCreditAccountState>(
    args["query"] as string | null | undefined,
    "storeCreditAccounts",
    { id: numberFilter(({ id }) => id), currency_code: textFilter(({ currency }) => currency) },
    context.shop.timeZone,
  );
  return listConnection(accounts.filter(matches).map(storeCreditSource), args);
}

function transactionConnection({ account }: StoreCreditSource, args: Arguments, context: Context) {
  const sortKey = (args["sortKey"] as string | null | undefined) ?? "CREATED_AT";
  if (sortKey !== "CREATED_AT") throw notSimulated(`Sort key StoreCreditAccount.transactions.${sortKey}`);
  const matches = compileSearch<StoreCreditAccountState["transactions"][number]>(
    args["query"] as string | null | undefined,
    "StoreCreditAccount.transactions",
    {
      id: numberFilter(({ id }) => id),
      type: textFilter(({ kind }) => kind),
      expires_at: timeFilter(({ expiresAt }) => expiresAt),
    },
    context.shop.timeZone,
  );
  return listConnection(
    account.transactions.filter(matches).map((one) => storeCreditTransactionSource(account, one)),
    args,
  );
}

const transaction = fields<StoreCreditTransactionSource>({
  account: ({ account }) => storeCreditSource(account),
  amount: ({ account, transaction }) => ({ minor: transaction.amountMinor, currency: account.currency }),
  balanceAfterTransaction: ({ account, transaction }) => ({
    minor: transaction.balanceAfterMinor,
    currency: account.currency,
  }),
  createdAt: ({ transaction }) => dateTime(transaction.createdAt),
  event: ({ transaction }) => transaction.event,
  origin: ({ transaction: { origin } }, _args, { shop }) => {
    const order = origin ? shop.orders.get(origin.orderId) : undefined;
    const payment = order?.transactions.find(({ id }) => id === origin?.transactionId);
    return order && payment ? transactionSource(order, payment) : null;
  },
});

export const paymentTypes: Readonly<Record<string, Fields>> = {
  GiftCard: fields<GiftCardSource>({
    id: ({ card }) => gid("GiftCard", card.id),
    balance: ({ card }, _args, { shop }) => ({ minor: card.balanceMinor, currency: shop.currency }),
    initialValue: ({ card }, _args, { shop }) => ({ minor: card.initialMinor, currency: shop.currency }),
    createdAt: ({ card }) => dateTime(card.createdAt),
    updatedAt: ({ card }) => dateTime(card.updatedAt),
    deactivatedAt: ({ card }) => timeOrNull(card.deactivatedAt),
    enabled: ({ card }) => card.deactivatedAt === null,
    expiresOn: ({ card }) => card.expiresOn,
    isRedeemable: ({ card }, _args, { shop, now }) =>
      card.deactivatedAt === null && card.balanceMinor > 0 && !isExpired(card, now, shop.timeZone),
    lastCharacters: ({ card }) => card.code.slice(-4),
    maskedCode: ({ card }) => `•••• •••• •••• ${card.code.slice(-4)}`,
    note: ({ card }) => card.note,
    customer: ({ card }, _args, { shop }) => {
      const customer = card.customerId === null ? undefined : shop.customers.get(card.customerId);
      return customer ? customerSource(customer) : null;
    },
    // None of those here were bought.
    order: () => null,
    lineItem: () => null,
    recipientAttributes: () => null,
    templateSuffix: () => null,
  }),
  StoreCreditAccount: fields<StoreCreditSource>({
    id: ({ account }) => gid("StoreCreditAccount", account.id),
    balance: ({ account }) => ({ minor: balanceOf(account), currency: account.currency }),
    owner: ({ account }, _args, { shop }) => {
      const owner = shop.customers.get(account.customerId);
      return owner ? customerSource(owner) : null;
    },
    transactions: transactionConnection,
  }),
  StoreCreditAccountCreditTransaction: fields<StoreCreditTransactionSource>({
    ...transaction,
    id: ({ transaction }) => gid("StoreCreditAccountCreditTransaction", transaction.id),
    expiresAt: ({ transaction }) => timeOrNull(transaction.expiresAt),
    remainingAmount: ({ account, transaction }) => ({
      minor: transaction.remainingMinor,
      currency: account.currency,
    }),
  }),
  StoreCreditAccountDebitTransaction: fields<StoreCreditTransactionSource>({
    ...transaction,
    id: ({ transaction }) => gid("StoreCreditAccountDebitTransaction", transaction.id),
  }),
  StoreCreditAccountExpirationTransaction: fields<StoreCreditTransactionSource>({
    ...transaction,
    creditTransaction: ({ account, transaction }) => {
      const credit = account.transactions.find(({ id }) => id === transaction.creditId);
      if (!credit) throw new Error(`transaction ${transaction.id} names no credit`);
      return storeCreditTransactionSource(account, credit);
    },
  }),
  ShopifyPaymentsDispute: fields<DisputeSource>({
    id: ({ dispute }) => gid("ShopifyPaymentsDispute", dispute.id),
    legacyResourceId: ({ dispute }) => String(dispute.id),
    amount: ({ dispute }, _args, { shop }) => ({ minor: dispute.amountMinor, currency: shop.currency }),
    initiatedAt: ({ dispute }) => dateTime(dispute.createdAt),
    finalizedOn: ({ dispute }) => timeOrNull(dispute.finalizedAt),
    evidenceDueBy: () => null,
    evidenceSentOn: () => null,
    status: ({ dispute }) => dispute.status,
    type: ({ dispute }) => dispute.type,
    reasonDetails: ({ dispute }) => ({ reason: dispute.reason.toUpperCase(), networkReasonCode: null }),
    order: ({ dispute }, _args, { shop, ordersFrom }) => {
      const order = shop.orders.get(dispute.orderId);
      return order && order.createdAt >= ordersFrom ? orderSource(order) : null;
    },
  }),
};
