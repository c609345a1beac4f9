/** What an example order would earn under rules that may not be saved yet, and what each part of it adds: by the very code that real orders go through. */
import type { Order, OrderLine } from "../order.ts";
import type { Fraction } from "./fraction.ts";
import { orderTarget } from "./order-target.ts";
import { countedRules, termsOf } from "./order-terms.ts";
import type { EarningRules, Multiplier, PromotionEvent } from "./programme.ts";

export interface ExampleOrder {
  /** At list price. */
  productMinor: number;
  /** At most what the products cost. */
  discountMinor: number;
  taxMinor: number;
  shippingMinor: number;
  isFirstOrder: boolean;
  /** What is bought, where the rules tell products apart. */
  product?: { id: number; collectionIds: readonly number[] };
  /** Where it is bought, and where it goes to; the online store and nowhere where they are not told. */
  channel?: string;
  country?: string | null;
}

export interface EarningPreview {
  points: number;
  parts: readonly PreviewPart[];
  /** Which of the rules and which of the promotions count for the products. */
  multiplier: Multiplier | null;
  event: PromotionEvent | null;
}

export interface PreviewPart {
  of: "products" | "bonus" | "shipping" | "first-order";
  /** On which amount; `null`: on none. */
  minor: number | null;
  /** Before the order is rounded, in hundredths of a point, rounded down. */
  hundredths: number;
}

const LINE = 1;
/** `at`: when it is placed, which promotions go by. */
export function previewEarning(rules: EarningRules, example: ExampleOrder, at: number): EarningPreview {
  const order = orderOf(example, at);
  const { isFirstOrder, product } = example;
  const facts = { isFirstOrder, isExcluded: false, collectionsOf: () => product?.collectionIds ?? [] };
  const target = orderTarget(order, termsOf(order, rules, facts), rules, null);
  const parts: PreviewPart[] = target.lines.map(({ points }) => ({
    of: "products",
    minor: countedMinor(rules, example),
    hundredths: hundredthsOf(points),
  }));
  const [{ bonusPoints } = { bonusPoints: 0 }] = target.lines;
  if (bonusPoints > 0) parts.push({ of: "bonus", minor: null, hundredths: bonusPoints * 100 });
  if (rules.includeShipping) {
    parts.push({ of: "shipping", minor: example.shippingMinor, hundredths: hundredthsOf(target.shipping) });
  }
  if (target.firstOrderPoints > 0) {
    parts.push({ of: "first-order", minor: null, hundredths: target.firstOrderPoints * 100 });
  }
  const counted = countedRules(order, rules, product?.id ?? null, product?.collectionIds ?? []);
  return { points: target.points, parts, ...counted };
}

function countedMinor({ basis, includeTax }: EarningRules, example: ExampleOrder): number {
  const { productMinor, discountMinor, taxMinor } = example;
  return productMinor - (basis === "after-discounts" ? discountMinor : 0) + (includeTax ? taxMinor : 0);
}

function hundredthsOf({ numerator, denominator }: Fraction): number {
  return Number((numerator * 100n) / denominator);
}

function orderOf(example: ExampleOrder, at: number): Order {
  const { productMinor, discountMinor, taxMinor, shippingMinor, channel = "web", country = null } = example;
  const netMinor = productMinor - discountMinor;
  const amounts = { grossMinor: productMinor, discountMinor, netMinor, taxMinor };
  const line: OrderLine = {
    ...{ id: LINE, productId: example.product?.id ?? null, variantId: null, quantity: 1 },
    ...{ listPriceMinor: productMinor, ...amounts },
    ...{ refundedQuantity: 0, refundMinor: 0, unitCostMinor: null, isGiftCard: false },
  };
  return {
    ...{ id: 1, customerId: null, createdAt: at, placedAt: at, updatedAt: at, paidAt: at, day: 0 },
    ...{ ...amounts, shippingMinor, tipMinor: 0, giftCardMinor: 0, feeMinor: 0, refundMinor: 0 },
    ...{ differenceMinor: 0, presentmentCurrency: "XXX", presentmentTotalMinor: netMinor },
    ...{ channel, firstSource: null, shippingCountry: country, discountCodes: [] },
    ...{ financialStatus: "paid", cancelledAt: null, isTest: false, isDraft: false },
    ...{ isSubscription: false, isPos: false, isB2b: false, lines: [line], refunds: [] },
  };
}
