/** What a customer has said of their orders, the latest first; nothing where they never did. */
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useShow } from "../frame/use-show.ts";
import { OrderLink, type OrderNames } from "./order-name.tsx";

export interface SaidOfOrder {
  orderId: number;
  quality: number | null;
  delivery: number | null;
  recommend: number | null;
  changedAt: number;
}

export function SaidCard({ said, names }: { said: readonly SaidOfOrder[]; names: OrderNames }) {
  const show = useShow();
  if (said.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Survey answers
        </Text>
        {said.map(({ orderId, changedAt, ...marks }) => (
          <BlockStack key={orderId}>
            <Text as="p">
              <OrderLink orderId={orderId} names={names} />
              {`, ${show.date(changedAt)}`}
            </Text>
            <Text as="p">{wordsOf(marks)}</Text>
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}

function wordsOf({
  quality,
  delivery,
  recommend,
}: Pick<SaidOfOrder, "quality" | "delivery" | "recommend">): string {
  return [
    quality === null ? [] : `Product ${quality} of 5`,
    delivery === null ? [] : `Delivery ${delivery} of 5`,
    recommend === null ? [] : `Would recommend: ${recommend} of 10`,
  ]
    .flat()
    .join(", ");
}
