/** What a shop's customers are worth from now on: the figures, when the money is expected, and whose it is. */
import { BlockStack, Card, InlineGrid, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { dayFromIso, monthOf } from "../../core/calendar.ts";
import type { ShopValue, ValueGroup } from "../../core/clv/shop-value.ts";
import type { Coverage } from "../../core/metrics/coverage.ts";
import { ChartCard } from "../charts/chart-card.tsx";
import type { ChartTable } from "../charts/chart-series.ts";
import { PlainTable } from "../charts/plain-table.tsx";
import type { Show } from "../frame/show.ts";
import { CardHeading } from "../frame/card-heading.tsx";
import { useShow } from "../frame/use-show.ts";
import { ExportButton } from "../frame/export-button.tsx";
import { FigureCard, FigureInformation } from "../metrics/figure-card.tsx";

interface Props {
  figures: ShopValue;
  coverage: Coverage;
  months: number;
}

export function ValueFigures({ figures, coverage, months }: Props) {
  const show = useShow();
  const money = show.estimate;
  const { total, customers, meanMinor, medianMinor, marginMinor, topTenthShare, broughtMinor } = figures;
  const interval =
    total.lowMinor === null
      ? "The history is too short to say how far this may be off."
      : `With 80% certainty between ${money(total.lowMinor)} and ${money(total.highMinor)}.`;
  return (
    <section>
      <Text as="h2" variant="headingMd" visuallyHidden>
        Value of all customers
      </Text>
      <InlineGrid columns={{ xs: 1, sm: 2, lg: 3 }} gap="300">
        <FigureCard
          name="expectedValue"
          label={`Expected in ${months} months`}
          value={total.meanMinor}
          shown={money(total.meanMinor)}
          explained={interval}
          coverage={coverage}
        />
        <FigureCard
          name="expectedValuePerCustomer"
          label="Per customer"
          value={meanMinor}
          shown={money(meanMinor)}
          explained={
            medianMinor === 0
              ? `Half or more of your ${show.counted(customers, "customer", "customers")} are expected to spend nothing.`
              : `Half of your ${show.counted(customers, "customer", "customers")} are worth less than ${money(medianMinor)}.`
          }
          coverage={coverage}
        />
        <FigureCard
          name="topTenthShare"
          label="Held by the top 10%"
          value={topTenthShare}
          shown={show.share(topTenthShare)}
          explained="Of what is expected, by the tenth of customers who are worth most."
          coverage={coverage}
        />
        <FigureCard
          name="expectedMargin"
          label="Margin expected"
          value={marginMinor}
          shown={money(marginMinor)}
          explained={
            marginMinor === null
              ? "Set a flat margin in the settings, or unit costs in Shopify."
              : "At the margin of your sales so far."
          }
          coverage={coverage}
        />
        <FigureCard
          name="broughtSoFar"
          label="Brought so far"
          value={broughtMinor}
          shown={money(broughtMinor)}
          explained="Net sales to these customers up to now."
          coverage={coverage}
        />
      </InlineGrid>
    </section>
  );
}

export function ValueCharts({ figures, coverage }: Props) {
  const show = useShow();
  const money = show.estimate;
  const { forecast, tenths } = figures;
  const hasInterval = forecast.every(({ lowMinor }) => lowMinor !== null);
  const point = (month: number, value: number | null) => ({ key: String(month), value });
  return (
    <InlineGrid columns={{ xs: 1, lg: 2 }} gap="300">
      <ChartCard
        title="Sales expected from today's customers"
        height={TENTHS_PIXELS}
        description="Cumulative, without anybody new, not discounted."
        kind="line"
        keyHeading="Months from now"
        axisTitle="Months from now"
        series={[
          {
            name: "Expected sales",
            data: forecast.map(({ month, expectedMinor }) => point(month, expectedMinor)),
            ...(hasInterval && {
              band: {
                name: "80% interval",
                low: forecast.map(({ month, lowMinor }) => point(month, lowMinor)),
                high: forecast.map(({ month, highMinor }) => point(month, highMinor)),
              },
            }),
          },
        ]}
        showValue={(minor) => money(minor)}
        showAxisValue={(minor) => show.moneyShort(minor)}
        actions={
          <>
            <FigureInformation name="expectedSales" label="Expected sales" coverage={coverage} />
            <ExportButton table="value-forecast" subject="expected sales" />
          </>
        }
      />
      <ChartCard
        title="Value by tenth of customers"
        height={TENTHS_PIXELS}
        description="Customers from those worth most to those worth least, in ten equal groups."
        kind="bar"
        keyHeading="Tenth"
        series={[
          {
            name: "Value per customer",
            data: tenths.map(({ meanMinor }, tenth) => point(tenth + 1, meanMinor)),
          },
        ]}
        showValue={(minor) => money(minor)}
        showAxisValue={(minor) => show.moneyShort(minor)}
        actions={
          <>
            <FigureInformation
              name="expectedValuePerCustomer"
              label="Value per customer"
              coverage={coverage}
            />
            <ExportButton table="value-tenths" subject="value by tenth" />
          </>
        }
      />
    </InlineGrid>
  );
}

/** Of ten bars that lie, with room for their keys. */
const TENTHS_PIXELS = 400;
const COHORTS_SHOWN = 24;
/** Of a chart of sources: beyond these the bars are too thin to read. */
const SOURCES_DRAWN = 8;

const DISCOUNT_USE_NAMES: Readonly<Record<string, string>> = {
  never: "Never",
  some: "Up to half of orders",
  mostly: "More than half of orders",
};

export function ValueTables({ figures }: Props) {
  const show = useShow();
  const { cohorts, firstProducts } = figures;
  const month = (key: string) => show.month(monthOf(dayFromIso(`${key}-01`)));
  return (
    <InlineGrid columns={{ xs: 1, lg: 2 }} gap="300">
      <TableCard
        title="By month of the first order"
        actions={<ExportButton table="value-cohorts" subject="value by month of the first order" />}
      >
        <PlainTable
          caption="Value by month of the first order"
          table={groupTable("First order", cohorts.slice(-COHORTS_SHOWN), { show, nameOf: month })}
        />
      </TableCard>
      <TableCard
        title="By first product"
        actions={<ExportButton table="value-first-products" subject="value by first product" />}
      >
        <PlainTable
          caption="Value by the first order's largest product"
          table={groupTable("Product", firstProducts, { show, unknown: "No product known" })}
        />
      </TableCard>
    </InlineGrid>
  );
}

/** Where customers came from, and how they use discounts: few groups each, so a drawing tells them apart. */
export function ValueByHabit({ figures, coverage }: Props) {
  const show = useShow();
  const { firstSources, discountUses } = figures;
  const discountUse = (key: string) => DISCOUNT_USE_NAMES[key] ?? key;
  return (
    <InlineGrid columns={{ xs: 1, lg: 2 }} gap="300">
      <GroupChart
        title="By first source"
        description="Where the visit came from that led to the first order, as Shopify tells it."
        heading="Source"
        groups={firstSources}
        drawn={firstSources.slice(0, SOURCES_DRAWN)}
        words={{ show, unknown: "Not known to Shopify" }}
        actions={
          <>
            <FigureInformation name="valueBySource" label="Value by first source" coverage={coverage} />
            <ExportButton table="value-first-sources" subject="value by first source" />
          </>
        }
      />
      <GroupChart
        title="By use of discounts"
        description="Customers by how many of their orders had a discount."
        heading="Orders with a discount"
        groups={discountUses}
        drawn={discountUses}
        words={{ show, nameOf: discountUse }}
        actions={
          <>
            <FigureInformation name="valueByDiscount" label="Value by use of discounts" coverage={coverage} />
            <ExportButton table="value-discount-use" subject="value by use of discounts" />
          </>
        }
      />
    </InlineGrid>
  );
}

interface GroupWords {
  show: Show;
  nameOf?: (key: string) => string;
  /** Of a group of customers of whom it is not known. */
  unknown?: string;
}

function GroupChart({
  title,
  description,
  heading,
  groups,
  drawn,
  words,
  actions,
}: {
  title: string;
  description: string;
  heading: string;
  groups: readonly ValueGroup[];
  drawn: readonly ValueGroup[];
  words: GroupWords;
  actions: ReactNode;
}) {
  const { show } = words;
  const series = (name: string, of: "broughtMinor" | "expectedMinor") => ({
    name,
    data: drawn.map((group) => ({ key: nameOf(group, words), value: group[of] / group.customers })),
  });
  return (
    <ChartCard
      title={title}
      description={description}
      kind="bar"
      keyHeading={heading}
      series={[series("Brought so far, each", "broughtMinor"), series("Expected, each", "expectedMinor")]}
      table={groupTable(heading, groups, words)}
      showValue={show.estimate}
      showAxisValue={(minor) => show.moneyShort(minor)}
      height={HABIT_PIXELS}
      actions={actions}
    />
  );
}

const HABIT_PIXELS = 340;

function TableCard({ title, actions, children }: { title: string; actions: ReactNode; children: ReactNode }) {
  return (
    <Card>
      <BlockStack gap="300">
        <CardHeading title={title} actions={actions} />
        <div style={{ maxHeight: 420, overflow: "auto" }} tabIndex={0} role="region" aria-label={title}>
          {children}
        </div>
      </BlockStack>
    </Card>
  );
}

function groupTable(heading: string, groups: readonly ValueGroup[], words: GroupWords): ChartTable {
  const { show } = words;
  const money = show.estimate;
  return {
    headings: [heading, "Customers", "Brought so far, each", "Expected, each"],
    rows: groups.map((group) => [
      nameOf(group, words),
      show.count(group.customers),
      money(group.broughtMinor / group.customers),
      money(group.expectedMinor / group.customers),
    ]),
  };
}

function nameOf({ key }: ValueGroup, { nameOf: named = same, unknown = "Not known" }: GroupWords): string {
  return key === null ? unknown : named(key);
}

const same = (key: string) => key;
