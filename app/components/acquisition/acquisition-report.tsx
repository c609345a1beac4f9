/** What customers cost against what they are worth: of all months with a cost, month by month, and of one month on its way. */
import { Banner, BlockStack, Card, InlineGrid, InlineStack, Select, Text } from "@shopify/polaris";
import { dayFromIso, monthOf } from "../../core/calendar.ts";
import type { Estimate } from "../../core/clv/acquisition-cost.ts";
import type { AcquisitionReport, AcquisitionRow } from "../../core/clv/acquisition-report.ts";
import type { Coverage } from "../../core/metrics/coverage.ts";
import { ChartCard } from "../charts/chart-card.tsx";
import { PlainTable } from "../charts/plain-table.tsx";
import { CardHeading } from "../frame/card-heading.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { FOUR_IN_A_ROW } from "../frame/page-states.tsx";
import type { Show } from "../frame/show.ts";
import { useAddress } from "../frame/use-address.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureCard, FigureInformation } from "../metrics/figure-card.tsx";

interface Props {
  report: AcquisitionReport;
  coverage: Coverage;
  months: number;
}

export function AcquisitionFigures({ report, coverage, months }: Props) {
  const show = useShow();
  const { total, measure, hasInterval } = report;
  if (!total) return null;
  const money = show.estimate;
  const between = (estimated: Estimate | null, shown: (value: number) => string) =>
    estimated && hasInterval
      ? `With 80% certainty between ${shown(estimated.low)} and ${shown(estimated.high)}.`
      : "No interval can be told.";
  return (
    <section>
      <Text as="h2" variant="headingMd" visuallyHidden>
        All months with a cost
      </Text>
      <InlineGrid columns={FOUR_IN_A_ROW} gap="300">
        <FigureCard
          name="acquisitionSpend"
          label="Spent"
          value={total.spentMinor}
          shown={money(total.spentMinor)}
          explained={`In ${show.counted(total.months, "month", "months")}, for ${show.counted(total.customers, "new customer", "new customers")}.`}
          coverage={coverage}
        />
        <FigureCard
          name="acquisitionCost"
          label="Cost per customer (CAC)"
          value={total.costMinor}
          shown={money(total.costMinor)}
          explained="All first orders of these months, advertised or not."
          coverage={coverage}
        />
        <FigureCard
          name="acquiredValue"
          label="Value per customer (CLV)"
          value={total.valueMinor?.mean ?? null}
          shown={money(total.valueMinor?.mean ?? null)}
          explained={`Brought so far and expected in ${months} months${measure === "margin" ? ", at your margin" : ""}. ${between(total.valueMinor, money)}`}
          coverage={coverage}
        />
        <FigureCard
          name="valueToCost"
          label="CLV to CAC"
          value={total.ratio?.mean ?? null}
          shown={show.times(total.ratio?.mean ?? null)}
          explained={between(total.ratio, show.times)}
          coverage={coverage}
        />
      </InlineGrid>
    </section>
  );
}

export function MeasureSelect({ measure, hasMargin }: { measure: string; hasMargin: boolean }) {
  const [, changeAddress] = useAddress();
  return (
    <Select
      label="Value counts as"
      options={[
        { label: "Net sales", value: "sales" },
        { label: "Margin", value: "margin", disabled: !hasMargin },
      ]}
      value={measure}
      onChange={(chosen) => changeAddress({ measure: chosen })}
      helpText={
        hasMargin
          ? "Margin is what is left after the cost of goods, and of points where a programme runs."
          : "For margin, set a flat one in the settings, or unit costs in Shopify."
      }
    />
  );
}

export function AcquisitionTable({ report, coverage }: Omit<Props, "months">) {
  const show = useShow();
  const money = show.estimate;
  const { rows, hasInterval } = report;
  const hasCosts = rows.some(({ spentMinor }) => spentMinor !== null);
  const title = "By month of the first order";
  return (
    <Card>
      <BlockStack gap="300">
        <CardHeading
          title={title}
          actions={
            <InlineStack gap="200" blockAlign="center">
              <FigureInformation name="valueToCost" label="CLV to CAC" coverage={coverage} />
              <ExportButton table="acquisition" subject="acquisition by month" />
            </InlineStack>
          }
        />
        {rows.length === 0 && (
          <Text as="p">Nobody has become a customer yet: all orders so far are those of guests.</Text>
        )}
        {rows.length > 0 && !hasCosts && (
          <Text as="p" tone="subdued">
            Costs, CLV to CAC and payback appear once you have written down what you spent.
          </Text>
        )}
        <div style={{ maxHeight: 520, overflow: "auto" }} tabIndex={0} role="region" aria-label={title}>
          <PlainTable
            caption="What customers cost and bring, by month of the first order"
            table={{
              headings: [
                ...["First order", "Spent", "Customers", "CAC", "Brought so far, each", "Expected, each"],
                ...["CLV to CAC", "Paid back in"],
              ],
              rows: rows
                .toReversed()
                .map((row) => [
                  monthName(row.month, show),
                  money(row.spentMinor),
                  show.count(row.customers),
                  money(row.costMinor),
                  money(eachOf(row, row.broughtMinor)),
                  withBounds(each(row), hasInterval, money),
                  withBounds(row.ratio, hasInterval, show.times),
                  paybackText(row, hasInterval),
                ]),
            }}
          />
        </div>
      </BlockStack>
    </Card>
  );
}

