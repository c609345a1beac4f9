/** Why these figures can be believed, or how far: which model stands behind them, and how its forecasts of the past came out. */
import { Badge, Banner, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import type { CalibrationBin } from "../../core/clv/scores.ts";
import type { ModelCard as Told } from "../../core/clv/model-card.ts";
import { ChartCard } from "../charts/chart-card.tsx";
import { PlainTable } from "../charts/plain-table.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { MODEL_NAMES } from "./model-names.ts";

export function ModelCard({ card }: { card: Told }) {
  const show = useShow();
  const { chosen, judged } = card;
  const { name, says } = MODEL_NAMES[chosen.value];
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <InlineStack gap="200" blockAlign="center">
            <Text as="h2" variant="headingMd">
              How these figures are made
            </Text>
            <Badge>{name}</Badge>
          </InlineStack>
          {judged && <ExportButton table="value-backtest" subject="how each forecast came out" />}
        </InlineStack>
        <Text as="p">
          {`${says} Learnt from ${show.counted(card.customers, "customer", "customers")} up to ${show.day(card.untilDay)}; learnt anew every night.`}
        </Text>
        {judged ? (
          <Judgement card={card} judged={judged} />
        ) : (
          <Banner tone="warning">
            <p>
              Your history is too short to check forecasts against it. Take these figures for a first guess.
            </p>
          </Banner>
        )}
      </BlockStack>
    </Card>
  );
}

function Judgement({ card, judged }: { card: Told; judged: NonNullable<Told["judged"]> }) {
  const show = useShow();
  const days = judged.origins.map((day) => show.day(day)).join(", ");
  const { window, range } = judged;
  return (
    <BlockStack gap="300">
      <Text as="p">
        {`Every way of forecasting was tried on your own past: standing at ${days}, knowing nothing of later, each said how many orders every customer would place in the next ${show.counted(judged.horizonDays, "day", "days")}. The simplest among the best was chosen.`}
      </Text>
      {judged.fewOrigins && (
        <Banner tone="info">
          <p>Your history allows fewer than three such tests, so this judgement is weak.</p>
        </Banner>
      )}
      <div style={{ overflow: "auto" }} tabIndex={0} role="region" aria-label="How each forecast came out">
        <PlainTable
          caption="How each forecast came out, the best first"
          table={{
            headings: [
              "Forecast",
              "Deviance (less is better)",
              "Mean error in orders",
              "All together, too high by",
            ],
            rows: judged.rows.map(({ name, isChosen, deviance, mae, bias }) => [
              `${MODEL_NAMES[name].name}${isChosen ? " (chosen)" : ""}`,
              show.number(deviance, 3),
              show.number(mae, 3),
              show.share(bias),
            ]),
          }}
        />
      </div>
      {range && range.customers > 0 && (
        <Text as="p" tone="subdued">
          {`Value is told by a rule, and its interval is what customers like each one really spent. Told so on the first of these days, it held ${show.share(range.inside / range.customers)} of ${show.counted(range.customers, "customer", "customers")} on the last; 80% should.`}
        </Text>
      )}
      {card.fewResamples !== null && (
        <Text as="p" tone="subdued">
          {`With so many customers, how unsure the model itself is was told by ${show.number(card.fewResamples, 0)} resamples, so the width of a total’s interval is itself unsure by ${show.share(1 / Math.sqrt(2 * card.fewResamples))}.`}
        </Text>
      )}
      {window && window.orders > 0 && card.chosen.purchases !== "blend" && (
        <Text as="p" tone="subdued">
          {`Of ${show.counted(window.orders, "next order", "next orders")} checked, ${show.share(window.inside / window.orders)} came within the days expected; ${show.share(window.expected)} should.`}
        </Text>
      )}
    </BlockStack>
  );
}

export function ModelCharts({ card }: { card: Told }) {
  const show = useShow();
  const { tracking, judged } = card;
  const orders = (value: number) => show.number(value, value < 100 ? 1 : 0);
  return (
    <>
      {tracking && (
        <ChartCard
          title="Repeat orders, expected and actual"
          description={`Cumulative by week. The model knew the first ${show.counted(tracking.knownWeeks, "week", "weeks")} only.`}
          kind="line"
          keyHeading="Week"
          axisTitle="Week"
          series={[
            { name: "Actual", data: weekly(tracking.actual) },
            { name: MODEL_NAMES[tracking.model].name, data: weekly(tracking.expected), isComparison: true },
          ]}
          showValue={orders}
          actions={<ExportButton table="value-tracking" subject="repeat orders, expected and actual" />}
        />
      )}
      {judged && judged.byDecile.length > 0 && (
        <ChartCard
          title="Forecast and actual orders, by tenth of customers"
          description="Customers from the lowest forecast to the highest: both lines should lie on each other."
          axisTitle="Tenth of customers by forecast"
          keyHeading="Tenth"
          actions={
            <ExportButton table="value-calibration-tenths" subject="forecast and actual orders by tenth" />
          }
          {...compared(judged.byDecile, (bin) => String(bin + 1), show)}
        />
      )}
      {judged && judged.byRepeats.length > 0 && (
        <ChartCard
          title="Forecast and actual orders, by orders so far"
          description="What customers with so many repeat orders were expected to order next, and did."
          axisTitle="Repeat orders before"
          keyHeading="Repeat orders before"
          actions={
            <ExportButton
              table="value-calibration-repeats"
              subject="forecast and actual orders by orders so far"
            />
          }
          {...compared(
            judged.byRepeats,
            (bin) => (bin === judged.byRepeats.length - 1 ? `${bin} and more` : String(bin)),
            show,
          )}
        />
      )}
    </>
  );
}

function compared(bins: readonly CalibrationBin[], nameOf: (bin: number) => string, show: Show) {
  const points = (of: "actual" | "forecast") =>
    bins.map((bin, place) => ({ key: nameOf(place), value: bin.customers === 0 ? null : bin[of] }));
  return {
    kind: "line" as const,
    series: [
      { name: "Actual", data: points("actual") },
      { name: "Forecast", data: points("forecast"), isComparison: true },
    ],
    showValue: (value: number) => show.number(value, 2),
  };
}

const weekly = (values: readonly number[]) => values.map((value, week) => ({ key: String(week + 1), value }));
