/** How many of a shop's customers order again, by time since their first order: in each month, and ever by then. */
import type { CohortCurve, CohortCurvePoint } from "../../core/metrics/cohort-curves.ts";
import type { Coverage } from "../../core/metrics/coverage.ts";
import type { Grain } from "../../core/metrics/time-buckets.ts";
import { ChartCard } from "../charts/chart-card.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "./figure-card.tsx";

interface CurvesProps {
  curves: readonly CohortCurve[];
  coverage: Coverage;
  grain: Grain;
}

export function RetentionCurve({ curves, coverage, grain }: CurvesProps) {
  return (
    <CurveChart
      name="retentionCurve"
      title="Retention curve"
      description={`Of customers, the share with an order in each ${grain} since their first one, by the year of that one.`}
      curves={curves}
      coverage={coverage}
      grain={grain}
      // Everybody orders in the first one, which would press all others flat.
      from={1}
      of={({ retention }) => retention}
    />
  );
}

export function RepeatCurve({ curves, coverage, grain }: CurvesProps) {
  return (
    <CurveChart
      name="repeatCurve"
      title="Repeat curve"
      description={`Of customers, the share with a second order by the end of each ${grain}, by the year of the first one.`}
      curves={curves}
      coverage={coverage}
      grain={grain}
      from={0}
      of={({ repeated }) => repeated}
    />
  );
}

interface CurveChartProps extends CurvesProps {
  name: "retentionCurve" | "repeatCurve";
  title: string;
  description: string;
  from: number;
  of: (point: CohortCurvePoint) => number;
}

function CurveChart({ name, title, description, curves, coverage, grain, from, of }: CurveChartProps) {
  const show = useShow();
  const unit = grain === "month" ? "Month" : "Week";
  return (
    <ChartCard
      title={title}
      description={description}
      kind="line"
      emptyText={`Needs 30 customers who have been seen for a whole ${grain}.`}
      keyHeading={`${unit} since the first order`}
      series={curves.map(({ year, points }) => ({
        name: year ?? "All",
        data: points.slice(from).map((point, index) => ({ key: String(from + index), value: of(point) })),
      }))}
      showValue={show.share}
      showAxisValue={show.shareShort}
      axisTitle={`${unit}s since the first order`}
      actions={
        <>
          <FigureInformation name={name} label={title} coverage={coverage} />
          <ExportButton table="retention-curves" subject={title.toLowerCase()} />
        </>
      }
    />
  );
}
