/**
 * The lists of customers, put together: what is likeliest (buy-again.ts, for-you.ts), in the sequence that the merchant's switches give it, without
 * what must not be named, filled up with what sells now. docs/metrics.md says how each list is made.
 */
import { isHeldOut, placeOf } from "../experiments/assignment.ts";
import type { CountedOrders } from "../metrics/counted-orders.ts";
import { indexOfCustomer, positionsIn } from "../metrics/id-index.ts";
import type { LineColumns } from "../metrics/line-columns.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import { boughtHistory, type BoughtHistory } from "./bought-columns.ts";
import { buyAgain, type BuyAgain } from "./buy-again.ts";
import {
  GOES_WITH_LENGTH,
  heldOutLists,
  LIST_LENGTH,
  type CustomerLists,
  type ListItem,
} from "./customer-lists.ts";
import { isDue, usualInterval } from "./due-dates.ts";
import { forYou, type ForYou, type Suggestion } from "./for-you.ts";
import type { ProductFacts } from "./product-facts.ts";
import { withMoreProducts, type ShopTaste } from "./shop-taste.ts";
import type { Switches } from "./switches.ts";

export interface Experiment {
  key: string;
  /** Of all customers, 0 to 1. */
  share: number;
}

export interface RecommendOptions {
  facts: ProductFacts;
  switches: Switches;
  experiment: Experiment;
  /** The shop's day, and the moment. */
  today: number;
  now: number;
}

/** More than a list holds, because some of it must not be named. */
const LOOKED_AT = 120;
const BOUGHT_LOOKED_AT = 200;
/** A product that is due is named as if its chance were so many times as high. */
const DUE_WEIGHT = 1.25;
/** Every such place of "for you" goes to something that would not have been named yet, another one every week. */
const EXPLORED_EVERY = 6;
const EXPLORED_DAYS = 7;
const NEW_DAYS = 180;
const DAY_MS = 86_400_000;

export interface Recommender {
  /** In the sequence of the ids; of somebody without orders what is popular. `since`: when each was last seen beside their orders. */
  lists(customerIds: readonly number[], since?: ReadonlyMap<number, number>): CustomerLists[];
  goesWith(productIds: readonly number[]): number[][];
  popular(): ListItem[];
  /** How many products may be named. */
  offered(): number;
}

