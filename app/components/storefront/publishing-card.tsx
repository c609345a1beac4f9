/** How far what shoppers see has come to Shopify, for as long as something waits; and the way to have all of it looked through. */
import { BlockStack, Box, Button, Card, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import { useDataAction } from "../data/use-data-action.ts";
import { useShow } from "../frame/use-show.ts";
import { useRefresh } from "../sync/use-refresh.ts";

interface Publishing {
  customers: number;
  products: number;
  bulk: {
    isRunning: boolean;
    done: number;
    total: number;
    written: number;
    leftOver: number;
    finishedAt: number | null;
    pausedUntil: number | null;
  } | null;
}

const SECONDS_BETWEEN_LOOKS = { waiting: 2, still: 20 };

export function PublishingCard({ publishing }: { publishing: Publishing }) {
  const show = useShow();
  const { send, running } = useDataAction();
  const { customers, products, bulk } = publishing;
  const isWaiting = customers + products > 0;
  useRefresh(isWaiting ? SECONDS_BETWEEN_LOOKS.waiting : SECONDS_BETWEEN_LOOKS.still);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="200" align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            Publishing to Shopify
          </Text>
          <Button loading={running?.intent === "republish"} onClick={() => send({ intent: "republish" })}>
            Look through all of it
          </Button>
        </InlineStack>
        {bulk?.isRunning && <Progress done={bulk.done} total={bulk.total} />}
        <div aria-live="polite">
          <Text as="p">
            {isWaiting
              ? `Still to be looked at: ${waitingWords(show.count(customers), show.count(products))}.`
              : "Everything that shoppers can see is up to date."}
          </Text>
        </div>
        {bulk?.pausedUntil && (
          <Text as="p">
            {`Shopify could not finish writing many customers at once. Until ${show.time(bulk.pausedUntil)} they are written a few at a time, which takes longer. There is nothing for you to do.`}
          </Text>
        )}
        {bulk?.finishedAt && !bulk.isRunning && bulk.written > 0 && (
          <Text as="p" tone="subdued">
            {`Many customers were last written at once ${show.time(bulk.finishedAt)}: ${show.count(bulk.written)} in Shopify’s bulk operations, and ${show.count(bulk.leftOver)} that had changed there meanwhile one by one.`}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

function waitingWords(customers: string, products: string): string {
  const parts = [
    ...(customers === "0" ? [] : [customers === "1" ? "1 customer" : `${customers} customers`]),
    ...(products === "0" ? [] : [products === "1" ? "1 product" : `${products} products`]),
  ];
  return parts.join(" and ");
}

function Progress({ done, total }: { done: number; total: number }) {
  const show = useShow();
  return (
    <BlockStack gap="100">
      <ProgressBar
        progress={total === 0 ? 0 : (100 * done) / total}
        size="small"
        ariaLabelledBy="publishing-progress"
      />
      <Text as="p" tone="subdued">
        {`${show.count(done)} of ${show.count(total)} customers`}
      </Text>
      <Box visuallyHidden id="publishing-progress">
        Share of customers that are published
      </Box>
    </BlockStack>
  );
}
