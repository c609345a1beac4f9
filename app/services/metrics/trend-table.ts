/** The first page's charts as a table to take away. */
import { moneyCell, type CsvCell } from "../../core/csv.ts";
import { isoDate } from "../../core/calendar.ts";
import type { Period } from "../../core/metrics/period.ts";
import type { TrendPoint } from "../../core/metrics/trend.ts";
import { trendGrain } from "../../core/metrics/view.ts";
import { shopMetrics } from "./shop-metrics.server.ts";
import type { ExportTable } from "./export-table.ts";
import { USUAL_PERIOD } from "./read-view.server.ts";

export const trendTable: ExportTable = {
  name: "trend",
  usual: USUAL_PERIOD,
  async load(db, shop, { period, compare, basis, included }) {
    const grain = trendGrain(period);
    const pointsOf = async (days: Period) => {
      const options = { period: days, basis, included, grain };
      const answer = await shopMetrics(db.url, shop.id, { question: "trend", options });
      return answer?.figures ?? [];
    };
    const [points, before] = await Promise.all([pointsOf(period), compare && pointsOf(compare)]);

    const money = (point: TrendPoint) => moneyCell(point.netMinor, shop.currency);
    return {
      headings: [
        ...[
          "From",
          "To",
          `Net sales (${shop.currency})`,
          "Orders",
          "First orders",
          "Repeat orders",
          "Guest orders",
        ],
        ...(before ? ["Compared from", "Compared to", `Compared net sales (${shop.currency})`] : []),
      ],
      rows: points.map((point, place): CsvCell[] => [
        ...daysOf(point),
        money(point),
        point.orders,
        point.firstOrders,
        point.repeatOrders,
        point.guestOrders,
        // As the chart lays them over each other: first upon first.
        ...(before ? comparedCells(before[place], money) : []),
      ]),
    };
  },
};

function comparedCells(point: TrendPoint | undefined, money: (point: TrendPoint) => CsvCell): CsvCell[] {
  return point ? [...daysOf(point), money(point)] : [null, null, null];
}

function daysOf({ firstDay, lastDay }: TrendPoint): string[] {
  return [isoDate(firstDay), isoDate(lastDay)];
}