/** Time beside the lists themselves: a few passes over the products, and one look at each order. */
export function recommender(
  columns: OrderColumns,
  counted: CountedOrders,
  lines: LineColumns,
  learnt: ShopTaste,
  options: RecommendOptions,
): Recommender {
  const { facts, switches, experiment, today, now } = options;
  const { taste, ofLine, factOf } = numbered(learnt, lines, facts);
  const { productIds } = taste;
  const idOf = (p: number) => productIds[p] as number;
  const typeOf = (p: number) => ofFact(facts.type, factOf[p] as number, 0);
  const vendorOf = (p: number) => ofFact(facts.vendor, factOf[p] as number, 0);
  const publishedAt = (p: number) => ofFact(facts.publishedAt, factOf[p] as number, 0);
  const mayBeNamed = namable(taste, facts, factOf, switches, now);
  const weight = marginWeights(facts, factOf, switches.marginWeight);
  const pinned = numbersOf(productIds, switches.pinned).filter((p) => mayBeNamed[p] === 1);
  const popular = popularNow();
  const { ofType: popularOfType, rank } = byType(popular);
  const newest = newProducts();

  function popularNow(): number[] {
    const score = taste.sellsNow.map((sold, p) => sold * (weight[p] as number));
    const selling = [...score.keys()].filter((p) => mayBeNamed[p] === 1 && (score[p] as number) > 0);
    return selling.sort((a, b) => (score[b] as number) - (score[a] as number) || a - b);
  }

  /** Of each type what sells now, and the place of each product among all. */
  function byType(ranked: readonly number[]) {
    const ofType = new Map<number, number[]>();
    const rank = new Map<number, number>();
    ranked.forEach((p, place) => {
      rank.set(p, place);
      const type = typeOf(p);
      const others = ofType.get(type);
      if (others) others.push(p);
      else ofType.set(type, [p]);
    });
    ofType.delete(0);
    return { ofType, rank };
  }

  /** What sells now of these types. */
  function popularOf(types: Iterable<number>, fits: (p: number) => boolean, size: number): number[] {
    const best: number[] = [];
    for (const type of types) best.push(...firstFitting(popularOfType.get(type) ?? [], fits, size));
    return best.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0)).slice(0, size);
  }

  /** Of the last NEW_DAYS, the newest first. */
  function newProducts(): number[] {
    const from = now - NEW_DAYS * DAY_MS;
    const products = [...productIds.keys()].filter((p) => mayBeNamed[p] === 1 && publishedAt(p) >= from);
    return products.sort((a, b) => publishedAt(b) - publishedAt(a) || a - b);
  }

  const item = (p: number, reason: ListItem["reason"], because = -1): ListItem => ({
    productId: idOf(p),
    because: because < 0 ? null : idOf(because),
    reason,
  });

  function popularList(): ListItem[] {
    const rest = spread(popular.filter((p) => !pinned.includes(p)));
    return [...pinned.map((p) => item(p, "pinned")), ...rest.map((p) => item(p, "popular"))].slice(
      0,
      LIST_LENGTH,
    );
  }

  /** No more of one type than the merchant wants, as long as there is something else. */
  function spread(ranked: readonly number[], size = LIST_LENGTH): number[] {
    const { mostOfType } = switches;
    if (mostOfType === null) return ranked.slice(0, size);
    const ofType = new Map<number, number>();
    const named: number[] = [];
    const later: number[] = [];
    for (const p of ranked) {
      if (named.length === size) break;
      const type = typeOf(p);
      const count = ofType.get(type) ?? 0;
      if (type !== 0 && count >= mostOfType) later.push(p);
      else {
        ofType.set(type, count + 1);
        named.push(p);
      }
    }
    return [...named, ...later].slice(0, size);
  }

  function listsOf(customerIds: readonly number[], since: ReadonlyMap<number, number>): CustomerLists[] {
    const everybody = popularList();
    const places = Int32Array.from(customerIds, (id) => indexOfCustomer(columns, id));
    const known = places.filter((place) => place >= 0);
    const numbering = { productCount: productIds.length, ofLine };
    const history = boughtHistory(columns, counted, lines, numbering, known);
    const person = personal(history);
    let number = 0;
    return customerIds.map((id, at) => {
      const c = (places[at] as number) < 0 ? -1 : number++;
      if (isHeldOut(experiment.key, id, experiment.share)) return heldOutLists(everybody);
      const orders = c < 0 ? 0 : (history.firstOrder[c + 1] as number) - (history.firstOrder[c] as number);
      if (orders === 0) return { buyAgain: [], forYou: everybody, newForYou: [], isHeldOut: false };
      return person.lists(c, id, since.get(id) ?? 0);
    });
  }

  function personal(history: BoughtHistory) {
    const again = buyAgain(history, taste.rates, taste.popularity);
    const others = forYou(history, taste.near, taste.popularity);
    return {
      lists: (c: number, id: number, since: number) => personalLists(history, again, others, c, id, since),
    };
  }

  function personalLists(
    history: BoughtHistory,
    again: BuyAgain,
    others: ForYou,
    c: number,
    id: number,
    since: number,
  ): CustomerLists {
    const bought = boughtOf(history, c);
    const returned = new Set(
      history.returned.subarray(history.firstReturned[c], history.firstReturned[c + 1]),
    );
    const suggestions = others
      .suggest(c, LOOKED_AT)
      .filter(({ product }) => mayBeNamed[product] === 1 && !returned.has(product));
    const isKnown = (p: number) => bought.days.has(p) || returned.has(p);
    return {
      buyAgain: buyAgainList(again, c, bought.days, returned),
      forYou: forYouList(suggestions, id, bought.days, isKnown),
      newForYou: newList(suggestions, bought, isKnown, since),
      isHeldOut: false,
    };
  }

  function buyAgainList(
    again: BuyAgain,
    c: number,
    days: ReadonlyMap<number, number[]>,
    returned: ReadonlySet<number>,
  ): ListItem[] {
    const ranked = again
      .bought(c, BOUGHT_LOOKED_AT)
      .filter(({ product }) => mayBeNamed[product] === 1 && !returned.has(product))
      .map(({ product, score }) => {
        const on = days.get(product) ?? [];
        const interval = usualInterval(taste.usualGap[product] as number, on);
        const due = interval !== null && isDue(interval, on.at(-1) ?? 0, today);
        return { product, due, score: score * (weight[product] as number) * (due ? DUE_WEIGHT : 1) };
      });
    // Equal ones stay in the sequence that popularity gave them.
    ranked.sort((a, b) => b.score - a.score);
    return ranked
      .slice(0, LIST_LENGTH)
      .map(({ product, due }) => item(product, due ? "due" : "bought-before"));
  }

  function forYouList(
    suggestions: readonly Suggestion[],
    id: number,
    days: ReadonlyMap<number, number[]>,
    isKnown: (p: number) => boolean,
  ): ListItem[] {
    const head = pinned.filter((p) => !isKnown(p));
    const because = new Map(suggestions.map(({ product, because }) => [product, because]));
    const ranked = suggestions
      .filter(({ product }) => !head.includes(product))
      .map(({ product, score }) => ({ product, score: score * (weight[product] as number) }))
      .sort((a, b) => b.score - a.score)
      .map(({ product }) => product);
    const explored = explore(spread(ranked, ranked.length), id);
    const named = new Set([...head, ...explored.slice(0, LIST_LENGTH)]);
    const fits = (p: number) => !isKnown(p) && !named.has(p);
    const add = (some: readonly number[]) => some.forEach((p) => named.add(p));
    const types = new Set([...days.keys()].map(typeOf));
    add(popularOf(types, fits, LIST_LENGTH - named.size));
    add(firstFitting(popular, fits, LIST_LENGTH - named.size));
    return [...named].slice(0, LIST_LENGTH).map((p) => {
      if (head.includes(p)) return item(p, "pinned");
      const reason = because.get(p);
      return reason === undefined ? item(p, "popular") : item(p, "bought-together", reason);
    });
  }

  /** Now and then something from beyond the list, so that it can show that it is liked. */
  function explore(ranked: readonly number[], id: number): number[] {
    const beyond = ranked.slice(LIST_LENGTH);
    const named = ranked.slice(0, LIST_LENGTH);
    const period = Math.floor(today / EXPLORED_DAYS);
    for (let place = EXPLORED_EVERY - 1; place < named.length && beyond.length > 0; place += EXPLORED_EVERY) {
      const drawn = Math.floor(placeOf(`explore ${period} ${place}`, id) * beyond.length);
      named.splice(place, 0, ...beyond.splice(drawn, 1));
    }
    return named;
  }

  function newList(
    suggestions: readonly Suggestion[],
    bought: Bought,
    isKnown: (p: number) => boolean,
    since: number,
  ): ListItem[] {
    const near = new Map(suggestions.map((one) => [one.product, one]));
    const ofType = sharesOf(bought, typeOf);
    const ofVendor = sharesOf(bought, vendorOf);
    const after = Math.max(since, (bought.lastDay + 1) * DAY_MS);
    const fitting: { product: number; fit: number; because: number }[] = [];
    for (const product of newest) {
      if (publishedAt(product) < after) break;
      if (isKnown(product)) continue;
      const type = ofType(typeOf(product));
      const vendor = ofVendor(vendorOf(product));
      const suggestion = near.get(product);
      const missing = (1 - type.share) * (1 - vendor.share / 2) * (1 - Math.min(1, suggestion?.score ?? 0));
      const because = suggestion?.because ?? (type.share > 0 ? type.latest : vendor.latest);
      if (missing < 1) fitting.push({ product, fit: (1 - missing) * (weight[product] as number), because });
    }
    fitting.sort((a, b) => b.fit - a.fit);
    const because = new Map(fitting.map(({ product, because }) => [product, because]));
    return spread(fitting.map(({ product }) => product)).map((p) => item(p, "new", because.get(p)));
  }

  return {
    lists: (customerIds, since = new Map()) => listsOf(customerIds, since),
    popular: popularList,
    offered: () => mayBeNamed.reduce((sum, may) => sum + may, 0),
    goesWith(asked) {
      const { first, other } = taste.goesWith;
      return numbersInOrder(productIds, asked).map((j) => {
        const named = new Set<number>();
        const add = (p: number) =>
          named.size < GOES_WITH_LENGTH && p !== j && mayBeNamed[p] === 1 && named.add(p);
        if (j < 0) return popular.slice(0, GOES_WITH_LENGTH).map(idOf);
        for (let at = first[j] as number; at < (first[j + 1] as number); at++) add(other[at] as number);
        // Some of them may be named already.
        for (const p of (popularOfType.get(typeOf(j)) ?? []).slice(0, 2 * GOES_WITH_LENGTH)) add(p);
        for (const p of popular.slice(0, 2 * GOES_WITH_LENGTH + 1)) add(p);
        return [...named].map(idOf);
      });
    },
  };
}

