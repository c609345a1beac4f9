/** Which first purchase is followed by a second, with how sure the shop's number of customers makes it. */
import { BlockStack, Card, InlineStack, Select, Text } from "@shopify/polaris";
import type { Stated } from "../../core/metrics/coverage.ts";
import type { NamedFirstProducts, Within } from "../../core/metrics/named-first-products.ts";
import { WITHIN } from "../../core/metrics/named-first-products.ts";
import { PlainTable } from "../charts/plain-table.tsx";
import { CardHeading } from "../frame/card-heading.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useAddress } from "../frame/use-address.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "./figure-card.tsx";

export function FirstProductTable({
  stated: { figures, coverage },
  within,
}: {
  stated: Stated<NamedFirstProducts>;
  within: Within;
}) {
  const show = useShow();
  const [, changeAddress] = useAddress();
  const title = "First product and coming back";
  return (
    <Card>
      <BlockStack gap="300">
        <CardHeading
          title={title}
          actions={
            <InlineStack gap="200" blockAlign="center">
              <FigureInformation name="firstProductRate" label={title} coverage={coverage} />
              <ExportButton table="first-products" />
            </InlineStack>
          }
        />
        <InlineStack>
          <Select
            label="Second order"
            labelInline
            options={WITHIN.map((value) => ({
              value,
              label: value === "ever" ? "at any time" : `within ${value} days`,
            }))}
            value={within}
            onChange={(value) => changeAddress({ within: value })}
          />
        </InlineStack>
        {figures.rows.length === 0 ? (
          <Text as="p">No customer of this period has been seen for so long.</Text>
        ) : (
          <div
            role="region"
            aria-label={title}
            tabIndex={0}
            style={{ overflowX: "auto", position: "relative" }}
          >
            <PlainTable
              caption={title}
              table={{
                headings: ["First product", "Customers", "Came back", "Repeat rate", "95% interval"],
                rows: figures.rows.map(
                  ({ name, productCount, customers, repeatCustomers, rate, low, high }) => [
                    productCount === undefined
                      ? name
                      : show.counted(productCount, "other product", "other products"),
                    show.count(customers),
                    show.count(repeatCustomers),
                    show.share(rate),
                    `${show.share(low)} to ${show.share(high)}`,
                  ],
                ),
              }}
            />
          </div>
        )}
        <Text as="p" variant="bodySm" tone="subdued">
          {figures.left > 0 &&
            `${show.counted(figures.left, "more product is", "more products are")} in the export. `}
          Products with fewer than 30 first customers stand together, because their rates are chance.
        </Text>
      </BlockStack>
    </Card>
  );
}
