/** Where the sync stands, in every state that it can be in: nothing yet, under way, stuck, complete, and what is not readable. */
import { Banner, BlockStack, Box, Card, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import { EmptyShop } from "../frame/page-states.tsx";
import { useShow } from "../frame/use-show.ts";

export interface SyncFacts {
  phase: "waiting" | "recent" | "history" | "complete" | "failed";
  completedAt: number | null;
  ordersExpected: number;
  ordersApplied: number;
  customersExpected: number;
  customersApplied: number;
  readableFromDay: number | null;
  sweptAt: number | null;
  unreadableRecords: number;
  error: string | null;
}

export function SyncProgress({ status }: { status: SyncFacts }) {
  const show = useShow();
  return (
    <div data-sync-phase={status.phase}>
      <BlockStack gap="400">
        <PhaseNotice status={status} />
        {status.readableFromDay !== null && (
          <Banner tone="warning" title={`Orders before ${show.day(status.readableFromDay)} cannot be read`}>
            <p>Shopify did not let the app read them, so customers who bought before may look new.</p>
          </Banner>
        )}
        {status.unreadableRecords > 0 && (
          <Banner
            tone="warning"
            title={`Records that could not be read: ${show.count(status.unreadableRecords)}`}
          >
            <p>
              Shopify tells these orders, customers or products in a way that the app does not understand.
              They are missing in the figures, or as they were before, and are tried again every day.
            </p>
          </Banner>
        )}
      </BlockStack>
    </div>
  );
}

function PhaseNotice({ status }: { status: SyncFacts }) {
  const show = useShow();
  switch (status.phase) {
    case "waiting":
      // The counts may still be those of the sync before.
      return <Working title="Your sync is about to start" status={{ ...status, ordersExpected: 0 }} />;
    case "recent":
      return <Working title="Reading your newest orders" status={status} />;
    case "history":
      return (
        <Working
          title="Reading your whole history"
          note="The figures below count the orders that are in so far, so first orders may not be the first yet."
          status={status}
        />
      );
    case "failed":
      return (
        <Banner tone="critical" title="The sync has stopped">
          <p>
            {status.error ?? "Shopify could not be reached."} What was read so far is kept, and the sync goes
            on by itself as soon as it can. If this stays, open the app again from your Shopify admin.
          </p>
        </Banner>
      );
    case "complete":
      return status.ordersApplied === 0 && status.ordersExpected === 0 ? (
        <EmptyShop about="Figures appear here with your first order. There is nothing to set up." />
      ) : (
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <Text as="p" tone="subdued">
            {(status.sweptAt ?? status.completedAt)
              ? `Up to date. Last compared with Shopify ${show.time(status.sweptAt ?? status.completedAt ?? 0)}.`
              : "Up to date."}
          </Text>
        </Box>
      );
  }
}

function Working({ title, note, status }: { title: string; note?: string; status: SyncFacts }) {
  const show = useShow();
  const { ordersApplied, ordersExpected } = status;
  const percent = ordersExpected === 0 ? 0 : Math.min(100, (100 * ordersApplied) / ordersExpected);
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between">
          <Text as="h2" variant="headingSm">
            {title}
          </Text>
          <div aria-live="polite">
            <Text as="span" tone="subdued">
              {ordersExpected === 0
                ? "Asking Shopify how much there is"
                : `${show.count(Math.min(ordersApplied, ordersExpected))} of ${show.count(ordersExpected)} orders`}
            </Text>
          </div>
        </InlineStack>
        <ProgressBar progress={percent} size="small" ariaLabelledBy="sync-progress" />
        <Box visuallyHidden id="sync-progress">
          Share of orders that are read
        </Box>
        {note && (
          <Text as="p" tone="subdued">
            {note}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}
