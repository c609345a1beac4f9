/** One customer below the name: figures, facts, orders with what came back, and what happened when. */
import { Badge, Banner, BlockStack, Card, InlineGrid, InlineStack, Layout, Text } from "@shopify/polaris";
import { monthOf } from "../../core/calendar.ts";
import type { CustomerHistory } from "../../core/metrics/customer-history.ts";
import type { Coverage } from "../../core/metrics/coverage.ts";
import { BelowTheFold } from "../frame/below-the-fold.tsx";
import { Empty } from "../frame/empty.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { BlockSkeleton, FiguresSkeleton, PartialHistory } from "../frame/page-states.tsx";
import { useShow } from "../frame/use-show.ts";
import { CustomerFigures } from "./customer-figures.tsx";
import { CustomerOrders } from "./customer-orders.tsx";
import { CustomerTimeline } from "./customer-timeline.tsx";
import type { OrderNames } from "./order-name.tsx";
import { SaidCard, type SaidOfOrder } from "./said-card.tsx";
import { useTold } from "./use-told.ts";
import type { ReactNode } from "react";

interface Standing {
  createdAt: number | null;
  excluded: boolean;
  formerIds: readonly number[];
}

interface ShownCustomer {
  history: CustomerHistory | null;
  coverage: Coverage;
  titles: ReadonlyMap<number, string>;
  orderNames: Promise<OrderNames>;
}

export function CustomerPage({
  customerId,
  standing,
  loaded: { history, coverage, titles, orderNames },
  outlook,
  hasForecast,
  said,
}: {
  customerId: number;
  standing: Standing;
  loaded: ShownCustomer;
  /** What may be told of the customer's future. */
  outlook: ReactNode;
  /** It has figures, below which the orders begin under most windows' lower edge. */
  hasForecast: boolean;
  /** What the customer has answered after orders, the latest first. */
  said: readonly SaidOfOrder[];
}) {
  const { value: names } = useTold(orderNames);
  if (!history) {
    return (
      <BlockStack gap="400">
        <Card>
          <Empty heading="No orders yet">
            <p>Figures appear here with this customer’s first order.</p>
          </Empty>
        </Card>
        <Facts standing={standing} history={null} />
      </BlockStack>
    );
  }
  const orders = (
    <Layout>
      <Layout.Section>
        <Card padding="0">
          <CustomerOrders
            history={history}
            titles={titles}
            names={names}
            coverage={coverage}
            action={<ExportButton table="customer-orders" also={{ customer: String(customerId) }} />}
          />
        </Card>
      </Layout.Section>
      <Layout.Section variant="oneThird">
        <BlockStack gap="400">
          <Facts standing={standing} history={history} />
          <SaidCard said={said} names={names} />
          <CustomerTimeline history={history} names={names} />
        </BlockStack>
      </Layout.Section>
    </Layout>
  );
  return (
    <BlockStack gap="400">
      <PartialHistory coverage={coverage} />
      {history.excluded && (
        <Banner tone="info" title="Left out of the figures">
          <p>This customer has a tag that you chose to leave out. The figures below are only shown here.</p>
        </Banner>
      )}
      <CustomerFigures history={history} coverage={coverage} />
      {outlook}
      {hasForecast ? <BelowTheFold height={ORDERS_PIXELS}>{orders}</BelowTheFold> : orders}
    </BlockStack>
  );
}

const ORDERS_PIXELS = 480;

export function CustomerPageSkeleton() {
  return (
    <BlockStack gap="400">
      <FiguresSkeleton cards={6} figures="explained" />
      <BlockSkeleton height={ORDERS_PIXELS} />
    </BlockStack>
  );
}

function Facts({ standing, history }: { standing: Standing; history: CustomerHistory | null }) {
  const show = useShow();
  const { firstDay = null, lastDay = null } = history ?? {};
  const facts: [string, string][] = [];
  if (firstDay !== null) {
    facts.push(["First order", show.day(firstDay)], ["Cohort", show.month(monthOf(firstDay))]);
  }
  if (lastDay !== null) facts.push(["Last order", show.day(lastDay)]);
  if (standing.createdAt !== null) facts.push(["Customer at Shopify since", show.time(standing.createdAt)]);
  if (standing.formerIds.length > 0) facts.push(["Merged from", standing.formerIds.join(", ")]);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            Details
          </Text>
          {(history?.orders ?? 0) > 1 && <Badge tone="success">Repeat</Badge>}
          {history?.orders === 1 && <Badge>One order</Badge>}
        </InlineStack>
        <InlineGrid columns={1} gap="200">
          {facts.map(([label, text]) => (
            <BlockStack key={label}>
              <Text as="p" variant="bodySm" tone="subdued">
                {label}
              </Text>
              <Text as="p" breakWord>
                {text}
              </Text>
            </BlockStack>
          ))}
        </InlineGrid>
      </BlockStack>
    </Card>
  );
}
