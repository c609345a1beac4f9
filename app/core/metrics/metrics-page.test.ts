/** docs/metrics.md tells of every name that an answer holds. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { sampleColumns } from "../../../tests/support/order-columns.ts";
import { dayFromIso } from "../calendar.ts";
import { answerMetrics, type MetricsRequest } from "../questions/shop-metrics.ts";

const page = readFileSync(path.resolve(import.meta.dirname, "../../../docs/metrics.md"), "utf8");
const year = { firstDay: dayFromIso("2025-01-01"), lastDay: dayFromIso("2025-12-31") };

// Three years of a customer, one who came back after a while, one who did not, and a guest.
const columns = sampleColumns([
  { on: "2023-01-05", customer: 1, product: 1, grossMinor: 100, costMinor: 40, costedNetMinor: 100 },
  { on: "2023-02-05", customer: 2, grossMinor: 100 },
  { on: "2024-03-05", customer: 1, grossMinor: 100, refunds: [{ on: "2024-04-01", productMinor: 10 }] },
  { on: "2024-05-05", customer: 3, product: 2, grossMinor: 100 },
  { on: "2025-06-05", customer: 1, grossMinor: 100 },
  { on: "2025-06-06", grossMinor: 100 },
  { on: "2025-07-05", customer: 2, grossMinor: 100 },
  { on: "2025-12-31", customer: 4, grossMinor: 100 },
]);

const requests: MetricsRequest[] = [
  { question: "revenue", options: { period: year } },
  { question: "customers", options: { period: year } },
  { question: "orderIntervals", options: {} },
  { question: "timeToSecondOrder", options: {} },
  { question: "cohorts", options: { grain: "month" } },
  { question: "firstProducts", options: { minimumCustomers: 1 } },
  { question: "firstProducts", options: {} },
  { question: "lifetimeValue", options: {} },
];

/** Where a name stands: in code marks. */
const isTold = (name: string) => page.includes(`\`${name}\``);

function namesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesOf(inner)]);
}

test.each(requests)("everything in an answer about $question is defined", (request) => {
  const { figures, coverage, asOf } = answerMetrics(columns, request);
  const names = new Set([...namesOf(figures), ...Object.keys(coverage), ...Object.keys(asOf)]);
  // These two only hold what is named after them.
  for (const holder of ["retention", "historic", "simple"]) names.delete(holder);
  expect(names.size).toBeGreaterThan(10);
  expect([...names].filter((name) => !isTold(name))).toEqual([]);
});

test("the report's names are told as well", () => {
  const { figures } = answerMetrics(columns, { question: "report", options: {} });
  expect(namesOf(figures).filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([]);
});
