/** The share of last year's customers who came back this year, beside what is published for online shops. */
import { BlockStack, Card, InlineStack, List, Text } from "@shopify/polaris";
import type { CSSProperties } from "react";
import type { Stated } from "../../core/metrics/coverage.ts";
import { PUBLISHED_RETENTION, type PeriodCustomers } from "../../core/metrics/customers.ts";
import { precedingPeriod } from "../../core/metrics/period.ts";
import { ExportButton } from "../frame/export-button.tsx";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "./figure-card.tsx";

const { average, goodFrom, goodTo, fastMovingConsumerGoods, sports, automotive } = PUBLISHED_RETENTION;

export function YearRetention({ stated }: { stated: Stated<PeriodCustomers["retention"]> }) {
  const show = useShow();
  const { figures, coverage } = stated;
  const before = precedingPeriod(coverage.period);
  const isWhole = coverage.firstOrderDay !== null && coverage.firstOrderDay <= before.firstDay;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            12-month retention
          </Text>
          <InlineStack gap="200" blockAlign="center">
            <FigureInformation name="retentionRate" label="12-month retention" coverage={coverage} />
            <ExportButton table="year-retention" />
          </InlineStack>
        </InlineStack>
        <div data-figure="yearRetentionRate" data-value={String(figures.rate)}>
          <Text as="p" variant="headingXl">
            {show.share(figures.rate)}
          </Text>
        </div>
        <Text as="p" tone="subdued">
          {figures.rate === null
            ? `No customer ordered between ${show.period(before)}, so there is nobody to come back yet.`
            : `${show.count(figures.retained)} of the ${show.counted(figures.atStart, "customer", "customers")} of ${show.period(before)} ordered again in ${show.period(coverage.period)}.`}
          {figures.rate !== null &&
            figures.reactivated > 0 &&
            ` ${show.counted(figures.reactivated, "older customer", "older customers")} returned as well; they are not part of the rate.`}
          {figures.rate !== null &&
            !isWhole &&
            coverage.firstOrderDay !== null &&
            ` Orders begin on ${show.day(coverage.firstOrderDay)}, so the earlier year is not whole.`}
        </Text>
        <Bands rate={figures.rate} />
        <BlockStack gap="100">
          <Text as="h3" variant="headingSm">
            Published for online shops
          </Text>
          <List>
            <List.Item>{`Average: ${show.share(average)}`}</List.Item>
            <List.Item>{`Good: ${show.share(goodFrom)} to ${show.share(goodTo)}`}</List.Item>
            <List.Item>{`Fast-moving consumer goods: ${show.share(fastMovingConsumerGoods)}`}</List.Item>
            <List.Item>{`Sports: ${show.share(sports)}; automotive: ${show.share(automotive)}`}</List.Item>
          </List>
          <Text as="p" variant="bodySm" tone="subdued">
            Surveys of other shops by other rules: a rough orientation, not a target.
          </Text>
        </BlockStack>
      </BlockStack>
    </Card>
  );
}

/** The list below says the same in words. */
function Bands({ rate }: { rate: number | null }) {
  return (
    <div aria-hidden="true" style={{ paddingBlock: "var(--p-space-200)" }}>
      <div style={track}>
        <div style={{ ...band, left: percent(goodFrom), width: percent(goodTo - goodFrom) }} />
        {[average, fastMovingConsumerGoods, sports].map((published) => (
          <div key={published} style={{ ...tick, left: percent(published) }} />
        ))}
        {rate !== null && <div style={{ ...marker, left: percent(rate) }} />}
      </div>
      <div style={{ display: "flex", justifyContent: "space-between", marginTop: "var(--p-space-100)" }}>
        <Text as="span" variant="bodySm" tone="subdued">
          0%
        </Text>
        <Text as="span" variant="bodySm" tone="subdued">
          100%
        </Text>
      </div>
      <div style={{ display: "flex", flexWrap: "wrap", gap: "var(--p-space-100) var(--p-space-400)" }}>
        {rate !== null && <Key color={COLORS.shop} width={6} text="Your shop" />}
        <Key color={COLORS.good} width={16} text="Published as good" />
        <Key color={COLORS.average} width={2} text="Published averages" />
      </div>
    </div>
  );
}

function Key({ color, width, text }: { color: string; width: number; text: string }) {
  return (
    <span style={{ display: "inline-flex", alignItems: "center", gap: "var(--p-space-100)" }}>
      <span style={{ width, height: 12, borderRadius: Math.min(width / 2, 3), background: color }} />
      <Text as="span" variant="bodySm" tone="subdued">
        {text}
      </Text>
    </span>
  );
}

const COLORS = { shop: "#0e3d6b", good: "#9fd3b4", average: "#616161" };

const percent = (share: number) => `${share * 100}%`;
const track: CSSProperties = {
  position: "relative",
  height: 16,
  borderRadius: 4,
  background: "var(--p-color-bg-surface-tertiary)",
};
const band: CSSProperties = { position: "absolute", top: 0, bottom: 0, background: COLORS.good };
const tick: CSSProperties = { position: "absolute", top: 0, bottom: 0, width: 2, background: COLORS.average };
const marker: CSSProperties = {
  position: "absolute",
  top: -5,
  bottom: -5,
  width: 6,
  marginLeft: -3,
  borderRadius: 3,
  background: COLORS.shop,
  border: "1px solid #ffffff",
};