export function CohortPath({
  report,
  row,
  coverage,
}: {
  report: AcquisitionReport;
  row: AcquisitionRow;
  coverage: Coverage;
}) {
  const show = useShow();
  const [, changeAddress] = useAddress();
  const money = show.estimate;
  const { costMinor, pathMinor, customers, passedMonths } = row;
  const points = (of: keyof Estimate) =>
    pathMinor.map((value, at) => ({ key: String(at + 1), value: value[of] / customers }));
  const options = report.rows
    .filter((one) => one.customers > 0)
    .map(({ month }) => ({ label: monthName(month, show), value: month }))
    .toReversed();
  return (
    <BlockStack gap="300">
      <Card>
        <Select
          label="Customers of"
          labelInline
          options={options}
          value={row.month}
          onChange={(month) => changeAddress({ cohort: month })}
        />
      </Card>
      <ChartCard
        title={`Value against cost, customers of ${monthName(row.month, show)}`}
        description={pathSays(row, report, show)}
        kind="line"
        keyHeading="Month"
        axisTitle="Months since the first order, that month being 1"
        series={[
          {
            name: "Value per customer",
            data: points("mean"),
            ...(report.hasInterval && {
              band: { name: "80% interval", low: points("low"), high: points("high") },
            }),
          },
          ...(costMinor === null
            ? []
            : [
                {
                  name: "Cost per customer",
                  data: pathMinor.map((_, at) => ({ key: String(at + 1), value: costMinor })),
                  isComparison: true,
                },
              ]),
        ]}
        showValue={money}
        showAxisValue={(minor) => show.moneyShort(minor)}
        actions={
          <>
            <FigureInformation name="payback" label="Payback" coverage={coverage} />
            <ExportButton
              table="acquisition-path"
              subject="value against cost"
              also={{ cohort: row.month }}
            />
          </>
        }
      >
        <Text as="p" tone="subdued">
          {passedMonths === 0
            ? "No month has passed yet: what came so far is certain, the rest is expected."
            : `${show.counted(passedMonths, "month has", "months have")} passed and ${passedMonths === 1 ? "is" : "are"} certain; the rest is expected.`}
        </Text>
      </ChartCard>
    </BlockStack>
  );
}

function pathSays(row: AcquisitionRow, report: AcquisitionReport, show: Show): string {
  const { costMinor } = row;
  if (costMinor === null) return "Write down what you spent in this month to see when it is paid back.";
  const cost = `Each of ${show.counted(row.customers, "customer", "customers")} cost ${show.estimate(costMinor)}.`;
  const { month } = row.payback ?? {};
  if (typeof month !== "number") return `${cost} That is not back within the months shown.`;
  if (month <= row.passedMonths) return `${cost} That was back in month ${month}.`;
  return `${cost} That should be back in month ${paybackText(row, report.hasInterval)}.`;
}

/** `3`, with its interval `3 (2–5)`, or that it is not within the months looked at. */
function paybackText({ payback, pathMonths, spentMinor }: AcquisitionRow, hasInterval: boolean): string {
  if (!payback || spentMinor === 0) return "–";
  const { month, early, late } = payback;
  const never = `over ${pathMonths}`;
  const mean = month === null ? never : String(month);
  if (!hasInterval || early === late) return mean;
  return `${mean} (${early ?? never}–${late ?? never})`;
}

export function NoModelYet() {
  return (
    <Banner tone="info" title="Your customers' habits are being learnt">
      <p>
        What customers will bring, CLV to CAC and payback appear by themselves. What you spent can be written
        down already.
      </p>
    </Banner>
  );
}

function each({ expectedMinor, customers }: AcquisitionRow): Estimate | null {
  if (!expectedMinor || customers === 0) return null;
  const { mean, low, high } = expectedMinor;
  return { mean: mean / customers, low: low / customers, high: high / customers };
}

const eachOf = ({ customers }: AcquisitionRow, minor: number) => (customers === 0 ? null : minor / customers);

function withBounds(
  estimated: Estimate | null,
  hasInterval: boolean,
  shown: (value: number) => string,
): string {
  if (!estimated) return "–";
  const { mean, low, high } = estimated;
  return hasInterval ? `${shown(mean)} (${shown(low)}–${shown(high)})` : shown(mean);
}

function monthName(month: string, show: Show): string {
  return show.month(monthOf(dayFromIso(`${month}-01`)));
}
