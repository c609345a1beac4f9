/** What the value page shows: what was learnt of the shop, and what its customers are worth by that. */
import { z } from "zod";
import { valueSource } from "../../core/clv/customer-estimates.ts";
import { modelCard, type ModelCard } from "../../core/clv/model-card.ts";
import type { ValueMonths } from "../../core/clv/shop-model.ts";
import type { ShopValue, ValueGroup } from "../../core/clv/shop-value.ts";
import type { Stated } from "../../core/metrics/coverage.ts";
import type { SimpleValue } from "../../core/metrics/lifetime-value.ts";
import { uniquelyNamed } from "../../core/metrics/named-first-products.ts";
import { productTitles } from "../../db/queries/product-titles.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { loadValueModel, type StoredValueModel } from "../../db/stores/value-models.server.ts";
import type { Database } from "../../db/types.ts";
import { pointsCost } from "../loyalty/load-liability.server.ts";
import { revenueSwitches } from "../metrics/revenue-switches.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { atOnce, type Begin } from "../metrics/when-painted.ts";

/** Of 15% a year unless told, as in the papers. */
export const USUAL_DISCOUNT_PERCENT = 15;
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

export type ValueView = z.infer<typeof parameters>;

export function readValueView(params: URLSearchParams): ValueView {
  return parameters.parse(Object.fromEntries(params));
}

/** `key`: what a first product is called, its id where nobody knows; `null` without any. */
export type ToldValue = Stated<ShopValue>;

interface LoadedValue {
  view: ValueView;
  /** `null`: not fitted yet. */
  card: ModelCard | null;
  value: Promise<ToldValue> | null;
  below: { simple: Promise<Stated<SimpleValue>> };
}

/** Products and sources that the page shows; its files hold all. */
const GROUPS_SHOWN = 20;

/** `begin`: when to begin what the page shows last. */
export async function loadValue(
  db: Database,
  shop: Shop,
  view: ValueView,
  begin: Begin = atOnce,
): Promise<LoadedValue> {
  const stored = await loadValueModel(db, shop.id);
  return {
    view,
    card: stored && modelCard(stored.model),
    value: stored && valueShown(db, shop, view, stored),
    below: { simple: begin(() => simpleValueOf(db, shop)) },
  };
}

async function valueShown(
  db: Database,
  shop: Shop,
  view: ValueView,
  stored: StoredValueModel,
): Promise<ToldValue> {
  const { figures, ...stated } = await valueBy(db, shop, view, stored);
  const { firstProducts, firstSources } = figures;
  const shown = {
    firstProducts: firstProducts.slice(0, GROUPS_SHOWN),
    firstSources: firstSources.slice(0, GROUPS_SHOWN),
  };
  const named = await namedProducts(db, shop.id, shown.firstProducts);
  return { ...stated, figures: { ...figures, ...shown, firstProducts: named } };
}

/** By the model that is stored. */
export async function valueBy(
  db: Database,
  shop: Shop,
  view: ValueView,
  { model, fittedAt }: StoredValueModel,
): Promise<ToldValue> {
  return given(
    shopMetrics(db.url, shop.id, {
      question: "value",
      options: {
        model: valueSource(model),
        modelVersion: fittedAt,
        months: view.months,
        yearlyDiscount: view.discount / 100,
        included: revenueSwitches(shop).included,
        pointsCost: await pointsCost(db, shop),
      },
    }),
  );
}

/** With titles in the place of ids. */
export async function namedProducts(
  db: Database,
  shopId: number,
  groups: readonly ValueGroup[],
): Promise<ValueGroup[]> {
  const known = groups.flatMap(({ key, ...group }) =>
    key === null ? [] : [{ ...group, productId: Number(key) }],
  );
  const titles = await productTitles(
    db,
    shopId,
    known.map(({ productId }) => productId),
  );
  const named = uniquelyNamed(known.map((group) => ({ ...group, name: titles.get(group.productId) })));
  return [
    ...named.map(({ name, ...group }) => ({ ...group, key: name })),
    ...groups.filter(({ key }) => key === null),
  ];
}

export async function simpleValueOf(db: Database, shop: Shop): Promise<Stated<SimpleValue>> {
  const { included } = revenueSwitches(shop);
  const { figures, ...stated } = await given(
    shopMetrics(db.url, shop.id, { question: "lifetimeValue", options: { included } }),
  );
  return { ...stated, figures: figures.simple };
}

async function given<T>(answer: Promise<T | null>): Promise<T> {
  const figures = await answer;
  if (!figures) throw new Error("the shop has gone");
  return figures;
}
