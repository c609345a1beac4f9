/** The drawing itself. Only ever imported when a chart comes into view: polaris-viz is heavy and needs a window. */
import {
  BarChart,
  LineChart,
  LineChartRelational,
  PolarisVizProvider,
  StackedAreaChart,
  type DataSeries,
} from "@shopify/polaris-viz";
import "@shopify/polaris-viz/build/esm/styles.css";
import { useEffect, useRef } from "react";
import type { ChartPoint, ChartSeries } from "./chart-series.ts";

export interface DrawnChartProps {
  kind: "line" | "bar" | "area";
  series: readonly ChartSeries[];
  showKey: (key: string) => string;
  showValue: (value: number) => string;
  showAxisValue: (value: number) => string;
}

/** Straight from point to point: the rounded steps of the library pass through values that nobody measured. */
const STRAIGHT = { Light: { line: { hasSpline: false } } };
/** The band is drawn in steps, and its line with it. */
const STEPPED = {};
/** A line of one point is a dot as wide as the line, if no neighbour has a value. */
const MARKS = { color: "rgb(80, 36, 143)", styleOverride: { line: { width: 9, hasArea: false } } };
/** Beside a band the legend shows only colours that are told, and no other area lies behind the line. */
const BANDED = { color: "rgb(19, 172, 240)", styleOverride: { line: { hasArea: false } } };
const BAND_COLOR = "rgba(0, 113, 179, 0.18)";

export default function DrawnChart({ kind, series, showKey, showValue, showAxisValue }: DrawnChartProps) {
  const drawing = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const root = drawing.current;
    return root ? keepOutOfTabOrder(root) : undefined;
  }, []);

  const keyLabel = (key: string | number | null) => showKey(String(key ?? ""));
  const labelOf = (show: (value: number) => string) => (value: string | number | null) =>
    value === null ? "" : show(Number(value));
  const hasBand = series.some(({ band }) => band);
  const shared = {
    theme: "Light",
    xAxisOptions: { labelFormatter: keyLabel },
    yAxisOptions: { labelFormatter: labelOf(showAxisValue) },
    tooltipOptions: { titleFormatter: keyLabel, valueFormatter: labelOf(showValue) },
    showLegend: series.length > 1 || hasBand,
  };
  return (
    <div ref={drawing} style={{ height: "100%" }}>
      <PolarisVizProvider themes={hasBand ? STEPPED : STRAIGHT}>{chart()}</PolarisVizProvider>
    </div>
  );

  function chart() {
    if (hasBand) return <LineChartRelational {...shared} data={withBands(series)} />;
    const data = series.map(({ name, data: points, isComparison = false, isMarks = false }) => ({
      name,
      data: [...points],
      isComparison,
      ...(isMarks ? MARKS : {}),
    }));
    // Lying down, each bar keeps its key on a phone, too; the axes change places.
    if (kind === "bar")
      return (
        <BarChart
          {...shared}
          direction="horizontal"
          data={data}
          xAxisOptions={shared.yAxisOptions}
          yAxisOptions={shared.xAxisOptions}
        />
      );
    // A line of one point cannot be seen.
    if (data.every(({ data: points }) => points.length <= 1)) return <BarChart {...shared} data={data} />;
    if (kind === "area") return <StackedAreaChart {...shared} data={data} />;
    return <LineChart {...shared} data={data} />;
  }
}

/** A bound names the place of the series that it belongs with; the area lies between the two bounds. */
function withBands(series: readonly ChartSeries[]) {
  const flat: DataSeries[] = [];
  for (const { name, data, band, isComparison = false } of series) {
    flat.push({ name, data: [...data], isComparison, ...(band ? BANDED : {}) });
    if (!band) continue;
    const lowPlace = flat.length;
    flat.push(
      bound(`${band.name}, from`, band.low, { relatedIndex: lowPlace - 1, legendLabel: band.name }),
      bound(`${band.name}, to`, band.high, {
        relatedIndex: lowPlace,
        areaColor: BAND_COLOR,
        legendLabel: band.name,
      }),
    );
  }
  return flat;
}

function bound(name: string, data: readonly ChartPoint[], metadata: Record<string, unknown>) {
  return { name, data: [...data], color: BAND_COLOR, metadata };
}

/**
 * Assistive technology is given the table instead of the drawing, so nothing in the drawing may take the focus either;
 * polaris-viz makes every point of a line a stop.
 */
function keepOutOfTabOrder(root: HTMLElement): () => void {
  const clear = () => {
    for (const element of root.querySelectorAll(
      '[tabindex="0"], button:not([tabindex]), a[href]:not([tabindex])',
    ))
      element.setAttribute("tabindex", "-1");
  };
  clear();
  const observer = new MutationObserver(clear);
  observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["tabindex"] });
  return () => observer.disconnect();
}
