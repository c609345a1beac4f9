/** Mutations of gift cards and store credit. */
import { createGiftCard, deactivateGiftCard } from "../../state/gift-cards.ts";
import type { Failure } from "../../state/result.ts";
import { creditAccount, debitAccount, type AccountRef } from "../../state/store-credit.ts";
import type { Context } from "../context.ts";
import { accessDenied, notSimulated, userError, type UserError } from "../errors.ts";
import { parseGid } from "../ids.ts";
import { parseDecimal } from "../money.ts";
import { fields } from "../model/fields.ts";
import { giftCardSource, storeCreditTransactionSource } from "../model/sources.ts";
import { idOf, onlyKnows } from "./results.ts";

interface MoneyInput {
  amount: string;
  currencyCode: string;
}

interface GiftCardInput {
  code?: string | null;
  customerId?: string | null;
  expiresOn?: string | null;
  initialAmount?: MoneyInput | null;
  note?: string | null;
}

/** 0, which every action refuses, where it is no amount of the shop's currency. */
function minorOf(money: MoneyInput | null | undefined, { shop }: Context): number {
  return (money && parseDecimal(String(money.amount), shop.currency)) ?? 0;
}

function giftCardError({ field, message, reason }: Failure): UserError {
  const [name = ""] = field ?? [];
  const ofCode = {
    taken: "TAKEN",
    exceeds: "TOO_LONG",
    invalid: /short/.test(message) ? "TOO_SHORT" : "INVALID",
  };
  const codes: Readonly<Record<string, string | undefined>> = {
    code: reason === "taken" || reason === "exceeds" || reason === "invalid" ? ofCode[reason] : undefined,
    initialAmount: "GREATER_THAN",
    customerId: "CUSTOMER_NOT_FOUND",
  };
  return userError(["input", name], message, codes[name] ?? "INVALID");
}

/** A customer's account, or the account itself. */
function accountOf(id: unknown): AccountRef {
  const parsed = parseGid(String(id));
  if (parsed?.type === "Customer") return { customerId: parsed.id };
  if (parsed?.type === "StoreCreditAccount") return { accountId: parsed.id };
  throw notSimulated(`Store credit of ${parsed?.type ?? String(id)}`);
}

const refusedTransaction = (error: UserError) => ({
  storeCreditAccountTransaction: null,
  userErrors: [error],
});

/** Another currency than the shop's own, which alone is enabled here. */
function currencyError(
  input: "creditInput" | "debitInput",
  money: MoneyInput,
  account: AccountRef,
  { shop }: Context,
): UserError | null {
  if (money.currencyCode === shop.currency) return null;
  const field = [input, input === "creditInput" ? "creditAmount" : "debitAmount", "currencyCode"];
  return "accountId" in account || input === "debitInput"
    ? userError(field, "The currency does not match that of the account", "MISMATCHING_CURRENCY")
    : userError(field, "The currency is not supported by the shop", "UNSUPPORTED_CURRENCY");
}

function creditError({ field, message, reason }: Failure): UserError {
  if (reason === "not-found")
    return userError(["id"], message, field?.[1] === "owner" ? "OWNER_NOT_FOUND" : "ACCOUNT_NOT_FOUND");
  return reason === "wrong-state"
    ? userError(["creditInput", "expiresAt"], message, "EXPIRES_AT_IN_PAST")
    : userError(["creditInput", "creditAmount"], message, "NEGATIVE_OR_ZERO_AMOUNT");
}

function debitError({ message, reason }: Failure): UserError {
  if (reason === "not-found") return userError(["id"], message, "ACCOUNT_NOT_FOUND");
  const code = reason === "exceeds" ? "INSUFFICIENT_FUNDS" : "NEGATIVE_OR_ZERO_AMOUNT";
  return userError(["debitInput", "debitAmount"], message, code);
}

export const paymentMutations = fields<unknown>({
  giftCardCreate: (_source, args, context) => {
    const input = args["input"] as GiftCardInput;
    onlyKnows(input, "GiftCardCreateInput", ["code", "customerId", "expiresOn", "initialAmount", "note"]);
    if (input.customerId && !context.scopes.has("write_customers"))
      throw accessDenied("giftCardCreate", "`write_customers` access scope.");
    if (input.initialAmount && input.initialAmount.currencyCode !== context.shop.currency)
      throw notSimulated("A gift card in another currency");
    const result = createGiftCard(context.world, context.shop, {
      amountMinor: minorOf(input.initialAmount, context),
      ...(input.code && { code: input.code }),
      ...(input.customerId && { customerId: idOf(input.customerId) }),
      ...(input.expiresOn && { expiresOn: input.expiresOn }),
      ...(input.note && { note: input.note }),
    });
    return result.ok
      ? { giftCard: giftCardSource(result.value), giftCardCode: result.value.code, userErrors: [] }
      : { giftCard: null, giftCardCode: null, userErrors: [giftCardError(result)] };
  },
  giftCardDeactivate: (_source, args, { world, shop }) => {
    const result = deactivateGiftCard(world, shop, { giftCardId: idOf(args["id"]) });
    return {
      giftCard: result.ok ? giftCardSource(result.value) : null,
      userErrors: result.ok ? [] : [userError(["id"], result.message, "GIFT_CARD_NOT_FOUND")],
    };
  },
  storeCreditAccountCredit: (_source, args, context) => {
    const account = accountOf(args["id"]);
    const input = args["creditInput"] as {
      creditAmount: MoneyInput;
      expiresAt?: string | null;
      notify?: boolean;
    };
    const wrong = currencyError("creditInput", input.creditAmount, account, context);
    if (wrong) return refusedTransaction(wrong);
    const result = creditAccount(context.world, context.shop, {
      account,
      amountMinor: minorOf(input.creditAmount, context),
      ...(input.expiresAt && { expiresAt: Date.parse(input.expiresAt) }),
    });
    if (!result.ok) return refusedTransaction(creditError(result));
    const { account: credited, transaction } = result.value;
    return {
      storeCreditAccountTransaction: storeCreditTransactionSource(credited, transaction),
      userErrors: [],
    };
  },
  storeCreditAccountDebit: (_source, args, context) => {
    const account = accountOf(args["id"]);
    const { debitAmount } = args["debitInput"] as { debitAmount: MoneyInput };
    const wrong = currencyError("debitInput", debitAmount, account, context);
    if (wrong) return refusedTransaction(wrong);
    const result = debitAccount(context.world, context.shop, {
      account,
      amountMinor: minorOf(debitAmount, context),
    });
    if (!result.ok) return refusedTransaction(debitError(result));
    const { account: debited, transaction } = result.value;
    return {
      storeCreditAccountTransaction: storeCreditTransactionSource(debited, transaction),
      userErrors: [],
    };
  },
});
