/** What Shopify's search found, each with the figures that Perennial knows. */
import { Badge, Banner, Box, IndexTable, InlineStack, Text } from "@shopify/polaris";
import type { CustomerRow } from "../../core/customers/customer-page.ts";
import { Empty } from "../frame/empty.tsx";
import { useAddress } from "../frame/use-address.ts";
import { FigureInformation } from "../metrics/figure-card.tsx";
import { NameLines, secondLine, type NamedCustomer } from "./customer-name.tsx";
import { FigureCells } from "./customer-table.tsx";

interface Found extends NamedCustomer {
  customerId: number;
  figures: CustomerRow | null;
}

type FoundCustomers =
  { ok: true; found: Found[]; previous: string | null; next: string | null } | { ok: false };

export function FoundTable({ found: answer, typed }: { found: FoundCustomers; typed: string }) {
  const [, change] = useAddress();
  if (!answer.ok) {
    return (
      <Banner tone="warning" title="Shopify did not answer the search">
        <p>Names are searched by Shopify. Try again in a minute; the list without a search still works.</p>
      </Banner>
    );
  }
  const { found, previous, next } = answer;
  if (found.length === 0) {
    return (
      <Empty heading={`Nobody found for “${typed}”`}>
        <p>Search by a whole first or last name, the beginning of one, or a whole e-mail address.</p>
      </Empty>
    );
  }
  return (
    <>
      <Box paddingInline="300" paddingBlock="200">
        <InlineStack align="space-between" blockAlign="center" wrap={false} gap="200">
          <Text as="p" variant="bodySm" tone="subdued">
            Found by Shopify among all customers, those without orders too. Views, filters and sorting do not
            apply to a search.
          </Text>
          <FigureInformation name="customerList" label="The figures of customers" />
        </InlineStack>
      </Box>
      <IndexTable
        resourceName={{ singular: "customer", plural: "customers" }}
        itemCount={found.length}
        selectable={false}
        headings={[
          { title: "Customer" },
          { title: "Orders", alignment: "end" },
          { title: "Net sales", alignment: "end" },
          { title: "Average order", alignment: "end" },
          { title: "First order" },
          { title: "Last order" },
        ]}
        pagination={{
          hasNext: next !== null,
          hasPrevious: previous !== null,
          onNext: () => change({ after: next, before: null }),
          onPrevious: () => change({ before: previous, after: null }),
          accessibilityLabel: "Pages of found customers",
        }}
      >
        {found.map(({ customerId, figures, ...named }, position) => (
          <IndexTable.Row key={customerId} id={String(customerId)} position={position}>
            <IndexTable.Cell>
              <InlineStack gap="200" wrap={false} blockAlign="center">
                <NameLines customerId={customerId} name={named.name} second={secondLine(named)} />
                {figures?.excluded && <Badge>Left out</Badge>}
              </InlineStack>
            </IndexTable.Cell>
            {figures ? (
              <FigureCells row={figures} />
            ) : (
              <IndexTable.Cell colSpan={5}>
                <Text as="span" tone="subdued">
                  No orders yet
                </Text>
              </IndexTable.Cell>
            )}
          </IndexTable.Row>
        ))}
      </IndexTable>
    </>
  );
}
