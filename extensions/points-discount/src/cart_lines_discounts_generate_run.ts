/** What a points discount takes off a cart, from its own metafield and the cart alone. */
import { formatMinor, parseMinor } from "../../../app/core/money.ts";

/** What cart_lines_discounts_generate_run.graphql asks for. */
export interface RunInput {
  cart: { lines: readonly InputLine[] };
  discount: { discountClasses: readonly string[]; metafield?: { jsonValue: unknown } | null };
}

interface InputLine {
  id: string;
  cost: { subtotalAmount: { amount: string; currencyCode: string } };
  merchandise: { __typename: string; product?: { isGiftCard: boolean } };
}

export interface RunResult {
  operations: { orderDiscountsAdd: OrderDiscounts }[];
}

interface OrderDiscounts {
  selectionStrategy: "FIRST";
  candidates: {
    targets: { orderSubtotal: { excludedCartLineIds: string[] } }[];
    value: { fixedAmount: { amount: string } };
    conditions?: { orderMinimumSubtotal: { minimumAmount: string; excludedCartLineIds: string[] } }[];
  }[];
}

interface Terms {
  /** Minor units by currency. */
  amounts: Readonly<Record<string, number>>;
  /** In the shop's currency, as Shopify's own condition takes it. */
  minimum: string | null;
}

const NOTHING: RunResult = { operations: [] };

export function cartLinesDiscountsGenerateRun({ cart, discount }: RunInput): RunResult {
  const terms = termsOf(discount.metafield?.jsonValue);
  const currency = cart.lines[0]?.cost.subtotalAmount.currencyCode;
  if (!terms || currency === undefined || !discount.discountClasses.includes("ORDER")) return NOTHING;
  // An amount that nobody has named is not guessed from a rate.
  const amountMinor = Object.hasOwn(terms.amounts, currency) ? terms.amounts[currency] : undefined;
  if (!Number.isSafeInteger(amountMinor)) return NOTHING;
  const goods = cart.lines.filter((line) => !isGiftCard(line));
  const left = goods.reduce((sum, { cost }) => sum + parseMinor(cost.subtotalAmount.amount, currency), 0);
  const offMinor = Math.min(amountMinor ?? 0, left);
  if (offMinor <= 0) return NOTHING;
  const excludedCartLineIds = cart.lines.filter(isGiftCard).map(({ id }) => id);
  const { minimum } = terms;
  const conditions =
    minimum === null ? [] : [{ orderMinimumSubtotal: { minimumAmount: minimum, excludedCartLineIds } }];
  const candidate = {
    targets: [{ orderSubtotal: { excludedCartLineIds } }],
    value: { fixedAmount: { amount: formatMinor(offMinor, currency) } },
    ...(conditions.length > 0 && { conditions }),
  };
  return { operations: [{ orderDiscountsAdd: { selectionStrategy: "FIRST", candidates: [candidate] } }] };
}

function isGiftCard({ merchandise }: InputLine): boolean {
  return merchandise.product?.isGiftCard === true;
}

/** `null`: there is no metafield, or somebody has written another into its place. */
function termsOf(value: unknown): Terms | null {
  if (!isRecord(value) || !isRecord(value["amounts"])) return null;
  const minimum = value["minimum"] ?? null;
  if (minimum !== null && typeof minimum !== "string") return null;
  return { amounts: value["amounts"] as Terms["amounts"], minimum };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
