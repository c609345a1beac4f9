/** How long customers take to their second order, those who may still place it counted for as long as they were seen. */
import { InlineGrid } from "@shopify/polaris";
import type { Stated } from "../../core/metrics/coverage.ts";
import type { TimeToSecondOrder } from "../../core/metrics/second-order.ts";
import { ChartCard } from "../charts/chart-card.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "./figure-card.tsx";
import { SmallFigure } from "./small-figure.tsx";

/** The curve comes at evenly spaced days. */
export function SecondOrderChart({ stated: { figures, coverage } }: { stated: Stated<TimeToSecondOrder> }) {
  const show = useShow();
  const points = (of: (point: TimeToSecondOrder["curve"][number]) => number | null) =>
    figures.curve.map((point) => ({ key: String(point.days), value: of(point) }));
  return (
    <ChartCard
      title="Time to the second order"
      description={
        figures.customers === 0
          ? "No customer placed their first order in this period."
          : `${show.count(figures.reordered)} of ${show.counted(figures.customers, "new customer", "new customers")} ${figures.reordered === 1 ? "has" : "have"} reordered so far. The curve estimates how many do by each day.`
      }
      kind="line"
      keyHeading="Days since the first order"
      series={[
        {
          name: "Reordered",
          data: points(({ share }) => share),
          band: { name: "95% interval", low: points(({ low }) => low), high: points(({ high }) => high) },
        },
      ]}
      showValue={show.share}
      showAxisValue={show.shareShort}
      axisTitle="Days since the first order"
      actions={
        <>
          <FigureInformation name="timeToSecondOrder" label="Time to the second order" coverage={coverage} />
          <ExportButton table="second-order" />
        </>
      }
    >
      <InlineGrid columns={{ xs: 2, sm: 4 }} gap="200">
        <SmallFigure
          name="medianDaysToSecondOrder"
          label="Half have reordered by"
          value={figures.medianDays}
          shown={figures.medianDays === null ? "Not reached" : `day ${show.number(figures.medianDays, 0)}`}
        />
        {figures.within
          .filter(({ days }) => SHOWN_READINGS.includes(days))
          .map(({ days, share, low, high }) => (
            <SmallFigure
              key={days}
              name={`reorderedWithin${days}Days`}
              label={`Within ${days} days`}
              value={share}
              shown={
                low === null || high === null
                  ? show.share(share)
                  : `${show.share(share)} (${show.share(low)} to ${show.share(high)})`
              }
            />
          ))}
      </InlineGrid>
    </ChartCard>
  );
}

const SHOWN_READINGS = [30, 90, 365];
