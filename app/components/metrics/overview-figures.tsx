/** The figures that matter for a period, each with its change against the compared one. */
import { BlockStack, Box, InlineGrid, Text } from "@shopify/polaris";
import type { Coverage } from "../../core/metrics/coverage.ts";
import type { PeriodCustomers } from "../../core/metrics/customers.ts";
import type { Revenue } from "../../core/metrics/revenue.ts";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import type { DefinedFigure } from "./definitions.ts";
import { FigureCard } from "./figure-card.tsx";

interface PeriodFigures {
  revenue: Revenue;
  customers: PeriodCustomers;
  medianDaysBetweenOrders: number | null;
  coverage: Coverage;
  asOf: { readAt: number };
}

interface Figure {
  name: DefinedFigure;
  label: string;
  unit: "money" | "count" | "share" | "number" | "days";
  valueOf: (figures: PeriodFigures) => number | null;
}

const FIRST: readonly Figure[] = [
  { name: "netMinor", label: "Net sales", unit: "money", valueOf: ({ revenue }) => revenue.netMinor },
  { name: "orders", label: "Orders", unit: "count", valueOf: ({ revenue }) => revenue.orders },
  {
    name: "aovMinor",
    label: "Average order value",
    unit: "money",
    valueOf: ({ revenue }) => revenue.aovMinor,
  },
  { name: "customers", label: "Customers", unit: "count", valueOf: ({ customers }) => customers.customers },
  {
    name: "newCustomers",
    label: "New customers",
    unit: "count",
    valueOf: ({ customers }) => customers.newCustomers,
  },
  {
    name: "returningCustomers",
    label: "Returning customers",
    unit: "count",
    valueOf: ({ customers }) => customers.returningCustomers,
  },
  {
    name: "repeatPurchaseRate",
    label: "Repeat purchase rate",
    unit: "share",
    valueOf: ({ customers }) => customers.repeatPurchaseRate,
  },
  {
    name: "retentionRate",
    label: "Retention rate",
    unit: "share",
    valueOf: ({ customers }) => customers.retention.rate,
  },
  {
    name: "returningCustomersShare",
    label: "Sales to returning customers",
    unit: "share",
    valueOf: ({ revenue }) => revenue.returningCustomersShare,
  },
];

const FURTHER: readonly Figure[] = [
  { name: "grossMinor", label: "Gross sales", unit: "money", valueOf: ({ revenue }) => revenue.grossMinor },
  { name: "refundsMinor", label: "Refunds", unit: "money", valueOf: ({ revenue }) => revenue.refundsMinor },
  { name: "refundRate", label: "Refund rate", unit: "share", valueOf: ({ revenue }) => revenue.refundRate },
  { name: "marginMinor", label: "Margin", unit: "money", valueOf: ({ revenue }) => revenue.marginMinor },
  {
    name: "repeatCustomers",
    label: "Repeat customers",
    unit: "count",
    valueOf: ({ customers }) => customers.repeatCustomers,
  },
  {
    name: "purchaseFrequency",
    label: "Orders per customer",
    unit: "number",
    valueOf: ({ customers }) => customers.purchaseFrequency,
  },
  {
    name: "medianDaysBetweenOrders",
    label: "Median days between orders",
    unit: "days",
    valueOf: ({ medianDaysBetweenOrders }) => medianDaysBetweenOrders,
  },
  {
    name: "guestOrders",
    label: "Guest orders",
    unit: "count",
    valueOf: ({ revenue }) => revenue.guestOrders,
  },
  {
    name: "repeatOrdersShare",
    label: "Sales of repeat orders",
    unit: "share",
    valueOf: ({ revenue }) => revenue.repeatOrdersShare,
  },
];

/** Cards reach the edges of a phone; what stands between them keeps away. */
const BETWEEN_CARDS = { xs: "400", sm: "0" } as const;

interface Props {
  now: PeriodFigures;
  before: PeriodFigures | null;
}

/** How many cards stand for loading figures. */
export const FIRST_FIGURES = FIRST.length;

export function OverviewFigures(props: Props) {
  return <FigureGrid {...props} figures={FIRST} title="Figures of the period" />;
}

export function FurtherFigures(props: Props) {
  return (
    <BlockStack gap="300">
      <FigureGrid {...props} figures={FURTHER} title="Further figures" titleShown />
      <FigureFootnote figures={props.now} />
    </BlockStack>
  );
}

function FigureGrid({
  now,
  before,
  figures,
  title,
  titleShown = false,
}: Props & { figures: readonly Figure[]; title: string; titleShown?: boolean }) {
  const show = useShow();
  return (
    <BlockStack gap="300">
      <Box paddingInline={BETWEEN_CARDS}>
        <Text as="h2" variant="headingMd" visuallyHidden={!titleShown}>
          {title}
        </Text>
      </Box>
      <InlineGrid columns={{ xs: 1, sm: 2, md: 3 }} gap="300">
        {figures.map(({ name, label, unit, valueOf }) => {
          const value = valueOf(now);
          const valueBefore = before && valueOf(before);
          return (
            <FigureCard
              key={name}
              name={name}
              label={label}
              value={value}
              shown={shownAs(unit, value, show)}
              change={
                unit === "share" ? show.changeOfShare(value, valueBefore) : show.change(value, valueBefore)
              }
              before={shownAs(unit, valueBefore, show)}
              coverage={now.coverage}
            />
          );
        })}
      </InlineGrid>
    </BlockStack>
  );
}

function shownAs(unit: Figure["unit"], value: number | null, show: Show): string {
  switch (unit) {
    case "money":
      return show.money(value);
    case "count":
      return show.count(value);
    case "share":
      return show.share(value);
    case "number":
      return show.number(value, 2);
    case "days":
      return show.number(value, 0);
  }
}

function FigureFootnote({ figures: { coverage, asOf } }: { figures: PeriodFigures }) {
  const show = useShow();
  const { leftOut, journalDifferences } = coverage;
  const sentences = [
    `As of ${show.time(asOf.readAt)}.`,
    coverage.historyComplete
      ? "First orders are told from the shop's whole history."
      : "Part of the history is missing, so some returning customers may be counted as new.",
    `Left out of all time: ${show.counted(leftOut.test, "test order", "test orders")}, ${show.counted(leftOut.cancelled, "cancelled order", "cancelled orders")} and ${show.counted(leftOut.excludedCustomers, "order", "orders")} of customers whom you leave out.`,
    journalDifferences.orders > 0 &&
      `${show.counted(journalDifferences.orders, "order does", "orders do")} not add up to Shopify's own total, by ${show.money(journalDifferences.minor)} altogether.`,
  ];
  return (
    <Box paddingInline={BETWEEN_CARDS}>
      <Text as="p" variant="bodySm" tone="subdued">
        {sentences.filter(Boolean).join(" ")}
      </Text>
    </Box>
  );
}
