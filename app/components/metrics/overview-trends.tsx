/** The period's sales and orders as charts, by day, week or month. */
import { InlineGrid } from "@shopify/polaris";
import { dayFromIso, monthOf } from "../../core/calendar.ts";
import type { Coverage } from "../../core/metrics/coverage.ts";
import type { TrendPoint } from "../../core/metrics/trend.ts";
import type { TrendGrain } from "../../core/metrics/time-buckets.ts";
import { ChartCard } from "../charts/chart-card.tsx";
import type { ChartSeries } from "../charts/chart-series.ts";
import { ExportButton } from "../frame/export-button.tsx";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "./figure-card.tsx";

const HEADINGS: Record<TrendGrain, string> = { day: "Day", week: "Week from", month: "Month" };
const BY: Record<TrendGrain, string> = { day: "day", week: "week", month: "month" };

interface Props {
  grain: TrendGrain;
  points: readonly TrendPoint[];
  before: readonly TrendPoint[] | null;
  coverage: Coverage;
}

export function OverviewTrends({ grain, points, before, coverage }: Props) {
  const show = useShow();
  const shared = { keyHeading: HEADINGS[grain], showKey: (key: string) => shownKey(key, grain, show) };
  const series = (name: string, valueOf: (point: TrendPoint) => number): ChartSeries => ({
    name,
    data: points.map((point) => ({ key: point.start, value: valueOf(point) })),
  });
  return (
    <InlineGrid columns={{ xs: 1, lg: 2 }} gap="300">
      <ChartCard
        {...shared}
        title={`Net sales by ${BY[grain]}`}
        description={cutNote(points, grain)}
        kind="line"
        series={[
          series("Net sales", ({ netMinor }) => netMinor),
          ...(before ? [comparedSeries(points, before)] : []),
        ]}
        showValue={(minor) => show.money(minor)}
        showAxisValue={(minor) => show.moneyShort(minor)}
        actions={
          <>
            <FigureInformation name="netTrend" label="Net sales" coverage={coverage} />
            <ExportButton table="trend" />
          </>
        }
      />
      <ChartCard
        {...shared}
        title={`First and repeat orders by ${BY[grain]}`}
        description="A first order is its customer's first ever; guests have none."
        kind="area"
        series={[
          series("Repeat orders", ({ repeatOrders }) => repeatOrders),
          series("First orders", ({ firstOrders }) => firstOrders),
          series("Guest orders", ({ guestOrders }) => guestOrders),
        ]}
        showValue={show.count}
        actions={
          <>
            <FigureInformation name="ordersTrend" label="First and repeat orders" coverage={coverage} />
            <ExportButton table="trend" subject="orders trend" />
          </>
        }
      />
    </InlineGrid>
  );
}

/** The compared period laid over this one, first day upon first day. */
function comparedSeries(points: readonly TrendPoint[], before: readonly TrendPoint[]): ChartSeries {
  return {
    name: "Compared period",
    isComparison: true,
    data: points.map(({ start }, index) => ({ key: start, value: before[index]?.netMinor ?? null })),
  };
}

function shownKey(start: string, grain: TrendGrain, show: Show): string {
  return grain === "month"
    ? show.month(monthOf(dayFromIso(`${start}-01`)))
    : show.dayShort(dayFromIso(start));
}

function cutNote(points: readonly TrendPoint[], grain: TrendGrain): string {
  const isCut = points.some(({ whole }) => !whole);
  return isCut
    ? `The first or last ${BY[grain]} lies only partly in the period.`
    : "After discounts and refunds.";
}
