/** What is to be paid to causes, by month. */
import { BlockStack, Card, Text } from "@shopify/polaris";
import { PlainTable } from "../charts/plain-table.tsx";
import { CardHeading } from "../frame/card-heading.tsx";
import { Empty } from "../frame/empty.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useShow } from "../frame/use-show.ts";
import { SCROLLING } from "./liability-report.tsx";

interface Owed {
  cause: string;
  month: number;
  given: number;
  takenBack: number;
  toPayMinor: number;
}

const TITLE = "To pay to causes";

export function DonationsCard({ donations }: { donations: readonly Owed[] }) {
  const show = useShow();
  return (
    <Card>
      <BlockStack gap="400">
        <CardHeading title={TITLE} actions={donations.length > 0 && <ExportButton table="donations" />} />
        <Text as="p" tone="subdued">
          Of all donations, by the month in which members gave. What you take back counts against the month in
          which you do, so a month that is over stays as it was.
        </Text>
        {donations.length === 0 ? (
          <Empty heading="Nothing yet">
            <p>Each month with a donation appears here.</p>
          </Empty>
        ) : (
          <div role="region" aria-label={TITLE} tabIndex={0} style={SCROLLING}>
            <PlainTable
              caption={TITLE}
              wordColumns={[1]}
              table={{
                headings: ["Month", "Cause", "Donations", "Taken back", "To pay"],
                rows: donations.map(({ cause, month, given, takenBack, toPayMinor }) => [
                  ...[show.month(month), cause, show.count(given), show.count(takenBack)],
                  show.money(toPayMinor),
                ]),
              }}
            />
          </div>
        )}
      </BlockStack>
    </Card>
  );
}
