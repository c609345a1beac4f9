/** How many customers are shown something of their own, and how much of the catalogue is shown at all. */
import { BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { COVERAGE_BANDS, type ListCoverage } from "../../core/recommendations/list-coverage.ts";
import { PlainTable } from "../charts/plain-table.tsx";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "../metrics/figure-card.tsx";

export function CoverageCard({ coverage }: { coverage: ListCoverage }) {
  const show = useShow();
  const { customers, sampled, bands, offered, shown } = coverage;
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" wrap={false} gap="200">
          <Text as="h2" variant="headingMd">
            Whom it reaches
          </Text>
          <FigureInformation name="recommendationCoverage" label="Whom it reaches" />
        </InlineStack>
        <Text as="p" tone="subdued">
          {sampled < customers
            ? `Of ${show.count(sampled)} customers drawn from ${show.count(customers)}`
            : `Of ${show.counted(customers, "customer", "customers")} with an order`}
        </Text>
        <PlainTable
          caption="Customers by products of their own"
          table={{
            headings: ["Products of their own", "Customers"],
            rows: bands.map((count, band) => [
              bandName(band, show),
              show.share(sampled === 0 ? null : count / sampled),
            ]),
          }}
        />
        <Text as="p">
          {`${show.count(shown)} of the ${show.counted(offered, "product", "products")} that could be recommended are in the lists of these customers.`}
        </Text>
      </BlockStack>
    </Card>
  );
}

function bandName(band: number, show: Show): string {
  const least = COVERAGE_BANDS[band] ?? 0;
  const next = COVERAGE_BANDS[band + 1];
  if (next === undefined) return `${show.count(least)} or more`;
  if (next === least + 1) return least === 0 ? "None: what sells now" : show.count(least);
  return `${show.count(least)} to ${show.count(next - 1)}`;
}
