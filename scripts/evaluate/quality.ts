/** The quality of lists as a page of text and as JSON. */
import type { ListName } from "../../app/core/recommendations/hold-out-last-order.ts";
import type { ListQuality } from "../../app/core/recommendations/list-quality.ts";
import { count } from "../demo/display.ts";
import type { FileBaskets } from "./read-baskets.ts";

type Lists = ReadonlyMap<ListName, ListQuality>;

const FIGURES = {
  "recall@10": "recall",
  "NDCG@10": "ndcg",
  "hit rate@10": "hitRate",
  "of new items": "newRecall",
  "of bought ones": "repeatRecall",
  coverage: "coverage",
} as const satisfies Record<string, keyof ListQuality>;

export function qualityText(lists: Lists, { kind, account, history }: FileBaskets): string {
  const width = Math.max(...[...lists.keys()].map((name) => name.length)) + 2;
  return [
    `  Taken as ${kind}: ${count(account.taken)} of ${count(account.read)} records`,
    ...account.skipped.map(({ reason, count: skipped }) => `    ${count(skipped)} skipped: ${reason}`),
    `  ${count(history.customerCount)} customers, ${count(history.firstLine.length - 1)} orders, ${count(history.productCount)} products`,
    "",
    `  Each customer's last order against ten products named from the orders before it (${count(customersOf(lists))} customers with two orders or more)`,
    "",
    `  ${"".padEnd(width)}${Object.keys(FIGURES)
      .map((title) => title.padStart(16))
      .join("")}`,
    ...[...lists].map(
      ([name, quality]) =>
        `  ${name.padEnd(width)}${Object.values(FIGURES)
          .map((figure) => quality[figure].toFixed(4).padStart(16))
          .join("")}`,
    ),
  ].join("\n");
}

export function qualityJson(lists: Lists) {
  return {
    customers: customersOf(lists),
    lists: [...lists].map(([list, quality]) => ({
      list,
      recall10: quality.recall,
      ndcg10: quality.ndcg,
      hitRate10: quality.hitRate,
      newRecall10: quality.newRecall,
      repeatRecall10: quality.repeatRecall,
      coverage: quality.coverage,
    })),
  };
}

const customersOf = (lists: Lists) => Math.max(...[...lists.values()].map(({ customers }) => customers));
