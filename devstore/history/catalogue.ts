/** The generated shop's shelves: tea, what it is made and drunk with, and a gift card. */
import type { HistoryProduct } from "./model.ts";
import type { Random } from "./random.ts";

/** Price range in minor units, share of the price that the goods cost, and the forms a product is sold in. */
interface Shelf {
  productType: string;
  things: readonly string[];
  priceMinor: readonly [number, number];
  costShare: number;
  /** Title and price factor of each variant. */
  variants: readonly (readonly [string, number])[];
}

const SHELVES: readonly Shelf[] = [
  { productType: "Black tea", things: ["Assam", "Ceylon", "Keemun", "Breakfast blend"], priceMinor: [900, 1900], costShare: 0.34, variants: [["100 g", 1], ["250 g", 2.2]] },
  { productType: "Green tea", things: ["Sencha", "Gunpowder", "Jasmine pearls", "Genmaicha"], priceMinor: [1000, 2400], costShare: 0.38, variants: [["80 g", 1], ["200 g", 2.3]] },
  { productType: "Herbal tea", things: ["Chamomile", "Rooibos", "Peppermint", "Lemon verbena"], priceMinor: [700, 1300], costShare: 0.29, variants: [["60 g", 1], ["180 g", 2.6]] },
  { productType: "Sampler", things: ["Tasting box", "Travel tin", "Advent box", "Evening set"], priceMinor: [1800, 4900], costShare: 0.42, variants: [["Default Title", 1]] },
  { productType: "Teapot", things: ["Cast iron pot", "Glass pot", "Stoneware pot", "Enamel pot"], priceMinor: [2900, 8900], costShare: 0.47, variants: [["0.6 l", 1], ["1.2 l", 1.4]] },
  { productType: "Cup", things: ["Tall cup", "Low bowl", "Double-wall cup", "Mug"], priceMinor: [900, 2600], costShare: 0.41, variants: [["Sand", 1], ["Moss", 1], ["Ink", 1]] },
  { productType: "Kettle", things: ["Gooseneck kettle", "Whistling kettle", "Travel kettle"], priceMinor: [4900, 18900], costShare: 0.58, variants: [["Default Title", 1]] },
  { productType: "Accessory", things: ["Strainer", "Scoop", "Timer", "Filter papers", "Storage tin"], priceMinor: [390, 1900], costShare: 0.3, variants: [["Default Title", 1]] },
  { productType: "Sweets", things: ["Shortbread", "Candied ginger", "Honey", "Marzipan"], priceMinor: [450, 1400], costShare: 0.45, variants: [["Default Title", 1]] },
  { productType: "Book", things: ["Guide to brewing", "Pocket atlas of tea", "Recipes"], priceMinor: [1500, 3900], costShare: 0.55, variants: [["Default Title", 1]] },
]; // prettier-ignore

const KINDS = ["Classic", "Highland", "Smoked", "Winter", "Organic", "Small batch", "Festival", "Estate"];
const VENDORS = ["Fern & Kettle", "Lowland Ceramics", "Hill Road Traders", "Second Leaf"];

/** Prices end in 0 or 9 cents, as on a shelf. */
function shelfPrice(minor: number): number {
  return Math.max(100, Math.round(minor / 10) * 10 - (minor > 1000 ? 1 : 0));
}

/**
 * `count` products, the last of which is the gift card. About one in eight has no unit cost: merchants rarely fill in all.
 */
export function stockShelves(random: Random, count: number, openedAt: number): HistoryProduct[] {
  const products: HistoryProduct[] = [];
  const used = new Set<string>();
  for (let index = 0; products.length < count - 1; index += 1) {
    const shelf = SHELVES[index % SHELVES.length];
    if (!shelf) throw new Error("no shelf");
    const plain = `${random.pick(KINDS)} ${random.pick(shelf.things)}`;
    const title = used.has(plain) ? `${plain} No. ${index + 1}` : plain;
    used.add(title);
    const [low, high] = shelf.priceMinor;
    const price = low + random.uniform() ** 1.6 * (high - low);
    const costKnown = !random.chance(0.12);
    const costShare = shelf.costShare * (0.85 + 0.3 * random.uniform());
    const key = `product-${products.length + 1}`;
    products.push({
      key,
      title,
      productType: shelf.productType,
      vendor: random.pick(VENDORS),
      isGiftCard: false,
      createdAt: openedAt,
      variants: shelf.variants.map(([name, factor], position) => {
        const priceMinor = shelfPrice(price * factor);
        return {
          key: `${key}-${position + 1}`,
          title: name,
          priceMinor,
          unitCostMinor: costKnown ? Math.round(priceMinor * costShare) : null,
        };
      }),
    });
  }
  products.push(giftCard(count, openedAt));
  return products;
}

function giftCard(position: number, openedAt: number): HistoryProduct {
  const key = `product-${position}`;
  return {
    key,
    title: "Gift card",
    productType: "Gift card",
    vendor: "Fern & Kettle",
    isGiftCard: true,
    createdAt: openedAt,
    variants: [2500, 5000, 10_000].map((priceMinor, index) => ({
      key: `${key}-${index + 1}`,
      title: `$${priceMinor / 100}`,
      priceMinor,
      unitCostMinor: null,
    })),
  };
}
