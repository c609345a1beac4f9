/** What looks for missed changes and full comparisons found that webhooks had not brought; the target is nothing. */
import { BlockStack, Box, Card, InlineStack, Text } from "@shopify/polaris";
import { PlainTable } from "../charts/plain-table.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";

interface Run {
  id: string;
  kind: "sweep" | "audit";
  startedAt: number;
  checkedCount: number;
  missingCount: number;
  staleCount: number;
  surplusCount: number;
}

interface ShownDrift {
  runCount: number;
  runs: Run[];
  checkedCount: number;
  missingCount: number;
  staleCount: number;
  surplusCount: number;
}

export function DriftCard({ drift }: { drift: ShownDrift }) {
  const show = useShow();
  const found = drift.missingCount + drift.staleCount + drift.surplusCount;
  return (
    <Card padding="0">
      <Box padding="400">
        <InlineStack align="space-between" blockAlign="start" wrap={false} gap="300">
          <BlockStack gap="100">
            <div data-figure="drift" data-value={String(found)}>
              <Text as="p" variant="headingLg">
                {show.count(found)}
              </Text>
            </div>
            <Text as="p" tone="subdued">
              {drift.runCount === 0
                ? "Nothing has been compared yet. That begins when the history is complete."
                : `records that had to be repaired in the last 30 days, of ${show.count(drift.checkedCount)} compared in ${show.count(drift.runCount)} ${drift.runCount === 1 ? "run" : "runs"}.${found === 0 ? "" : " They are as Shopify has them again."}`}
            </Text>
          </BlockStack>
          {drift.runCount > 0 && <ExportButton table="comparisons" />}
        </InlineStack>
      </Box>
      {/* Can be scrolled by keyboard, because nothing inside it takes the focus. */}
      {drift.runs.length > 0 && (
        <div role="region" aria-label="Latest comparisons" tabIndex={0} style={{ overflowX: "auto" }}>
          <PlainTable
            caption="The latest comparisons, and those that found something"
            wordColumns={[1]}
            table={{
              headings: ["Begun", "Run", "Compared", "Missing", "Out of date", "Too many"],
              rows: drift.runs.map((run) => rowOf(run, show)),
            }}
          />
        </div>
      )}
    </Card>
  );
}

function rowOf(run: Run, show: Show): string[] {
  return [
    show.time(run.startedAt),
    run.kind === "sweep" ? "Missed changes" : "Full comparison",
    show.count(run.checkedCount),
    show.count(run.missingCount),
    show.count(run.staleCount),
    show.count(run.surplusCount),
  ];
}
