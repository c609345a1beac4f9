/** What happened when with a customer, newest first: the page's orders and refunds, and how it began. */
import { BlockStack, Card, Text } from "@shopify/polaris";
import { monthOf } from "../../core/calendar.ts";
import type { CustomerHistory, CustomerOrder } from "../../core/metrics/customer-history.ts";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { orderName, type OrderNames } from "./order-name.tsx";

interface Event {
  key: string;
  day: number;
  what: string;
}

export function CustomerTimeline({ history, names }: { history: CustomerHistory; names: OrderNames }) {
  const show = useShow();
  const events = eventsOf(history.page, names, show);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Timeline
        </Text>
        <ol style={{ margin: 0, padding: 0, listStyle: "none" }}>
          {events.map(({ key, day, what }) => (
            <li key={key} style={{ paddingBlockEnd: "var(--p-space-200)" }}>
              <Text as="p">{what}</Text>
              <Text as="p" variant="bodySm" tone="subdued">
                {show.day(day)}
              </Text>
            </li>
          ))}
        </ol>
        {history.older + history.newer > 0 && (
          <Text as="p" variant="bodySm" tone="subdued">
            Of the orders on this page.
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

function eventsOf(orders: readonly CustomerOrder[], names: OrderNames, show: Show): Event[] {
  const events: Event[] = [];
  for (const order of orders) {
    const name = orderName(order.orderId, names);
    order.refunds.forEach(({ day, minor }, index) =>
      events.push({
        key: `${order.orderId} refund ${index}`,
        day,
        what: `${show.money(minor)} refunded on order ${name}`,
      }),
    );
    const since = order.daysSince === null ? "" : `, ${daysLater(order.daysSince, show)}`;
    events.push({
      key: String(order.orderId),
      day: order.day,
      what: `${orderWords(order, show)} ${name}${since}`,
    });
  }
  // Stable: an order's refunds of the same day stay above it.
  return events.sort((a, b) => b.day - a.day);
}

function orderWords({ number, isTest, day }: CustomerOrder, show: Show): string {
  if (number === null) return isTest ? "Test order" : "Cancelled order";
  if (number === 1) return `First order, in the cohort of ${show.month(monthOf(day))}:`;
  return `Order number ${show.count(number)}:`;
}

function daysLater(days: number, show: Show): string {
  if (days === 0) return "on the same day as the one before";
  return days === 1 ? "a day after the one before" : `${show.count(days)} days after the one before`;
}
