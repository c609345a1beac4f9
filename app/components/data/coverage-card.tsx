/** What the figures stand on: how much of the history, of the unit costs and of the customers is known, and what to do about it. */
import { Banner, BlockStack, Card, Text } from "@shopify/polaris";
import type { Coverage } from "../../core/metrics/coverage.ts";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { Facts } from "./facts.tsx";

export function CoverageCard({ coverage, readsAllOrders }: { coverage: Coverage; readsAllOrders: boolean }) {
  const show = useShow();
  return (
    <BlockStack gap="400">
      {!readsAllOrders && (
        <Banner tone="warning" title="Only the last 60 days of orders can be read">
          <BlockStack gap="200">
            <p>
              Shopify gives an app older orders only with the permission read_all_orders, which this app was
              not given in your shop. Customers who bought before look new, so repeat rates read too low.
            </p>
            <p>
              Open the app from your Shopify admin and accept the permissions if it asks for them. If it does
              not ask, Shopify has not granted the permission to the app yet: write to its support. As soon as
              it is there, the whole history is read by itself.
            </p>
          </BlockStack>
        </Banner>
      )}
      <Card>
        <BlockStack gap="400">
          <Facts facts={factsOf(coverage, readsAllOrders, show)} />
          {(coverage.unitCostShare ?? 1) < 1 && (
            <Text as="p" tone="subdued">
              {coverage.flatMarginBasisPoints === null
                ? "Sales without a unit cost add nothing to your margin. Give products their cost per item in your Shopify admin, or set a flat margin in the settings."
                : `For the rest your flat margin of ${show.share(coverage.flatMarginBasisPoints / 10_000)} stands in.`}
            </Text>
          )}
        </BlockStack>
      </Card>
    </BlockStack>
  );
}

function factsOf(coverage: Coverage, readsAllOrders: boolean, show: Show): [string, string][] {
  const { leftOut, journalDifferences } = coverage;
  const day = (on: number | null) => (on === null ? "No orders yet" : show.day(on));
  return [
    [
      "History",
      coverage.historyComplete
        ? "Whole: every order that the shop ever had"
        : coverage.readableFromDay !== null
          ? `Orders from ${show.day(coverage.readableFromDay)} on`
          : readsAllOrders
            ? "Being read"
            : "The last 60 days",
    ],
    ["First order", day(coverage.firstOrderDay)],
    ["Last order", day(coverage.lastOrderDay)],
    ["Unit costs known", `${show.share(coverage.unitCostShare)} of net sales`],
    ["Orders without a customer", `${show.share(coverage.guestOrdersShare)} of orders`],
    [
      "Orders left out",
      `${show.count(leftOut.test)} test, ${show.count(leftOut.cancelled)} cancelled, ${show.count(leftOut.excludedCustomers)} of excluded customers`,
    ],
    [
      "Orders that differ from Shopify's total",
      journalDifferences.orders === 0
        ? "None"
        : `${show.count(journalDifferences.orders)}, by ${show.money(journalDifferences.minor)} altogether`,
    ],
  ];
}
