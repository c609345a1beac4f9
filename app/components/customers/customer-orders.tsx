/** A customer's orders, newest first, with what each brought and what came back. */
import { Badge, BlockStack, Box, IndexTable, InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import type { CustomerHistory, CustomerOrder } from "../../core/metrics/customer-history.ts";
import type { Coverage } from "../../core/metrics/coverage.ts";
import { useAddress } from "../frame/use-address.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "../metrics/figure-card.tsx";
import { productTitle } from "./customer-table.tsx";
import { OrderLink, type OrderNames } from "./order-name.tsx";

export function CustomerOrders({
  history: { page, newer, older, newerBefore },
  titles,
  names,
  coverage,
  action,
}: {
  history: CustomerHistory;
  titles: ReadonlyMap<number, string>;
  names: OrderNames;
  coverage: Coverage;
  action: ReactNode;
}) {
  const [, change] = useAddress();
  const show = useShow();
  const last = page.at(-1);
  return (
    <>
      <Box padding="400">
        <InlineStack align="space-between" blockAlign="center">
          <BlockStack>
            <Text as="h2" variant="headingMd">
              Orders
            </Text>
            <Text as="p" variant="bodySm" tone="subdued">
              {`${show.count(newer + 1)}–${show.count(newer + page.length)} of ${show.count(newer + page.length + older)}, newest first`}
            </Text>
          </BlockStack>
          <InlineStack gap="200" blockAlign="center">
            <FigureInformation name="customerOrderList" label="Orders" coverage={coverage} />
            {action}
          </InlineStack>
        </InlineStack>
      </Box>
      <IndexTable
        resourceName={{ singular: "order", plural: "orders" }}
        itemCount={page.length}
        selectable={false}
        headings={[
          { title: "Order" },
          { title: "Placed" },
          { title: "Net sales", alignment: "end" },
          { title: "Refunded", alignment: "end" },
          { title: "Largest item" },
        ]}
        {...(newer + older > 0
          ? {
              pagination: {
                hasPrevious: newer > 0,
                hasNext: older > 0,
                onPrevious: () =>
                  change(
                    { ordersBefore: newerBefore === null ? null : String(newerBefore) },
                    { replace: true },
                  ),
                onNext: () => last && change({ ordersBefore: String(last.orderId) }, { replace: true }),
                accessibilityLabel: "Pages of orders",
              },
            }
          : {})}
      >
        {page.map((order, position) => (
          <OrderRow key={order.orderId} order={order} position={position} names={names} titles={titles} />
        ))}
      </IndexTable>
    </>
  );
}

function OrderRow({
  order,
  position,
  names,
  titles,
}: {
  order: CustomerOrder;
  position: number;
  names: OrderNames;
  titles: ReadonlyMap<number, string>;
}) {
  const show = useShow();
  return (
    <IndexTable.Row id={String(order.orderId)} position={position}>
      <IndexTable.Cell>
        <InlineStack gap="200" blockAlign="center" wrap={false}>
          <OrderLink orderId={order.orderId} names={names} />
          {order.isTest && <Badge>Test</Badge>}
          {order.isCancelled && <Badge>Cancelled</Badge>}
        </InlineStack>
      </IndexTable.Cell>
      <IndexTable.Cell>{show.time(order.placedAt)}</IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {show.money(order.netMinor)}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {order.refunds.length === 0 ? "–" : show.money(order.refundsMinor)}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        {/* Breaks over lines rather than push the figures out of sight. */}
        <div style={{ minWidth: "8rem", whiteSpace: "normal", overflowWrap: "anywhere" }}>
          {productTitle(order.leadProductId, titles)}
        </div>
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}
