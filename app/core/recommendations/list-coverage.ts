/**
 * How many of a shop's customers are shown something of their own, and how much of what is on sale is shown to anybody: of customers with an
 * order, drawn by a hash of their id where there are more than are looked at, so that the same shop gives the same answer.
 */
import { placeOf } from "../experiments/assignment.ts";
import type { CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import type { CustomerLists, ListItem } from "./customer-lists.ts";
import type { Recommender } from "./recommend.ts";

/** The least number of own products of each band: what was bought before, goes with it, or is new and like it. */
export const COVERAGE_BANDS = [0, 1, 4, 12] as const;

export interface ListCoverage {
  /** With an order that counts, and how many of them were looked at. */
  customers: number;
  sampled: number;
  /** Of those looked at, by COVERAGE_BANDS. */
  bands: number[];
  /** Products that could be named, and those in the list of at least one customer looked at. */
  offered: number;
  shown: number;
}

export function listCoverage(
  { customerIds }: OrderColumns,
  { firstOrder, customers }: CountedOrders,
  { lists, offered }: Pick<Recommender, "lists" | "offered">,
  most: number,
): ListCoverage {
  const share = most / Math.max(1, customers);
  const looked: number[] = [];
  customerIds.forEach((id, customer) => {
    if ((firstOrder[customer] as number) < 0) return;
    if (share >= 1 || placeOf("coverage", id) < share) looked.push(id);
  });
  const bands = COVERAGE_BANDS.map(() => 0);
  const shown = new Set<number>();
  for (const told of lists(looked)) {
    for (const { productId } of [...told.buyAgain, ...told.forYou, ...told.newForYou]) shown.add(productId);
    const own = ownProducts(told);
    const band = COVERAGE_BANDS.findLastIndex((least) => own >= least);
    bands[band] = (bands[band] as number) + 1;
  }
  return { customers, sampled: looked.length, bands, offered: offered(), shown: shown.size };
}

function ownProducts({ buyAgain, forYou, newForYou }: CustomerLists): number {
  const isOwn = ({ reason }: ListItem) => reason !== "popular" && reason !== "pinned";
  return [...buyAgain, ...forYou, ...newForYou].filter(isOwn).length;
}
