/** Store credit: an account for each customer in the shop's currency, credited, debited, and emptied of what expires. */
import { isAmount } from "./checks.ts";
import { emit } from "./events.ts";
import type {
  OrderState,
  RefundState,
  ShopState,
  StoreCreditAccountState,
  StoreCreditTransactionState,
  World,
} from "./model.ts";
import { fail, succeed, type Result } from "./result.ts";
import { newId, now, wholeSecond } from "./world.ts";

/** Whose account: of a customer, made where it is missing, or one that is there. */
export type AccountRef = { customerId: number } | { accountId: number };

export interface StoreCreditChange {
  account: StoreCreditAccountState;
  transaction: StoreCreditTransactionState;
}

export function creditAccount(
  world: World,
  shop: ShopState,
  input: { account: AccountRef; amountMinor: number; expiresAt?: number },
): Result<StoreCreditChange> {
  const at = now(world);
  if (!isAmount(input.amountMinor) || input.amountMinor === 0)
    return fail("exceeds", "A positive amount must be used to credit a store credit account", [
      "amountMinor",
    ]);
  if (input.expiresAt !== undefined && input.expiresAt <= at)
    return fail("wrong-state", "The expiry date must be set in the future", ["expiresAt"]);
  const found = findAccount(shop, input.account);
  if (!found.ok) return found;
  const account = found.value ?? openAccount(world, shop, input.account, at);
  expire(world, account, at);
  const transaction = post(world, account, at, {
    kind: "CREDIT",
    amountMinor: input.amountMinor,
    event: "ADJUSTMENT",
    expiresAt: input.expiresAt === undefined ? null : wholeSecond(input.expiresAt),
  });
  emit(world, shop, at, []);
  return succeed({ account, transaction });
}

/** Takes from the credits that expire soonest. */
export function debitAccount(
  world: World,
  shop: ShopState,
  input: { account: AccountRef; amountMinor: number },
): Result<StoreCreditChange> {
  const at = now(world);
  if (!isAmount(input.amountMinor) || input.amountMinor === 0)
    return fail("invalid", "A positive amount must be used to debit a store credit account", ["amountMinor"]);
  const found = findAccount(shop, input.account);
  if (!found.ok) return found;
  const account = found.value;
  if (!account) return fail("not-found", "The store credit account could not be found", ["id"]);
  expire(world, account, at);
  if (balanceOf(account) < input.amountMinor)
    return fail("exceeds", "The store credit account does not have sufficient funds", ["amountMinor"]);
  let left = input.amountMinor;
  const soonest = account.transactions
    .filter(({ remainingMinor }) => remainingMinor > 0)
    .sort((a, b) => (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity) || a.id - b.id);
  for (const credit of soonest) {
    const part = Math.min(left, credit.remainingMinor);
    credit.remainingMinor -= part;
    left -= part;
  }
  const transaction = post(world, account, at, {
    kind: "DEBIT",
    amountMinor: -input.amountMinor,
    event: "ADJUSTMENT",
  });
  emit(world, shop, at, []);
  return succeed({ account, transaction });
}

/** A refund that is given as store credit goes to the customer's account; a guest's is money of the shop's own keeping. */
export function creditRefund(
  world: World,
  shop: ShopState,
  order: OrderState,
  refund: RefundState | null,
  event: "ORDER_CANCELLATION" | "ORDER_REFUND",
  at: number,
): void {
  if (!refund?.storeCredit || order.customerId === null) return;
  const owner = { customerId: order.customerId };
  for (const { id, amountMinor } of order.transactions.filter(({ refundId }) => refundId === refund.id)) {
    const found = findAccount(shop, owner);
    const account = (found.ok && found.value) || openAccount(world, shop, owner, at);
    expire(world, account, at);
    const origin = { orderId: order.id, transactionId: id };
    post(world, account, at, { kind: "CREDIT", amountMinor, event, origin });
  }
}

/** Oldest first; what has expired by now is gone from them. */
export function accountsOf(world: World, shop: ShopState, customerId: number): StoreCreditAccountState[] {
  const found = [...shop.storeCreditAccounts.values()].filter((each) => each.customerId === customerId);
  for (const account of found) expire(world, account, now(world));
  return found;
}

export function balanceOf({ transactions }: StoreCreditAccountState): number {
  return transactions.at(-1)?.balanceAfterMinor ?? 0;
}

function findAccount(shop: ShopState, ref: AccountRef): Result<StoreCreditAccountState | null> {
  if ("accountId" in ref) {
    const account = shop.storeCreditAccounts.get(ref.accountId);
    return account
      ? succeed(account)
      : fail("not-found", "The store credit account could not be found", ["id", "account"]);
  }
  if (!shop.customers.has(ref.customerId))
    return fail("not-found", "The owner could not be found", ["id", "owner"]);
  for (const account of shop.storeCreditAccounts.values())
    if (account.customerId === ref.customerId && account.currency === shop.currency) return succeed(account);
  return succeed(null);
}

function openAccount(world: World, shop: ShopState, ref: AccountRef, at: number): StoreCreditAccountState {
  if (!("customerId" in ref)) throw new Error("an account that is named is there");
  const account: StoreCreditAccountState = {
    id: newId(world, "storeCreditAccount"),
    customerId: ref.customerId,
    currency: shop.currency,
    createdAt: wholeSecond(at),
    transactions: [],
  };
  shop.storeCreditAccounts.set(account.id, account);
  return account;
}

/** What is left of credits whose time is over goes, each at its own moment. */
function expire(world: World, account: StoreCreditAccountState, at: number): void {
  const due = account.transactions
    .filter(({ expiresAt, remainingMinor }) => remainingMinor > 0 && expiresAt !== null && expiresAt <= at)
    .sort((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0));
  for (const credit of due) {
    const amountMinor = -credit.remainingMinor;
    credit.remainingMinor = 0;
    const creditId = credit.id;
    post(world, account, credit.expiresAt ?? at, {
      kind: "EXPIRATION",
      amountMinor,
      event: "ADJUSTMENT",
      creditId,
    });
  }
}

function post(
  world: World,
  account: StoreCreditAccountState,
  at: number,
  input: Pick<StoreCreditTransactionState, "amountMinor" | "event" | "kind"> &
    Partial<Pick<StoreCreditTransactionState, "creditId" | "expiresAt" | "origin">>,
): StoreCreditTransactionState {
  const transaction: StoreCreditTransactionState = {
    id: newId(world, "storeCreditTransaction"),
    expiresAt: null,
    creditId: null,
    origin: null,
    ...input,
    balanceAfterMinor: balanceOf(account) + input.amountMinor,
    createdAt: wholeSecond(at),
    remainingMinor: input.kind === "CREDIT" ? input.amountMinor : 0,
  };
  account.transactions.push(transaction);
  return transaction;
}
