/** What the page of recommendations shows: one customer's lists with their reasons, what they bring, whom they reach, and the merchant's switches. */
import { z } from "zod";
import { shopCalendar } from "../../core/calendar.ts";
import { isHeldOut } from "../../core/experiments/assignment.ts";
import type { HeldOutEffect } from "../../core/experiments/held-out-effect.ts";
import type { CustomerLists } from "../../core/recommendations/customer-lists.ts";
import type { ListCoverage } from "../../core/recommendations/list-coverage.ts";
import { USUAL_HELD_OUT_BASIS_POINTS, USUAL_SWITCHES } from "../../core/recommendations/switches.ts";
import { lastActions } from "../../db/queries/last-actions.server.ts";
import { productTitles } from "../../db/queries/product-titles.server.ts";
import {
  loadRecommendationSettings,
  type RecommendationSettings,
} from "../../db/stores/recommendation-settings.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { nameCustomers, type CustomerName, type Names } from "../customers/name-records.server.ts";
import { searchCustomers } from "../customers/search-customers.server.ts";
import { revenueSwitches } from "../metrics/revenue-switches.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { whenPainted } from "../metrics/when-painted.ts";
import { pictureProducts } from "./picture-products.server.ts";
import { tellRecommendations } from "./tell-recommendations.server.ts";

const asked = z.object({
  customer: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .optional()
    .catch(undefined),
  q: z.string().trim().max(200).catch(""),
});

export interface PreviewedLists {
  customerId: number;
  lists: Omit<CustomerLists, "isHeldOut">;
  /** Sees what is popular instead. */
  isHeldOut: boolean;
  titles: Record<number, string>;
  names: Promise<Names<CustomerName>>;
  /** Addresses of pictures by product. */
  pictures: Promise<Readonly<Record<number, string>> | null>;
}

/** Each customer looked at costs a fraction of a millisecond. */
const COVERAGE_OF = 1_000;
const NOBODY = { key: "", share: 0 };

export async function openRecommendations(db: Database, shop: Shop, request: Request) {
  const params = new URL(request.url).searchParams;
  const begin = whenPainted(request);
  const { customer, q: typed } = asked.parse({ q: "", ...Object.fromEntries(params) });
  const settings = await loadRecommendationSettings(db, shop.id);
  const switches = settings?.switches ?? USUAL_SWITCHES;
  const { included } = revenueSwitches(shop);
  const chosen = [...switches.pinned, ...switches.hidden];
  const names = Object.fromEntries(await productTitles(db, shop.id, chosen));
  const preview = previewOf(db, shop, settings, customer);
  return {
    settings: {
      heldOutBasisPoints: settings?.heldOutBasisPoints ?? USUAL_HELD_OUT_BASIS_POINTS,
      startedAt: settings?.startedAt ?? null,
      version: settings?.version ?? 0,
      switches,
    },
    names,
    typed,
    found: typed === "" ? null : searchCustomers(db, shop.id, { typed, included }),
    preview,
    below: {
      effect: settings && begin(() => effectSince(db, shop, settings)),
      coverage: begin(async () => {
        // It takes longest, and the preview asks the same thread.
        await Promise.allSettled([preview]);
        return coverageOf(db, shop, settings);
      }),
    },
  };
}

/** `null`: nobody has ordered. */
async function previewOf(
  db: Database,
  shop: Shop,
  settings: RecommendationSettings | null,
  customer: number | undefined,
): Promise<PreviewedLists | null> {
  const customerId = customer ?? (await latestCustomer(db, shop.id));
  if (customerId === null) return null;
  const told = await tellRecommendations(db, shop, settings?.switches ?? USUAL_SWITCHES, {
    customerIds: [customerId],
    lastActedAt: await lastActions(db, shop.id, [customerId]),
    experiment: NOBODY,
  });
  const [lists] = told?.lists ?? [];
  if (!lists) throw new Error("the shop has gone");
  const { buyAgain, forYou, newForYou } = lists;
  const named = [...buyAgain, ...forYou, ...newForYou];
  const ids = named.flatMap(({ productId, because }) =>
    because === null ? [productId] : [productId, because],
  );
  return {
    customerId,
    lists: { buyAgain, forYou, newForYou },
    isHeldOut:
      settings !== null &&
      isHeldOut(settings.experimentKey, customerId, settings.heldOutBasisPoints / 10_000),
    titles: Object.fromEntries(await productTitles(db, shop.id, [...new Set(ids)])),
    names: nameCustomers(db, shop.id, [customerId]),
    pictures: pictureProducts(
      db,
      shop.id,
      named.map(({ productId }) => productId),
    ),
  };
}

async function latestCustomer(db: Database, shopId: number): Promise<number | null> {
  const answer = await shopMetrics(db.url, shopId, { question: "latestCustomer", options: {} });
  return answer?.figures ?? null;
}

async function effectSince(
  db: Database,
  shop: Shop,
  settings: RecommendationSettings,
): Promise<HeldOutEffect> {
  const calendar = shopCalendar(shop.timeZone);
  const answer = await shopMetrics(db.url, shop.id, {
    question: "heldOutEffect",
    options: {
      key: settings.experimentKey,
      share: settings.heldOutBasisPoints / 10_000,
      startedDay: calendar.dayOf(settings.startedAt),
      today: calendar.dayOf(Date.now()),
      included: revenueSwitches(shop).included,
    },
  });
  if (!answer) throw new Error("the shop has gone");
  return answer.figures;
}

async function coverageOf(
  db: Database,
  shop: Shop,
  settings: RecommendationSettings | null,
): Promise<ListCoverage | null> {
  const switches = settings?.switches ?? USUAL_SWITCHES;
  const told = await tellRecommendations(db, shop, switches, { coverageOf: COVERAGE_OF, experiment: NOBODY });
  return told?.coverage ?? null;
}
