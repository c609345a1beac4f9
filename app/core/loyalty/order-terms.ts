/**
 * By what an order earns, decided once when it is first seen and stored with it: Shopify knows only today's collections, and a later
 * change of the rules touches nothing that was earned. Lines that an edit adds are decided when they appear, by the same version.
 */
import type { Order, OrderLine } from "../order.ts";
import { fraction } from "./fraction.ts";
import { factorOfTier } from "./tiers.ts";
import {
  namesCollections,
  type EarningRules,
  type Match,
  type Multiplier,
  type PromotionEvent,
} from "./programme.ts";

/** Stored as JSON. */
export interface OrderTerms {
  isFirstOrder: boolean;
  /** The customer had a tag that keeps out (staff, excluded) or must not earn for another such reason. */
  isExcluded: boolean;
  lines: readonly LineTerms[];
  shipping: Rate;
  /** In which the customer was as it was placed; missing or `null`: in none. */
  tierId?: string | null;
  /** Of an order from before the programme: the dry run that gave it its points, and how many they are at most. */
  run?: string;
  mostPoints?: number;
  /** What the dry run gave was taken back: the order is again one that has earned nothing. */
  isUndone?: true;
}

interface LineTerms extends Rate {
  lineId: number;
  /** For each unit. */
  bonusPoints: number;
}

/** Points per minor unit. */
export interface Rate {
  numerator: number;
  denominator: number;
}

/** What is known when an order is first seen. */
export interface TermsFacts {
  isFirstOrder: boolean;
  isExcluded: boolean;
  collectionsOf: (productId: number) => readonly number[];
  tierId?: string | null;
}

type Placed = Pick<Order, "placedAt" | "channel" | "shippingCountry" | "lines">;

export function termsOf(order: Placed, rules: EarningRules, facts: TermsFacts): OrderTerms {
  const { isFirstOrder, isExcluded, collectionsOf, tierId = null } = facts;
  const shipping = rateOf(order, rules, tierId, null, []);
  const terms = { isFirstOrder, isExcluded, lines: [], shipping, ...(rules.tiers && { tierId }) };
  return withNewLines(terms, order, rules, collectionsOf);
}

export function withNewLines(
  terms: OrderTerms,
  order: Placed,
  rules: EarningRules,
  collectionsOf: TermsFacts["collectionsOf"],
): OrderTerms {
  const added = linesWithout(terms, order);
  if (added.length === 0) return terms;
  const lines = added.map(({ id: lineId, productId }): LineTerms => {
    const collectionIds = productId === null ? [] : collectionsOf(productId);
    const bonus = rules.bonusProducts.find((product) => product.productId === productId);
    const rate = rateOf(order, rules, terms.tierId ?? null, productId, collectionIds);
    return { lineId, bonusPoints: rules.isAccruing ? (bonus?.points ?? 0) : 0, ...rate };
  });
  return { ...terms, lines: [...terms.lines, ...lines] };
}

/** Products whose collections have to be known before the order's lines can be bound to the rules. */
export function productsInQuestion(
  terms: OrderTerms | null,
  order: Pick<Order, "lines">,
  rules: EarningRules,
): number[] {
  if (!namesCollections(rules)) return [];
  return linesWithout(terms, order).flatMap(({ productId }) => (productId === null ? [] : [productId]));
}

function linesWithout(terms: OrderTerms | null, { lines }: Pick<Order, "lines">): OrderLine[] {
  const known = new Set(terms?.lines.map(({ lineId }) => lineId));
  return lines.filter(({ id, isGiftCard }) => !isGiftCard && !known.has(id));
}

/** The base, times the largest factor of the rules, times the largest factor of the events, times the tier's. A factor of 0 keeps out whatever else holds. */
function rateOf(
  order: Placed,
  rules: EarningRules,
  tierId: string | null,
  productId: number | null,
  collectionIds: readonly number[],
): Rate {
  const { base, isAccruing } = rules;
  const { multiplier, event } = countedRules(order, rules, productId, collectionIds);
  const ofTier = factorOfTier(rules.tiers, tierId);
  const percents = [multiplier?.factorPercent, event?.factorPercent, ofTier].map((each) =>
    BigInt(each ?? 100),
  );
  const factor = isAccruing ? percents.reduce((product, percent) => product * percent, 1n) : 0n;
  const { numerator, denominator } = fraction(
    BigInt(base.points) * factor,
    BigInt(base.perMinor) * 1_000_000n,
  );
  return { numerator: Number(numerator), denominator: Number(denominator) };
}

/** Which of the rules and which of the promotions count for a product of an order. */
export function countedRules(
  order: Omit<Placed, "lines">,
  { multipliers, events }: Pick<EarningRules, "multipliers" | "events">,
  productId: number | null,
  collectionIds: readonly number[],
): { multiplier: Multiplier | null; event: PromotionEvent | null } {
  const holds = ({ match }: { match: Match }) => matches(match, order, productId, collectionIds);
  const running = events.filter(
    ({ startsAt, endsAt }) => startsAt <= order.placedAt && order.placedAt < endsAt,
  );
  return { multiplier: strongest(multipliers.filter(holds)), event: strongest(running.filter(holds)) };
}

function strongest<Rule extends { factorPercent: number }>(rules: readonly Rule[]): Rule | null {
  const largest = rules.toSorted((a, b) => b.factorPercent - a.factorPercent)[0] ?? null;
  return rules.find(({ factorPercent }) => factorPercent === 0) ?? largest;
}

function matches(
  { productIds, collectionIds, channels, countries }: Match,
  { channel, shippingCountry }: Omit<Placed, "lines">,
  productId: number | null,
  itsCollections: readonly number[],
): boolean {
  return (
    (productIds === undefined || (productId !== null && productIds.includes(productId))) &&
    (collectionIds === undefined || itsCollections.some((id) => collectionIds.includes(id))) &&
    (channels === undefined || channels.includes(channel)) &&
    (countries === undefined || (shippingCountry !== null && countries.includes(shippingCountry)))
  );
}
