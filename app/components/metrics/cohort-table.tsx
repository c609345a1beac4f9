/** Who came back, by the month of their first order. */
import { BlockStack, Card, DataTable, Text } from "@shopify/polaris";
import type { ShopReport } from "../../core/metrics/shop-report.ts";
import { useShow } from "../frame/use-show.ts";

const MONTHS = [1, 2, 3, 6, 12];

export function CohortTable({ cohorts, currency }: { cohorts: ShopReport["cohorts"]; currency: string }) {
  const show = useShow();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Customers who came back, by month of first order
        </Text>
        <DataTable
          columnContentTypes={["text", "numeric", ...MONTHS.map(() => "numeric" as const), "numeric"]}
          headings={[
            "First order",
            "Customers",
            ...MONTHS.map((month) => `Month ${month}`),
            "Net sales so far",
          ]}
          rows={cohorts.map(({ month, customers, retention, cumulativeNetMinor }) => [
            month,
            show.count(customers),
            ...MONTHS.map((after) => show.share(retention[after] ?? null)),
            show.money(cumulativeNetMinor.at(-1) ?? 0, currency),
          ])}
          footerContent="Each share is of the customers in the row who ordered in that month after their first order."
          hoverable={false}
        />
      </BlockStack>
    </Card>
  );
}
