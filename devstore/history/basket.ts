/** Fills a basket from the shelves so that its value is, on average exactly, the value that the purchase law drew. */
import type { HistoryLine, HistoryProduct } from "./model.ts";
import { runningSums, type Random } from "./random.ts";

interface ShelfItem {
  product: HistoryProduct;
  variantKey: string;
  title: string;
  priceMinor: number;
}

export interface Shelves {
  /** By price. */
  items: ShelfItem[];
  giftCards: ShelfItem[];
  /** Running sums of how often shoppers reach for each item. */
  popularity: number[];
}

/** A discount as a share of the price: on every line, or on the first line only. */
export interface Promotion {
  code: string | null;
  share: number;
  onFirstLineOnly: boolean;
}

export const NO_PROMOTION: Promotion = { code: null, share: 0, onFirstLineOnly: false };

export function arrangeShelves(random: Random, products: readonly HistoryProduct[]): Shelves {
  const all = products.flatMap((product) =>
    product.variants.map(({ key, title, priceMinor }) => ({
      product,
      variantKey: key,
      title: title === "Default Title" ? product.title : `${product.title} - ${title}`,
      priceMinor,
    })),
  );
  const items = all
    .filter(({ product }) => !product.isGiftCard)
    .sort((a, b) => a.priceMinor - b.priceMinor || (a.variantKey < b.variantKey ? -1 : 1));
  const appeal = new Map(products.map(({ key }) => [key, random.gamma(0.8, 1) + 0.05]));
  return {
    items,
    giftCards: all.filter(({ product }) => product.isGiftCard),
    popularity: runningSums(items.map(({ product }) => appeal.get(product.key) ?? 1)),
  };
}

function lineOf(item: ShelfItem, quantity: number, discountShare: number, taxRate: number): HistoryLine {
  const grossMinor = item.priceMinor * quantity;
  const discountMinor = Math.round(grossMinor * discountShare);
  return {
    productKey: item.product.key,
    variantKey: item.variantKey,
    title: item.title,
    quantity,
    unitPriceMinor: item.priceMinor,
    discountMinor,
    taxMinor: Math.round((grossMinor - discountMinor) * taxRate),
    sellingPlanName: null,
  };
}

/** Number of items that cost at most this much. */
function countUpTo(items: readonly ShelfItem[], priceMinor: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.priceMinor ?? 0) <= priceMinor) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The item just below or just above a value, at such odds that the expected price is the value. */
function itemWorth(random: Random, shelves: Shelves, valueMinor: number): ShelfItem | null {
  const count = countUpTo(shelves.items, valueMinor);
  const below = shelves.items[count - 1] ?? null;
  const above = shelves.items[count] ?? null;
  if (!above) return below;
  const floor = below?.priceMinor ?? 0;
  return random.chance((valueMinor - floor) / (above.priceMinor - floor)) ? above : below;
}

/** Lines worth about `targetMinor` after discounts and before tax: never none. */
export function fillBasket(
  random: Random,
  shelves: Shelves,
  targetMinor: number,
  promotion: Promotion,
  taxRate: number,
): HistoryLine[] {
  const lines: HistoryLine[] = [];
  let left = targetMinor;
  const add = (item: ShelfItem, quantity: number, share: number) => {
    const line = lineOf(item, quantity, share, taxRate);
    lines.push(line);
    left -= line.unitPriceMinor * quantity - line.discountMinor;
  };
  const browsed = random.chance(0.55) ? random.integer(1, 3) : 0;
  for (let round = 0; round < browsed; round += 1) {
    const item = shelves.items[random.weighted(shelves.popularity)];
    const quantity = random.chance(0.15) ? 2 : 1;
    const share = promotion.onFirstLineOnly && lines.length > 0 ? 0 : promotion.share;
    if (item && item.priceMinor * quantity * (1 - share) <= left) add(item, quantity, share);
  }
  const share = promotion.onFirstLineOnly && lines.length > 0 ? 0 : promotion.share;
  const dearest = shelves.items.at(-1)?.priceMinor ?? 1;
  const quantity = Math.max(1, Math.ceil(left / (1 - share) / dearest));
  const item = itemWorth(random, shelves, left / (1 - share) / quantity);
  if (item) add(item, quantity, share);
  const cheapest = shelves.items[0];
  if (lines.length === 0 && cheapest) add(cheapest, 1, share);
  return lines;
}

export function giftCardLine(random: Random, shelves: Shelves): HistoryLine {
  return lineOf(random.pick(shelves.giftCards), 1, 0, 0);
}

/** One unit of one thing, as a subscriber gets it with every renewal. */
export function subscribedLine(
  line: HistoryLine,
  planName: string,
  share: number,
  taxRate: number,
): HistoryLine {
  const discountMinor = Math.round(line.unitPriceMinor * share);
  const taxMinor = Math.round((line.unitPriceMinor - discountMinor) * taxRate);
  return { ...line, quantity: 1, discountMinor, taxMinor, sellingPlanName: planName };
}
