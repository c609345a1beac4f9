/** Customers' facts and what was told from them, kept while a shop's orders, checkouts and model stay what they are. */
import type { CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import { customerFacts, type CustomerFacts, type FactOptions } from "./customer-facts.ts";

/** `modelVersion` stands for the model where answers are kept. */
export interface SegmentOptions extends FactOptions {
  modelVersion: number;
}

type Remember = <T>(name: string, compute: () => T) => T;

interface KeptFacts {
  facts: () => CustomerFacts | null;
  remembered: Remember;
}

/** A rule that is being edited tells something new with each step. */
const MOST_TOLD = 500;

/** The facts are kept in one place and what was told from them in another, so that many rules do not displace other answers. */
export function keptFacts(
  columns: OrderColumns,
  counted: CountedOrders,
  remember: Remember,
  options: SegmentOptions,
): KeptFacts {
  const { included, checkouts, model, modelVersion, yearlyDiscount } = options;
  const version = [checkouts.stamp, model ? modelVersion : null, yearlyDiscount, included];
  const name = JSON.stringify(version);
  const facts = () => remember(`customer facts ${name}`, () => customerFacts(columns, counted, options));
  const told = remember(`segments ${name}`, () => new Map<string, unknown>());
  const remembered: Remember = <T>(what: string, compute: () => T): T => {
    if (told.has(what)) return told.get(what) as T;
    if (told.size === MOST_TOLD) told.clear();
    const answer = compute();
    told.set(what, answer);
    return answer;
  };
  return { facts, remembered };
}