/** The first `size` of them; none where that is below one. */
function firstFitting(ranked: readonly number[], fits: (p: number) => boolean, size: number): number[] {
  const named: number[] = [];
  for (const p of ranked) {
    if (named.length >= size) break;
    if (fits(p)) named.push(p);
  }
  return named;
}

interface Bought {
  /** On which days each product was bought. */
  days: Map<number, number[]>;
  /** Each product with its last day, the latest first. */
  lastDays: [product: number, day: number][];
  lastDay: number;
}

function boughtOf({ firstOrder, firstLine, product, orderDay }: BoughtHistory, c: number): Bought {
  const days = new Map<number, number[]>();
  const end = firstOrder[c + 1] as number;
  for (let o = firstOrder[c] as number; o < end; o++) {
    const day = orderDay[o] as number;
    for (let at = firstLine[o] as number; at < (firstLine[o + 1] as number); at++) {
      const p = product[at] as number;
      const known = days.get(p);
      if (!known) days.set(p, [day]);
      else if (known.at(-1) !== day) known.push(day);
    }
  }
  const lastDays = [...days].map(([p, on]): [number, number] => [p, on.at(-1) ?? 0]);
  lastDays.sort(([, a], [, b]) => b - a);
  return { days, lastDays, lastDay: orderDay[end - 1] as number };
}

