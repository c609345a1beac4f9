/** What outstanding points may cost: the figures, when they are expected to be redeemed, and when they came. */
import { BlockStack, Card, InlineGrid, InlineStack, Select, Text } from "@shopify/polaris";
import { dayFromIso, monthOf } from "../../core/calendar.ts";
import { REDEMPTIONS_WANTED, type Estimate, type TooEarly } from "../../core/loyalty/liability.ts";
import type { LiabilityReport } from "../../core/loyalty/liability-report.ts";
import { ChartCard } from "../charts/chart-card.tsx";
import { PlainTable } from "../charts/plain-table.tsx";
import { CardHeading } from "../frame/card-heading.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import type { Show } from "../frame/show.ts";
import { useAddress } from "../frame/use-address.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureCard, FigureInformation } from "../metrics/figure-card.tsx";

const NOW = "now";

export function AsOfControl({
  loaded: { asOf, at, ends },
}: {
  loaded: { asOf: string | null; at: number; ends: readonly string[] };
}) {
  const show = useShow();
  const [, change] = useAddress();
  const month = (name: string) => show.month(monthOf(dayFromIso(`${name}-01`)));
  return (
    <Card>
      <InlineGrid columns={{ xs: 1, sm: 2, lg: 4 }} gap="300">
        <Select
          label="As of"
          options={[
            { label: "Now", value: NOW },
            ...ends.map((value) => ({ label: `The end of ${month(value)}`, value })),
          ]}
          value={asOf ?? NOW}
          onChange={(value) => change({ asOf: value === NOW ? null : value })}
          helpText={asOf === null ? `Points up to ${show.time(at)}` : "By what was known then"}
        />
      </InlineGrid>
    </Card>
  );
}

export const THREE_IN_A_ROW = { xs: 1, sm: 2, lg: 3 };

const BY_WORDS = {
  best: "What your best reward gives for it.",
  redeemed: "What points were redeemed for in the last 12 months.",
  entered: "As you entered it.",
} as const;

export function LiabilityFigures({ report }: { report: LiabilityReport }) {
  const show = useShow();
  const money = show.estimate;
  const { outstanding, outstandingMinor, breakage, liabilityMinor, value, tooEarly } = report;
  const early = tooEarly && wordsOf(tooEarly, show);
  return (
    <section>
      <Text as="h2" visuallyHidden>
        Outstanding points
      </Text>
      <InlineGrid columns={THREE_IN_A_ROW} gap="300">
        <FigureCard
          name="pointsOutstanding"
          label="Points outstanding"
          value={outstanding}
          shown={show.count(outstanding)}
          explained={`${show.count(report.available)} available and ${show.count(report.pending)} pending.`}
        />
        <FigureCard
          name="pointsOutstandingValue"
          label="Their value"
          value={outstandingMinor}
          shown={money(outstandingMinor)}
          explained="If every one of them were redeemed."
        />
        <FigureCard
          name="pointsBreakage"
          label="Breakage"
          value={breakage?.mean ?? null}
          shown={show.share(breakage?.mean ?? null)}
          explained={breakage ? between(breakage, show.share) : (early ?? "Nothing is outstanding.")}
        />
        <FigureCard
          name="pointsLiability"
          label="Estimated liability"
          value={liabilityMinor?.mean ?? null}
          shown={money(liabilityMinor?.mean ?? null)}
          explained={
            breakage && liabilityMinor
              ? between(liabilityMinor, money)
              : "All that is outstanding, as long as breakage cannot be told."
          }
        />
        <FigureCard
          name="pointsOwed"
          label="Points owed by members"
          value={report.owed}
          shown={show.count(report.owed)}
          explained="Not taken off the liability."
        />
        <FigureCard
          name="pointValue"
          label="Value of 1,000 points"
          value={value && value.minor * 1_000}
          shown={money(value && value.minor * 1_000)}
          explained={value ? BY_WORDS[value.by] : "No reward says it. Enter it below."}
        />
      </InlineGrid>
    </section>
  );
}

