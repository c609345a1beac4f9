/** The shop's figures over all its time, with what they stand on. */
import { BlockStack, Card, InlineGrid, Text } from "@shopify/polaris";
import type { Stated } from "../../core/metrics/coverage.ts";
import type { ShopReport } from "../../core/metrics/shop-report.ts";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";

type FigureName = Exclude<keyof ShopReport, "cohorts" | "currency">;

interface Figure {
  name: FigureName;
  label: string;
  shown: string;
  explained: string;
}

export function ReportFigures({ stated }: { stated: Stated<ShopReport> }) {
  const show = useShow();
  const { figures, coverage, asOf } = stated;
  return (
    <BlockStack gap="300">
      <InlineGrid columns={{ xs: 1, sm: 2, md: 3 }} gap="300">
        {figuresOf(figures, show).map((figure) => (
          <Card key={figure.name}>
            <BlockStack gap="100">
              <Text as="h2" variant="bodyMd" tone="subdued">
                {figure.label}
              </Text>
              <div data-figure={figure.name} data-value={String(figures[figure.name])}>
                <Text as="p" variant="headingLg">
                  {figure.shown}
                </Text>
              </div>
              <Text as="p" variant="bodySm" tone="subdued">
                {figure.explained}
              </Text>
            </BlockStack>
          </Card>
        ))}
      </InlineGrid>
      <Text as="p" variant="bodySm" tone="subdued">
        {`As of ${show.time(asOf.readAt)}. `}
        {coverage.historyComplete
          ? "Counted from the shop's whole history."
          : "Part of the history is missing, so some returning customers may be counted as new."}
        {` Test and cancelled orders are left out: ${show.count(coverage.leftOut.test)} and ${show.count(coverage.leftOut.cancelled)}.`}
        {coverage.journalDifferences.orders > 0 &&
          ` ${show.count(coverage.journalDifferences.orders)} orders do not add up to Shopify's own total by ${show.money(coverage.journalDifferences.minor, figures.currency)} altogether.`}
      </Text>
    </BlockStack>
  );
}

function figuresOf(report: ShopReport, show: Show): Figure[] {
  const money = (minor: number | null) => show.money(minor, report.currency);
  return [
    {
      name: "repeatPurchaseRate",
      label: "Repeat purchase rate",
      shown: show.share(report.repeatPurchaseRate),
      explained: "Customers with two or more orders, of all customers",
    },
    {
      name: "repeatCustomers",
      label: "Repeat customers",
      shown: show.count(report.repeatCustomers),
      explained: "Customers with two or more orders",
    },
    {
      name: "customers",
      label: "Customers",
      shown: show.count(report.customers),
      explained: "With at least one order, without guests",
    },
    {
      name: "orders",
      label: "Orders",
      shown: show.count(report.orders),
      explained: `${show.count(report.guestOrders)} of them by guests`,
    },
    {
      name: "netMinor",
      label: "Net sales",
      shown: money(report.netMinor),
      explained: "Products after discounts and refunds, without tax and shipping",
    },
    {
      name: "grossMinor",
      label: "Gross sales",
      shown: money(report.grossMinor),
      explained: "Products at list price",
    },
    {
      name: "refundsMinor",
      label: "Refunds",
      shown: money(report.refundsMinor),
      explained: "Product value given back",
    },
    {
      name: "aovMinor",
      label: "Average order value",
      shown: money(report.aovMinor),
      explained: "Net sales per order",
    },
    {
      name: "purchaseFrequency",
      label: "Purchase frequency",
      shown: show.number(report.purchaseFrequency, 2),
      explained: "Orders per customer, without guests",
    },
    {
      name: "medianDaysBetweenOrders",
      label: "Median days between orders",
      shown: show.number(report.medianDaysBetweenOrders, 0),
      explained: "Between two orders of the same customer",
    },
    {
      name: "guestOrders",
      label: "Guest orders",
      shown: show.count(report.guestOrders),
      explained: "Orders that name no customer",
    },
  ];
}
