/** Records that Shopify told in a way that could not be read, which the figures therefore lack. */
import { Box, Card, InlineStack, Text } from "@shopify/polaris";
import { PlainTable } from "../charts/plain-table.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useShow } from "../frame/use-show.ts";

interface UnreadableRecord {
  resource: string;
  id: number;
  createdAt: number;
  reason: string;
  seenAt: number;
}

const RESOURCES: Record<string, string> = {
  orders: "Order",
  customers: "Customer",
  products: "Product",
  checkouts: "Abandoned checkout",
};

export function UnreadableCard({ records, total }: { records: readonly UnreadableRecord[]; total: number }) {
  const show = useShow();
  return (
    <Card padding="0">
      <Box padding="400">
        <InlineStack align="space-between" blockAlign="start" wrap={false} gap="300">
          <div data-figure="unreadableRecords" data-value={String(total)}>
            <Text as="p" variant="headingLg">
              {total === 0 ? "None" : show.count(total)}
            </Text>
          </div>
          {total > 0 && <ExportButton table="unreadable-records" />}
        </InlineStack>
        <Text as="p" tone="subdued">
          {total === 0
            ? "Everything that Shopify told could be read."
            : "They are missing from the figures, or stand as they were before their last change. They are tried again when Shopify tells of a change, and every day."}
        </Text>
      </Box>
      {records.length > 0 && (
        <div
          role="region"
          aria-label="Records that could not be read"
          tabIndex={0}
          style={{ overflowX: "auto" }}
        >
          <PlainTable
            caption="Records that could not be read"
            wordColumns={[1, 2, 3]}
            table={{
              headings: ["Record", "What was amiss", "Created", "Last tried"],
              rows: records.map(({ resource, id, reason, createdAt, seenAt }) => [
                `${RESOURCES[resource] ?? resource} ${id}`,
                reason,
                show.time(createdAt),
                show.time(seenAt),
              ]),
            }}
          />
        </div>
      )}
    </Card>
  );
}
