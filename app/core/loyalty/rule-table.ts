/**
 * The earning rules as the storefront computes by them: one small table that Liquid and this file's evaluator read alike, so that what a
 * shopper is promised is what core will post. Liquid knows whole numbers and texts, so ids stand in texts such as `,12,34,` and amounts
 * are hundredths of the currency's unit, as Liquid's prices are for every currency.
 */
import { currencyDecimals, splitMinor } from "../money.ts";
import { fraction, rounded, type Rounding } from "./fraction.ts";
import type { EarningRules, Match, PromotionEvent } from "./programme.ts";

/** Published as JSON. Points for one hundredth are `points` times two factors in percent, of a rule and of an event, over `per`; of three where there are tiers. */
export interface RuleTable {
  v: 1;
  currency: string;
  /** Points for so many hundredths, for the sentence that says by what is earned. */
  rate: { points: number; amount: number };
  points: number;
  per: number;
  basis: EarningRules["basis"];
  tax: boolean;
  shipping: boolean;
  rounding: Rounding;
  /** A minor unit of the currency is `times` over `over` hundredths. */
  hundredths: { times: number; over: number };
  multipliers: readonly TableRule[];
  events: readonly TableEvent[];
  /** Points for each unit, by the product's id. */
  bonus: Readonly<Record<string, number>>;
  first: number;
  /** Factors in percent by tier, where one differs from 100: then `per` counts a third factor. */
  tiers?: Readonly<Record<string, number>>;
}

/** Of `products`, `collections` and `countries` every text that is there has to hold what it is asked for. */
interface TableRule {
  factor: number;
  products?: string;
  collections?: string;
  countries?: string;
}

/** From the first second to the first one after it. */
interface TableEvent extends TableRule {
  name: string;
  from: number;
  until: number;
}

export type CompiledRules =
  { ok: true; table: RuleTable } | { ok: false; reason: "too-large"; bytes: number; mostBytes: number };

/** What a JSON metafield takes, with some room for Shopify's own way of writing it. */
export const MOST_TABLE_BYTES = 64_000;

/** The sales channel of whatever is bought on the storefront; rules for others never count there. */
const STOREFRONT_CHANNEL = "web";

/** `now`: events that are over by then are left out. */
export function compileRuleTable(rules: EarningRules, currency: string, now: number): CompiledRules {
  const perUnit = 10 ** currencyDecimals(currency);
  const { numerator, denominator } = fraction(
    BigInt(rules.base.points) * BigInt(perUnit),
    BigInt(rules.base.perMinor) * 100n,
  );
  const minor = fraction(100, perUnit);
  const tiers = tierFactors(rules);
  const perFactors = tiers ? 1_000_000 : 10_000;
  const table: RuleTable = {
    ...{ v: 1, currency, rate: rateSentence(rules.base, perUnit) },
    ...{ points: rules.isAccruing ? Number(numerator) : 0, per: Number(denominator) * perFactors },
    ...{
      basis: rules.basis,
      tax: rules.includeTax,
      shipping: rules.includeShipping,
      rounding: rules.rounding,
    },
    hundredths: { times: Number(minor.numerator), over: Number(minor.denominator) },
    multipliers: rules.multipliers
      .filter(countsOnStorefront)
      .map(({ match, factorPercent }) => ({ factor: factorPercent, ...texts(match) })),
    events: rules.events.filter((event) => countsOnStorefront(event) && event.endsAt > now).map(tableEvent),
    bonus: rules.isAccruing
      ? Object.fromEntries(
          rules.bonusProducts.toReversed().map(({ productId, points }) => [productId, points]),
        )
      : {},
    first: rules.isAccruing ? rules.firstOrderPoints : 0,
    ...(tiers && { tiers }),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(table)).length;
  if (bytes > MOST_TABLE_BYTES) return { ok: false, reason: "too-large", bytes, mostBytes: MOST_TABLE_BYTES };
  return { ok: true, table };
}

function tierFactors({ tiers }: EarningRules): Record<string, number> | null {
  const differing = tiers?.ladder.filter(({ factorPercent }) => factorPercent !== 100) ?? [];
  if (differing.length === 0) return null;
  return Object.fromEntries(differing.map(({ id, factorPercent }) => [id, factorPercent]));
}

function rateSentence({ points, perMinor }: EarningRules["base"], perUnit: number): RuleTable["rate"] {
  const amount = fraction(BigInt(perMinor) * 100n, perUnit);
  return { points: points * Number(amount.denominator), amount: Number(amount.numerator) };
}

function countsOnStorefront({ match: { channels } }: { match: Match }): boolean {
  return channels === undefined || channels.includes(STOREFRONT_CHANNEL);
}

