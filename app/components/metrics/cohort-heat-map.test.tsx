import { AppProvider } from "@shopify/polaris";
import { renderToString } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { dayFromIso } from "../../core/calendar.ts";
import type { CohortMeasure } from "../../core/metrics/cohort-grid.ts";
import { createShow } from "../frame/show.ts";
import { CohortHeatMap } from "./cohort-heat-map.tsx";

const COHORTS = [
  {
    start: "2026-01",
    firstDay: dayFromIso("2026-01-01"),
    customers: 40,
    wholeAges: 2,
    active: [40, 10, 2],
    orders: [44, 12, 2],
    netMinor: [400_000, 120_000, 1_000],
    marginMinor: [null, null, null],
    cumulativeNetPerCustomerMinor: [10_000, 13_000, 13_025],
  },
  {
    start: "2026-02",
    firstDay: dayFromIso("2026-02-01"),
    customers: 10,
    wholeAges: 1,
    active: [10, 1],
    orders: [10, 1],
    netMinor: [100_000, -2_000],
    marginMinor: [null, null],
    cumulativeNetPerCustomerMinor: [10_000, 9_800],
  },
];

/** Text of every cell, row by row, as a browser would read it. */
function tableOf(measure: CohortMeasure): { rows: string[][]; page: string } {
  const page = renderToString(
    <AppProvider i18n={{}}>
      <CohortHeatMap
        cohorts={COHORTS}
        grain="month"
        measure={measure}
        lastOrderDay={dayFromIso("2026-03-15")}
        show={createShow({ locale: "en-GB", currency: "GBP", timeZone: "UTC" })}
      />
    </AppProvider>,
  );
  const rows = [...page.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) =>
      cell.replace(/<[^>]+>/g, "").trim(),
    ),
  );
  return { rows, page };
}

describe("the cohort heat map on the server", () => {
  test("has a row per cohort, nothing in what was not observed, and marks what is still filling up", () => {
    const { rows, page } = tableOf("customers");
    expect(rows).toEqual([
      ["First order", "Customers", "Month 0", "Month 1", "Month 2"],
      ["Together", "50", "100.0%", "25.0%"],
      ["Jan 2026", "40", "100.0%", "25.0%", "5.0%* so far"],
      ["Feb 2026", "10", "100.0%", "10.0%* so far"],
    ]);
    expect(page).toContain("orders are known up to 15 Mar 2026");
  });

  test("shows money in the shop's currency, and a dash where costs are not known", () => {
    expect(tableOf("cumulative").rows[2]).toEqual([
      "Jan 2026",
      "40",
      "£100.00",
      "£130.00",
      "£130.25* so far",
    ]);
    expect(tableOf("revenue").rows.slice(1)).toEqual([
      ["Jan 2026", "40", "£4k", "£1.2k", "£10* so far"],
      ["Feb 2026", "10", "£1k", "-£20* so far"],
    ]);
    expect(tableOf("margin").rows[1]).toEqual(["Jan 2026", "40", "–", "–", "–* so far"]);
  });

  test("can be scrolled by keyboard and is named for whoever does not see it", () => {
    const { page } = tableOf("orders");
    expect(page).toMatch(/<div role="region" aria-label="Cohorts: orders" tabindex="0"/i);
    expect(page).toMatch(/<caption[^>]*>Orders by month of first order and months since\.<\/caption>/);
  });
});
