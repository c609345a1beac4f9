/** What stands out this week, in words and numbers; and where nothing does, that. */
import { BlockStack, Card, InlineStack, List, Text } from "@shopify/polaris";
import type { Stated } from "../../core/metrics/coverage.ts";
import type { Standout, StandoutMeasure, Standouts } from "../../core/metrics/standouts.ts";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "./figure-card.tsx";

const NAMES: Record<StandoutMeasure, string> = {
  netMinor: "Net sales",
  orders: "Orders",
  newCustomers: "New customers",
  secondOrders: "Second orders",
  refundRate: "The refund rate",
};

const SILENCES: Record<Exclude<Standouts["silentBecause"], null>, string> = {
  "not-synced": "The last seven days are compared with the weeks before once your history is read.",
  "too-young": "The last seven days are compared with the eight weeks before once there are so many.",
  "too-few-orders": "There are fewer than 20 orders a week: too few to tell a change from chance.",
};

export function StandoutsCard({ stated: { figures, coverage } }: { stated: Stated<Standouts> }) {
  const show = useShow();
  const { week, standouts, silentBecause } = figures;
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center" wrap={false} gap="200">
          <Text as="h2" variant="headingMd">
            What stands out this week
          </Text>
          <FigureInformation name="standouts" label="Standing out" coverage={coverage} />
        </InlineStack>
        {silentBecause !== null && <Text as="p">{SILENCES[silentBecause]}</Text>}
        {silentBecause === null && standouts.length === 0 && (
          <Text as="p">
            Nothing out of the ordinary: sales, orders, new customers, second orders and refunds are where the
            eight weeks before would put them.
          </Text>
        )}
        {standouts.length > 0 && (
          <List>
            {standouts.map((standout) => (
              <List.Item key={standout.measure}>{sentenceOf(standout, show)}</List.Item>
            ))}
          </List>
        )}
        <Text as="p" variant="bodySm" tone="subdued">
          {`${show.period(week)}. A change is named only if weeks like the eight before would bring it less than once in a hundred.`}
        </Text>
      </BlockStack>
    </Card>
  );
}

function sentenceOf({ measure, direction, value, mean, low, high }: Standout, show: Show): string {
  const written = (amount: number) => writtenAs(measure, amount, show);
  const than = direction === "high" ? "more" : "less";
  const expected = low <= 0 ? `up to ${written(high)}` : `${written(low)} to ${written(high)}`;
  return `${NAMES[measure]}: ${written(value)}, ${than} than the weeks before would explain. They had ${written(mean)} on average, which makes ${expected} ordinary.`;
}

function writtenAs(measure: StandoutMeasure, amount: number, show: Show): string {
  if (measure === "netMinor") return show.money(Math.round(amount));
  return measure === "refundRate" ? show.share(amount) : show.count(Math.round(amount));
}