function between({ low, high }: Estimate, shown: (value: number) => string): string {
  return `With 95% certainty between ${shown(low)} and ${shown(high)}.`;
}

function wordsOf({ redemptions, months, monthsWanted }: TooEarly, show: Show): string {
  if (months < monthsWanted) {
    return `Too early to tell before ${show.counted(monthsWanted, "whole month has", "whole months have")} passed; so far ${show.count(months)}.`;
  }
  if (redemptions < REDEMPTIONS_WANTED) {
    return `Too early to tell before ${show.count(REDEMPTIONS_WANTED)} redemptions; so far ${show.count(redemptions)}.`;
  }
  return "Too early to tell: too few members have redeemed points.";
}

const CHART_PIXELS = 260;

export function LiabilityCharts({ report }: { report: LiabilityReport }) {
  const show = useShow();
  const { expectedByMonth, redeemedByAge } = report;
  const early = (report.tooEarly && wordsOf(report.tooEarly, show)) ?? "Nothing is outstanding.";
  const named = expectedByMonth.map(({ month, ...estimate }) => ({ key: String(month), ...estimate }));
  const aged = redeemedByAge.map(({ age, share }) => ({ key: String(age), ...share }));
  return (
    <InlineGrid columns={{ xs: 1, lg: 2 }} gap="300">
      <ChartCard
        title="Points expected to be redeemed"
        height={CHART_PIXELS}
        description="Of those outstanding now, by month."
        kind="line"
        keyHeading="Month"
        showKey={(month) => show.month(Number(month))}
        series={[seriesOf("Expected points", named)]}
        showValue={(points) => show.count(points)}
        emptyText={early}
        actions={
          <>
            <FigureInformation name="pointsExpected" label="Expected redemption" />
            {named.length > 0 && <ExportButton table="points-expected" subject="expected redemption" />}
          </>
        }
      />
      <ChartCard
        title="Share of points redeemed, by age"
        height={CHART_PIXELS}
        description="If none of them expired before."
        kind="line"
        keyHeading="Months since they came"
        axisTitle="Months since they came"
        series={[seriesOf("Redeemed", aged)]}
        showValue={show.share}
        showAxisValue={show.shareShort}
        emptyText={early}
        actions={
          <>
            <FigureInformation name="pointsRedeemedByAge" label="Share of points redeemed" />
            {aged.length > 0 && <ExportButton table="points-by-age" subject="share redeemed by age" />}
          </>
        }
      />
    </InlineGrid>
  );
}

function seriesOf(name: string, points: readonly ({ key: string } & Estimate)[]) {
  const of = (which: "mean" | "low" | "high") =>
    points.map((point) => ({ key: point.key, value: point[which] }));
  return { name, data: of("mean"), band: { name: "95% interval", low: of("low"), high: of("high") } };
}

export function LiabilityTable({ report }: { report: LiabilityReport }) {
  const show = useShow();
  const rows = report.rows.toReversed();
  return (
    <Card>
      <BlockStack gap="300">
        <CardHeading
          title="By month in which points came"
          actions={
            <InlineStack gap="200" blockAlign="center">
              <FigureInformation name="pointsLiability" label="Estimated liability" />
              <ExportButton table="points-liability" subject="the liability by month" />
            </InlineStack>
          }
        />
        <div role="region" aria-label="By month in which points came" tabIndex={0} style={SCROLLING}>
          <PlainTable
            caption="By month in which points came"
            table={{
              headings: [
                ...["Month", "Came", "Redeemed", "Expired", "Taken back", "Outstanding", "Value"],
                ...["Expected to be redeemed", "Estimated liability"],
              ],
              rows: rows.map((row) => [
                show.month(row.month),
                ...[row.entered, row.redeemed, row.expired, row.withdrawn, row.outstanding].map(show.count),
                show.estimate(row.outstandingMinor),
                show.count(row.expected),
                show.estimate(row.liabilityMinor),
              ]),
            }}
          />
        </div>
      </BlockStack>
    </Card>
  );
}

export const SCROLLING = { maxHeight: 420, overflow: "auto" } as const;