function tableEvent({ name, startsAt, endsAt, factorPercent, match }: PromotionEvent): TableEvent {
  const [from, until] = [Math.ceil(startsAt / 1000), Math.ceil(endsAt / 1000)];
  return { name, from, until, factor: factorPercent, ...texts(match) };
}

function texts({ productIds, collectionIds, countries }: Match): Omit<TableRule, "factor"> {
  return {
    ...(productIds && { products: asText(productIds) }),
    ...(collectionIds && { collections: asText(collectionIds) }),
    ...(countries && { countries: asText(countries) }),
  };
}

function asText(values: readonly (number | string)[]): string {
  return `,${values.join(",")},`;
}

/** A cart as Liquid shows it, in the shop's own currency. */
export interface StorefrontCart {
  lines: readonly CartLine[];
  /** Hundredths off the cart as a whole. */
  discount: number;
  taxesIncluded: boolean;
  /** Where the shopper is, as far as the storefront knows. */
  country: string;
  /** Epoch seconds. */
  at: number;
  isFirstOrder: boolean;
  /** Of the shopper; missing or `null`: none. */
  tierId?: string | null;
}

interface CartLine {
  productId: number;
  collectionIds: readonly number[];
  quantity: number;
  /** Hundredths for all units, before and after the line's own discounts. */
  original: number;
  final: number;
  isGiftCard: boolean;
}

/** Tax and shipping are known at checkout only: what they add or take makes the cart's points a bound, or an estimate. */
type Certainty = "exact" | "at-least" | "up-to" | "about";

export interface CartPoints {
  points: number;
  certainty: Certainty;
}

/** What snippets/points-for-cart.liquid computes, step by step. */
export function pointsForCart(table: RuleTable, cart: StorefrontCart): CartPoints {
  const lines = cart.lines.filter(({ isGiftCard }) => !isGiftCard);
  if (lines.length === 0 || table.points === 0) return { points: 0, certainty: "exact" };
  const factors = lines.map((line) => factorOf(table, line, cart));
  const total = lines.reduce((sum, { final }) => sum + final, 0);
  const taken = Math.min(cart.discount, total);
  const { times } = table.hundredths;
  // A part is whole in the currency's own unit.
  const spread = splitMinor(
    Math.floor(taken / times),
    lines.map(({ final }) => final),
  ).map((part) => part * times);
  let sum = 0n;
  let bonus = cart.isFirstOrder ? table.first : 0;
  for (const [index, line] of lines.entries()) {
    const value =
      table.basis === "before-discounts" ? line.original : Math.max(0, line.final - (spread[index] ?? 0));
    sum += BigInt(value) * BigInt(table.points) * BigInt(factors[index] ?? 0);
    bonus += (table.bonus[line.productId] ?? 0) * line.quantity;
  }
  const points = rounded(fraction(sum, table.per), table.rounding) + bonus;
  return { points, certainty: certaintyOf(table, cart, lines, new Set(factors).size > 1) };
}

/** In percent of percent: 10,000 where nothing counts; in percent of that where there are tiers. */
function factorOf(
  { multipliers, events, tiers }: RuleTable,
  line: Pick<CartLine, "productId" | "collectionIds">,
  { country, at, tierId }: Pick<StorefrontCart, "country" | "at" | "tierId">,
): number {
  const holds = ({ products, collections, countries }: TableRule) =>
    (products === undefined || products.includes(`,${line.productId},`)) &&
    (collections === undefined || line.collectionIds.some((id) => collections.includes(`,${id},`))) &&
    (countries === undefined || countries.includes(`,${country},`));
  const running = events.filter(({ from, until }) => from <= at && at < until);
  const ofTier = tiers ? (tiers[tierId ?? ""] ?? 100) : 1;
  return strongest(multipliers.filter(holds)) * strongest(running.filter(holds)) * ofTier;
}

function strongest(rules: readonly TableRule[]): number {
  const factors = rules.map(({ factor }) => factor);
  if (factors.length === 0) return 100;
  return factors.includes(0) ? 0 : Math.max(...factors);
}

function certaintyOf(
  table: RuleTable,
  cart: StorefrontCart,
  lines: readonly CartLine[],
  areRatesMixed: boolean,
): Certainty {
  const isDiscounted = cart.discount > 0 || lines.some(({ original, final }) => original !== final);
  // Shopify spreads a cart's discount over its lines by itself.
  if (areRatesMixed && cart.discount > 0 && table.basis === "after-discounts") return "about";
  // Tax is of what is paid, and the amount before discounts holds it of what was asked.
  if (isDiscounted && cart.taxesIncluded && table.tax && table.basis === "before-discounts") return "about";
  const isMore = table.shipping || (table.tax && !cart.taxesIncluded);
  const isLess = !table.tax && cart.taxesIncluded;
  if (isMore && isLess) return "about";
  if (isMore) return "at-least";
  return isLess ? "up-to" : "exact";
}
