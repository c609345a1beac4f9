/** What the value page shows: what was learnt of the shop, and what its customers are worth by that. */
import { z } from "zod";
import { modelCard, type ModelCard } from "../../core/clv/model-card.ts";
import type { ValueMonths } from "../../core/clv/shop-model.ts";
import type { ShopValue } from "../../core/clv/shop-value.ts";
import type { Stated } from "../../core/metrics/coverage.ts";
import type { SimpleValue } from "../../core/metrics/lifetime-value.ts";
import { productTitles } from "../../db/queries/product-titles.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { loadValueModel } from "../../db/stores/value-models.server.ts";
import type { Database } from "../../db/types.ts";
import { revenueSwitches } from "../metrics/revenue-switches.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";

/** Of 15% a year unless told, as in the papers. */
const USUAL_DISCOUNT_PERCENT = 15;
const MOST_DISCOUNT_PERCENT = 100;

const parameters = z.object({
  months: z
    .enum(["12", "24"])
    .catch("12")
    .transform((months): ValueMonths => (months === "24" ? 24 : 12)),
  discount: z.coerce.number().int().min(0).max(MOST_DISCOUNT_PERCENT).catch(USUAL_DISCOUNT_PERCENT),
  years: z
    .enum(["1", "2", "3"])
    .catch("2")
    .transform((years) => Number(years)),
});

type ValueView = z.infer<typeof parameters>;

export function readValueView(request: Request): ValueView {
  return parameters.parse(Object.fromEntries(new URL(request.url).searchParams));
}

interface NamedGroup {
  /** A product's title, its id where that is unknown. */
  name: string;
  customers: number;
  broughtMinor: number;
  expectedMinor: number;
}

type ToldValue = Stated<Omit<ShopValue, "firstProducts"> & { firstProducts: NamedGroup[] }>;

interface LoadedValue {
  view: ValueView;
  /** `null`: not fitted yet. */
  card: ModelCard | null;
  value: Promise<ToldValue> | null;
  simple: Promise<Stated<SimpleValue>>;
}

export async function loadValue(db: Database, shop: Shop, view: ValueView): Promise<LoadedValue> {
  const stored = await loadValueModel(db, shop.id);
  const { included } = revenueSwitches(shop);
  async function told(): Promise<ToldValue> {
    if (!stored) throw new Error("asked for a model that is not there");
    const { figures, ...stated } = await given(
      shopMetrics(db.url, shop.id, {
        question: "value",
        options: {
          model: stored.model,
          modelVersion: stored.fittedAt,
          months: view.months,
          yearlyDiscount: view.discount / 100,
          included,
        },
      }),
    );
    const ids = figures.firstProducts.map(({ key }) => Number(key));
    const titles = await productTitles(db, shop.id, ids);
    const firstProducts = figures.firstProducts.map(({ key, ...group }) => ({
      ...group,
      name: titles.get(Number(key)) ?? key,
    }));
    return { ...stated, figures: { ...figures, firstProducts } };
  }
  return {
    view,
    card: stored && modelCard(stored.model),
    value: stored && told(),
    simple: given(shopMetrics(db.url, shop.id, { question: "lifetimeValue", options: { included } })).then(
      ({ figures, ...stated }) => ({ ...stated, figures: figures.simple }),
    ),
  };
}

async function given<T>(answer: Promise<T | null>): Promise<T> {
  const figures = await answer;
  if (!figures) throw new Error("the shop has gone");
  return figures;
}
