/** What can be asked about a shop's recommendations, answered from its columns and from what was learnt of them. */
import { shopCalendar } from "../calendar.ts";
import type { CountedOrders } from "../metrics/counted-orders.ts";
import type { LineColumns } from "../metrics/line-columns.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import type { CustomerLists, ListItem } from "./customer-lists.ts";
import { listCoverage, type ListCoverage } from "./list-coverage.ts";
import type { ProductFacts } from "./product-facts.ts";
import { recommender, type Experiment } from "./recommend.ts";
import { isFresh, learnTaste, type ShopTaste } from "./shop-taste.ts";
import type { Switches } from "./switches.ts";

export interface RecommendationAsk {
  facts: ProductFacts;
  switches: Switches;
  experiment: Experiment;
  now: number;
  /** Whose lists, and when each of them did something beside ordering. */
  customerIds?: readonly number[];
  lastActedAt?: ReadonlyMap<number, number>;
  goesWithIds?: readonly number[];
  /** Looks at so many customers for the coverage. */
  coverageOf?: number;
}

/** In the sequence of what was asked. */
export interface RecommendationsTold {
  lists: CustomerLists[];
  goesWith: number[][];
  popular: ListItem[];
  coverage: ListCoverage | null;
}

type Keep = (name: string, compute: (before: ShopTaste | null) => ShopTaste) => ShopTaste;

/** `keep` holds what was learnt for the next question, also once the columns have changed. */
export function answerRecommendations(
  columns: OrderColumns,
  counted: CountedOrders,
  lines: LineColumns,
  {
    facts,
    switches,
    experiment,
    now,
    customerIds = [],
    lastActedAt,
    goesWithIds = [],
    coverageOf = 0,
  }: RecommendationAsk,
  keep: Keep,
): RecommendationsTold {
  const taste = keep("taste", (before) =>
    before && isFresh(before, columns) ? before : learnTaste(columns, counted, lines),
  );
  const today = shopCalendar(columns.shop.timeZone).dayOf(now);
  const told = recommender(columns, counted, lines, taste, { facts, switches, experiment, today, now });
  return {
    lists: told.lists(customerIds, lastActedAt),
    goesWith: told.goesWith(goesWithIds),
    popular: told.popular(),
    coverage: coverageOf === 0 ? null : listCoverage(columns, counted, told, coverageOf),
  };
}
