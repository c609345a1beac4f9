/** What a shop's customers are worth from now on: the figures, when the money is expected, and whose it is. */
import { BlockStack, Card, InlineGrid, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { dayFromIso, monthOf } from "../../core/calendar.ts";
import type { ShopValue } from "../../core/clv/shop-value.ts";
import type { Coverage } from "../../core/metrics/coverage.ts";
import { ChartCard } from "../charts/chart-card.tsx";
import type { ChartTable } from "../charts/chart-series.ts";
import { PlainTable } from "../charts/plain-table.tsx";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureCard, FigureInformation } from "../metrics/figure-card.tsx";

interface NamedGroup {
  name: string;
  customers: number;
  broughtMinor: number;
  expectedMinor: number;
}

type Figures = Omit<ShopValue, "firstProducts"> & { firstProducts: NamedGroup[] };

interface Props {
  figures: Figures;
  coverage: Coverage;
  months: number;
}

export function ValueFigures({ figures, coverage, months }: Props) {
  const show = useShow();
  const money = rounded(show);
  const { total, customers, meanMinor, medianMinor, marginMinor, topTenthShare, broughtMinor } = figures;
  const interval =
    total.lowMinor === null
      ? "A rule was chosen for this shop, and rules tell no interval."
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
          explained={`Half of your ${show.counted(customers, "customer", "customers")} are worth less than ${money(medianMinor)}.`}
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
  const money = rounded(show);
  const { forecast, tenths } = figures;
  const hasInterval = forecast.every(({ lowMinor }) => lowMinor !== null);
  const point = (month: number, value: number | null) => ({ key: String(month), value });
  return (
    <InlineGrid columns={{ xs: 1, lg: 2 }} gap="300">
      <ChartCard
        title="Sales expected from today's customers"
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
        actions={<FigureInformation name="expectedSales" label="Expected sales" coverage={coverage} />}
      />
      <ChartCard
        title="Value by tenth of customers"
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
          <FigureInformation name="expectedValuePerCustomer" label="Value per customer" coverage={coverage} />
        }
      />
    </InlineGrid>
  );
}

const COHORTS_SHOWN = 24;

export function ValueTables({ figures }: Props) {
  const show = useShow();
  const cohorts = figures.cohorts.slice(-COHORTS_SHOWN).map(({ key, ...group }) => ({
    ...group,
    name: show.month(monthOf(dayFromIso(`${key}-01`))),
  }));
  return (
    <InlineGrid columns={{ xs: 1, lg: 2 }} gap="300">
      <TableCard title="By month of the first order">
        <PlainTable
          caption="Value by month of the first order"
          table={groupTable("First order", cohorts, show)}
        />
      </TableCard>
      <TableCard title="By first product">
        <PlainTable
          caption="Value by the first order's largest product"
          table={groupTable("Product", figures.firstProducts, show)}
        />
      </TableCard>
    </InlineGrid>
  );
}

function TableCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        <div style={{ maxHeight: 420, overflow: "auto" }} tabIndex={0} role="region" aria-label={title}>
          {children}
        </div>
      </BlockStack>
    </Card>
  );
}

function groupTable(heading: string, groups: readonly NamedGroup[], show: Show): ChartTable {
  const money = rounded(show);
  return {
    headings: [heading, "Customers", "Brought so far, each", "Expected, each"],
    rows: groups.map(({ name, customers, broughtMinor, expectedMinor }) => [
      name,
      show.count(customers),
      money(broughtMinor / customers),
      money(expectedMinor / customers),
    ]),
  };
}

/** Estimates have fractions of a minor unit. */
function rounded(show: Show): (minor: number | null) => string {
  return (minor) => show.money(minor === null ? null : Math.round(minor));
}
