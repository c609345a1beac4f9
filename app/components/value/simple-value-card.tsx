/** The simple formula beside the models: what it says for a lifetime that the merchant supposes. */
import { BlockStack, Card, InlineStack, Select, Text } from "@shopify/polaris";
import type { SimpleValue } from "../../core/metrics/lifetime-value.ts";
import { ExportButton } from "../frame/export-button.tsx";
import { useAddress } from "../frame/use-address.ts";
import { useShow } from "../frame/use-show.ts";
import type { Coverage } from "../../core/metrics/coverage.ts";
import { FigureInformation } from "../metrics/figure-card.tsx";

const LIFETIMES = [1, 2, 3].map((years) => ({
  label: years === 1 ? "1 year" : `${years} years`,
  value: String(years),
}));

export function SimpleValueCard({
  simple,
  years,
  coverage,
}: {
  simple: SimpleValue;
  years: number;
  coverage: Coverage;
}) {
  const show = useShow();
  const [, changeAddress] = useAddress();
  const chosen = simple.byYears.find((of) => of.years === years);
  return (
    <Card>
      <BlockStack gap="300">
        <div style={{ display: "flex", justifyContent: "space-between" }}>
          <Text as="h2" variant="headingMd">
            By the simple formula
          </Text>
          <InlineStack gap="200" blockAlign="center">
            <FigureInformation name="simpleValue" label="Simple value" coverage={coverage} />
            {simple.byYears.length > 0 && <ExportButton table="simple-value" />}
          </InlineStack>
        </div>
        <Select
          label="A customer stays for"
          options={LIFETIMES}
          value={String(years)}
          onChange={(value) => changeAddress({ years: value })}
        />
        <div data-figure="simpleValue" data-value={String(chosen?.netMinor ?? null)}>
          <Text as="p" variant="headingLg">
            {show.money(chosen?.netMinor ?? null)}
          </Text>
        </div>
        <Text as="p" tone="subdued">
          {simple.ordersPerYear === null
            ? "There are no orders to take an average of yet."
            : `An average order of ${show.money(simple.aovMinor)}, ${show.number(simple.ordersPerYear, 2)} orders a year, for ${show.counted(years, "year", "years")}. It takes everybody for the average customer: use it to compare, not to decide what one customer may cost.`}
        </Text>
      </BlockStack>
    </Card>
  );
}
