/** What the programme has cost, month by month: points, and rewards in money. */
import { BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import type { CostMonth } from "../../core/loyalty/programme-cost.ts";
import { PlainTable } from "../charts/plain-table.tsx";
import { CardHeading } from "../frame/card-heading.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "../metrics/figure-card.tsx";
import { SCROLLING } from "./liability-report.tsx";

const TITLE = "What the programme costs";

export function ProgrammeCost({ months }: { months: readonly CostMonth[] }) {
  const show = useShow();
  const untold = months.reduce((total, month) => total + month.untold, 0);
  return (
    <Card>
      <BlockStack gap="300">
        <CardHeading
          title={TITLE}
          actions={
            <InlineStack gap="200" blockAlign="center">
              <FigureInformation name="programmeCost" label="Cost of rewards" />
              <ExportButton table="points-cost" subject="the programme's cost" />
            </InlineStack>
          }
        />
        {untold > 0 && (
          <Text as="p" tone="subdued">
            {`Of ${show.counted(untold, "reward", "rewards")} nothing says what they cost: free shipping, or codes used beside others.`}
          </Text>
        )}
        <div role="region" aria-label={TITLE} tabIndex={0} style={SCROLLING}>
          <PlainTable
            caption={TITLE}
            table={{
              headings: [
                ...["Month", "Points issued", "Redeemed", "Expired", "Rewards used", "Cost of rewards"],
                ...["Net sales", "Share of net sales"],
              ],
              rows: months
                .toReversed()
                .map((row) => [
                  show.month(row.month),
                  ...[row.issued, row.redeemed, row.expired, row.rewards].map(show.count),
                  ...[show.money(row.costMinor), show.money(row.netMinor), show.share(row.share)],
                ]),
            }}
          />
        </div>
      </BlockStack>
    </Card>
  );
}