interface KindShare {
  share: number;
  latest: number;
}

const NO_SHARE: KindShare = { share: 0, latest: -1 };

/** How much of what was bought is of each kind, and the latest of it; no kind at all says nothing. */
function sharesOf({ days, lastDays }: Bought, kindOf: (p: number) => number): (kind: number) => KindShare {
  const shares = new Map<number, KindShare>();
  for (const [product] of lastDays) {
    const kind = kindOf(product);
    if (kind === 0) continue;
    const { share, latest } = shares.get(kind) ?? { share: 0, latest: product };
    shares.set(kind, { share: share + 1 / days.size, latest });
  }
  return (kind) => shares.get(kind) ?? NO_SHARE;
}

function ofFact(column: ArrayLike<number>, at: number, otherwise: number): number {
  return at < 0 ? otherwise : (column[at] as number);
}

/** One numbering of what was learnt of, what has been bought and what is on sale. */
function numbered(learnt: ShopTaste, lines: LineColumns, facts: ProductFacts) {
  const more = new Set<number>();
  for (const ids of [lines.productIds, facts.productIds]) {
    positionsIn(learnt.productIds, ids).forEach((place, at) => {
      if (place < 0) more.add(ids[at] as number);
    });
  }
  const taste = withMoreProducts(learnt, [...more]);
  return {
    taste,
    ofLine: positionsIn(taste.productIds, lines.productIds),
    factOf: positionsIn(facts.productIds, taste.productIds),
  };
}

function namable(
  taste: ShopTaste,
  { isOffered, publishedAt }: ProductFacts,
  factOf: Int32Array,
  { hidden }: Switches,
  now: number,
): Uint8Array {
  const may = Uint8Array.from(factOf, (fact, p) => {
    const isOnSale = fact >= 0 && isOffered[fact] === 1 && (publishedAt[fact] as number) <= now;
    return isOnSale && taste.isOftenReturned[p] === 0 ? 1 : 0;
  });
  for (const p of numbersOf(taste.productIds, hidden)) may[p] = 0;
  return may;
}

/** What a product's chance is multiplied by: more where its margin is above the mean of those known. */
function marginWeights({ margin }: ProductFacts, factOf: Int32Array, marginWeight: number): Float64Array {
  const known = marginWeight === 0 ? [] : [...margin].filter((one) => !Number.isNaN(one));
  const mean = known.length === 0 ? 0 : known.reduce((sum, one) => sum + one, 0) / known.length;
  return Float64Array.from(factOf, (fact) => {
    const own = known.length === 0 || fact < 0 ? NaN : (margin[fact] as number);
    return Number.isNaN(own) ? 1 : Math.max(0.05, 1 + marginWeight * (own - mean) * 2);
  });
}

function numbersInOrder(productIds: Float64Array, ids: readonly number[]): number[] {
  return [...positionsIn(productIds, Float64Array.from(ids))];
}

/** Of those that are known. */
function numbersOf(productIds: Float64Array, ids: readonly number[]): number[] {
  return numbersInOrder(productIds, ids).filter((p) => p >= 0);
}
