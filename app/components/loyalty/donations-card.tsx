/** What is to be paid to causes, by month. */
import { BlockStack, Box, Card, IndexTable, Text } from "@shopify/polaris";
import { CardHeading } from "../frame/card-heading.tsx";
import { Empty } from "../frame/empty.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useShow } from "../frame/use-show.ts";
import { FigureCell } from "./figure-cell.tsx";

interface Owed {
  cause: string;
  month: number;
  given: number;
  takenBack: number;
  toPayMinor: number;
}

export function DonationsCard({ donations }: { donations: readonly Owed[] }) {
  const show = useShow();
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="200">
          <CardHeading
            title="To pay to causes"
            actions={donations.length > 0 && <ExportButton table="donations" />}
          />
          <Text as="p" tone="subdued">
            Of all donations, by the month in which members gave. What you take back counts against the month
            in which you do, so a month that is over stays as it was.
          </Text>
        </BlockStack>
      </Box>
      {donations.length === 0 ? (
        <Empty heading="Nothing yet">
          <p>Each month with a donation appears here.</p>
        </Empty>
      ) : (
        <IndexTable
          resourceName={{ singular: "month", plural: "months" }}
          itemCount={donations.length}
          selectable={false}
          headings={[
            { title: "Month" },
            { title: "Cause" },
            { title: "Donations", alignment: "end" },
            { title: "Taken back", alignment: "end" },
            { title: "To pay", alignment: "end" },
          ]}
        >
          {donations.map(({ cause, month, given, takenBack, toPayMinor }, position) => (
            <IndexTable.Row key={`${month}/${cause}`} id={`${month}/${cause}`} position={position}>
              <IndexTable.Cell>{show.month(month)}</IndexTable.Cell>
              <IndexTable.Cell>
                <div style={{ minWidth: "8rem", whiteSpace: "normal", overflowWrap: "anywhere" }}>
                  {cause}
                </div>
              </IndexTable.Cell>
              <FigureCell text={show.count(given)} />
              <FigureCell text={show.count(takenBack)} />
              <FigureCell text={show.money(toPayMinor)} />
            </IndexTable.Row>
          ))}
        </IndexTable>
      )}
    </Card>
  );
}
