/** How many days lie between two orders of the same customer. */
import { InlineGrid } from "@shopify/polaris";
import type { Stated } from "../../core/metrics/coverage.ts";
import type { OrderIntervals } from "../../core/metrics/order-intervals.ts";
import { ChartCard } from "../charts/chart-card.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "./figure-card.tsx";
import { SmallFigure } from "./small-figure.tsx";

export function OrderIntervalChart({ stated: { figures, coverage } }: { stated: Stated<OrderIntervals> }) {
  const show = useShow();
  const days = (value: number | null) =>
    value === null ? "–" : show.counted(Math.round(value), "day", "days");
  return (
    <ChartCard
      title="Time between orders"
      description={`How long customers let pass between two orders, ${show.counted(figures.intervals, "time", "times")} in this period.`}
      kind="bar"
      keyHeading="Time between"
      series={[
        {
          name: "Pairs of orders",
          data: figures.histogram.map(({ fromDays, toDays, intervals }) => ({
            key: daysText(fromDays, toDays),
            value: intervals,
          })),
        },
      ]}
      showValue={show.count}
      axisTitle="How often, by the days between two orders"
      height={INTERVAL_PIXELS}
      actions={
        <>
          <FigureInformation name="medianDaysBetweenOrders" label="Time between orders" coverage={coverage} />
          <ExportButton table="order-intervals" />
        </>
      }
    >
      <InlineGrid columns={{ xs: 2, sm: 4 }} gap="200">
        <SmallFigure
          name="lowerQuartileDays"
          label="A quarter within"
          value={figures.lowerQuartileDays}
          shown={days(figures.lowerQuartileDays)}
        />
        <SmallFigure
          name="medianDaysBetweenOrders"
          label="Half within (median)"
          value={figures.medianDays}
          shown={days(figures.medianDays)}
        />
        <SmallFigure
          name="upperQuartileDays"
          label="Three quarters within"
          value={figures.upperQuartileDays}
          shown={days(figures.upperQuartileDays)}
        />
        <SmallFigure
          name="meanDaysBetweenOrders"
          label="Mean"
          value={figures.meanDays}
          shown={days(figures.meanDays)}
        />
      </InlineGrid>
    </ChartCard>
  );
}

/** Of the drawing: a bar and its words for each span of days. */
const INTERVAL_PIXELS = 320;

function daysText(from: number, to: number | null): string {
  if (to === null) return `${from} days or more`;
  if (from === to) return from === 0 ? "Same day" : `${from} days`;
  return `${from}–${to} days`;
}
