/**
 * A chart in a card, and the same figures as a table. Both come once the page is awake: the table at once, for those who cannot see the
 * drawing and wherever it cannot be had, the drawing when it is scrolled to. Nothing moves when they arrive.
 */
import { BlockStack, Button, Card, InlineStack, SkeletonDisplayText, Text } from "@shopify/polaris";
import {
  Component,
  lazy,
  Suspense,
  useId,
  useRef,
  useState,
  type CSSProperties,
  type ReactNode,
} from "react";
import { chartTable, type ChartSeries, type ChartTable } from "./chart-series.ts";
import { PlainTable } from "./plain-table.tsx";
import type { DrawnChartProps } from "./drawn-chart.tsx";
import { useAwake } from "../frame/use-awake.ts";
import { useInView } from "./use-in-view.ts";

const DrawnChart = lazy(() => import("./drawn-chart.tsx"));

export interface ChartCardProps {
  title: string;
  /** What the chart says or how to read it, in a sentence. */
  description?: ReactNode;
  kind: DrawnChartProps["kind"];
  series: readonly ChartSeries[];
  /** Heading of the keys' column: `Month`. */
  keyHeading: string;
  showKey?: (key: string) => string;
  showValue: (value: number) => string;
  /** Shorter, beside the axis; as elsewhere unless told. */
  showAxisValue?: (value: number) => string;
  /** Below the axis, where the keys do not say what they are. */
  axisTitle?: string;
  /** Taken from the series unless told. */
  table?: ChartTable;
  /** Pixels of the drawing. */
  height?: number;
  /** Buttons beside the title. */
  actions?: ReactNode;
  /** Why there may be nothing to draw. */
  emptyText?: string;
  /** Below the drawing. */
  children?: ReactNode;
}

const same = (key: string) => key;
const DEFAULT_HEIGHT = 260;

/** Laid out when its chart comes near: tables are the larger part of a page's elements. */
const unseen: CSSProperties = {
  contentVisibility: "auto",
  position: "absolute",
  top: 0,
  width: 1,
  height: 1,
  overflow: "hidden",
  clipPath: "inset(50%)",
};
const scrolling: CSSProperties = { position: "absolute", inset: 0, overflow: "auto" };

export function ChartCard(props: ChartCardProps) {
  const { title, description, kind, series, keyHeading, showKey = same, showValue } = props;
  const { showAxisValue = showValue, axisTitle } = props;
  const { height = DEFAULT_HEIGHT, actions, emptyText = "Nothing to show in this period.", children } = props;
  const [showsTable, setShowsTable] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const isInView = useInView(box);
  const isAwake = useAwake();
  const headingId = useId();
  const table = props.table ?? chartTable(series, { keyHeading, showKey, showValue });
  const hasData = series.some(({ data }) => data.some(({ value }) => value !== null));
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd" id={headingId}>
            {title}
          </Text>
          <InlineStack gap="200" blockAlign="center">
            <Button
              disabled={!hasData}
              accessibilityLabel={`${showsTable ? "Show chart" : "Show table"}: ${title}`}
              onClick={() => setShowsTable(!showsTable)}
            >
              {showsTable ? "Show chart" : "Show table"}
            </Button>
            {actions}
          </InlineStack>
        </InlineStack>
        {description && (
          <Text as="p" tone="subdued">
            {description}
          </Text>
        )}
        <div ref={box} style={{ position: "relative", height }}>
          {!hasData && <Text as="p">{emptyText}</Text>}
          {hasData && !showsTable && (
            <div aria-hidden="true" style={{ height: "100%" }}>
              <WithoutDrawing instead={<PlainTable caption={title} table={table} />}>
                <Suspense fallback={<SkeletonDisplayText size="small" />}>
                  {isInView ? (
                    <DrawnChart
                      kind={kind}
                      series={series}
                      showKey={showKey}
                      showValue={showValue}
                      showAxisValue={showAxisValue}
                    />
                  ) : (
                    <SkeletonDisplayText size="small" />
                  )}
                </Suspense>
              </WithoutDrawing>
            </div>
          )}
          {hasData && isAwake && (
            <div
              style={showsTable ? scrolling : unseen}
              {...(showsTable ? { role: "region", "aria-labelledby": headingId, tabIndex: 0 } : {})}
            >
              <PlainTable caption={title} table={table} />
            </div>
          )}
        </div>
        {hasData && !showsTable && axisTitle && (
          <div aria-hidden="true">
            <Text as="p" variant="bodySm" tone="subdued" alignment="center">
              {axisTitle}
            </Text>
          </div>
        )}
        {children}
      </BlockStack>
    </Card>
  );
}

/** After a deployment an open page may ask for a drawing that is gone; the figures are still there. */
class WithoutDrawing extends Component<{ instead: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return <div style={scrolling}>{this.props.instead}</div>;
  }
}
