/** The first page's charts as a table to take away. */
import { moneyCell } from "../../core/csv.ts";
import { isoDate } from "../../core/calendar.ts";
import { trendGrain } from "../../core/metrics/view.ts";
import { shopMetrics } from "./shop-metrics.server.ts";
import type { ExportTable } from "./export-table.ts";

export const trendTable: ExportTable = {
  name: "trend",
  async load(db, shop, { period, basis, included }) {
    const grain = trendGrain(period);
    const options = { period, basis, included, grain };
    const answer = await shopMetrics(db.url, shop.id, { question: "trend", options });
    return {
      headings: [
        "From",
        "To",
        `Net sales (${shop.currency})`,
        "Orders",
        "First orders",
        "Repeat orders",
        "Guest orders",
      ],
      rows: (answer?.figures ?? []).map((point) => [
        isoDate(point.firstDay),
        isoDate(point.lastDay),
        moneyCell(point.netMinor, shop.currency),
        point.orders,
        point.firstOrders,
        point.repeatOrders,
        point.guestOrders,
      ]),
    };
  },
};
