/** What was sent last, and what became of it. */
import {
  Badge,
  BlockStack,
  Box,
  Button,
  Card,
  InlineGrid,
  InlineStack,
  Select,
  Text,
} from "@shopify/polaris";
import { useSearchParams } from "@remix-run/react";
import type { EventKind } from "../../core/events/outgoing-event.ts";
import { useDataAction } from "../data/use-data-action.ts";
import { Empty } from "../frame/empty.tsx";
import { useShow } from "../frame/use-show.ts";
import { EVENT_WORDS } from "./event-words.ts";

export interface ShownDelivery {
  eventId: string;
  receiverId: string;
  /** `null`: Shopify Flow. */
  url: string | null;
  kind: EventKind;
  occurredAt: number;
  status: "waiting" | "delivered" | "failed" | "dropped";
  attempts: number;
  triedAt: number;
  dueAt: number;
  answer: string | null;
}

const STATUS = {
  waiting: { words: "Tried again", tone: "attention" },
  delivered: { words: "Delivered", tone: "success" },
  failed: { words: "Given up", tone: "critical" },
  dropped: { words: "Not sent", tone: "info" },
} as const;

export function DeliveriesCard({
  deliveries,
  onlyFailed,
}: {
  deliveries: readonly ShownDelivery[];
  onlyFailed: boolean;
}) {
  const [, setParameters] = useSearchParams();
  return (
    <Card padding="0">
      <Box padding="400">
        <Select
          label="Show"
          labelInline
          options={[
            { value: "all", label: "All that was sent" },
            { value: "failed", label: "What was given up" },
          ]}
          value={onlyFailed ? "failed" : "all"}
          onChange={(value) =>
            setParameters(value === "failed" ? { deliveries: value } : {}, { preventScrollReset: true })
          }
        />
      </Box>
      {deliveries.length === 0 ? (
        <Empty heading={onlyFailed ? "Nothing was given up" : "Nothing was sent yet"}>
          <Text as="p">What is sent stands here for 30 days.</Text>
        </Empty>
      ) : (
        <Box paddingInline="400" paddingBlockEnd="400">
          <BlockStack as="ul" gap="400">
            {deliveries.map((delivery) => (
              <li key={`${delivery.eventId}/${delivery.receiverId}`} style={{ listStyle: "none" }}>
                <Delivery delivery={delivery} />
              </li>
            ))}
          </BlockStack>
        </Box>
      )}
    </Card>
  );
}

function Delivery({ delivery }: { delivery: ShownDelivery }) {
  const show = useShow();
  const { send, running } = useDataAction();
  const { eventId, receiverId, url, kind, occurredAt, status, attempts, triedAt, dueAt, answer } = delivery;
  const canSend = status === "failed" || status === "delivered";
  const to = url ?? "Shopify Flow";
  return (
    <InlineGrid columns={{ xs: 1, sm: "1fr auto" }} alignItems="center" gap="200">
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h3" variant="headingSm">
            {EVENT_WORDS[kind]}
          </Text>
          <span data-delivery={status}>
            <Badge tone={STATUS[status].tone}>{STATUS[status].words}</Badge>
          </span>
        </InlineStack>
        <Text as="p" breakWord>{`To ${to}, ${show.time(occurredAt)}`}</Text>
        <Text as="p" tone="subdued">
          {told(show.counted(attempts, "attempt", "attempts"), answer, status)}
          {` ${show.time(triedAt)}.`}
          {status === "waiting" && ` Again ${show.time(dueAt)}.`}
        </Text>
      </BlockStack>
      {canSend && (
        <InlineStack>
          <Button
            onClick={() => send({ intent: "send-again", id: eventId, receiver: receiverId })}
            loading={running?.id === eventId}
            accessibilityLabel={`Send again: ${EVENT_WORDS[kind]}, ${show.time(occurredAt)}, to ${to}`}
          >
            Send again
          </Button>
        </InlineStack>
      )}
    </InlineGrid>
  );
}

function told(attempts: string, answer: string | null, status: ShownDelivery["status"]): string {
  if (status === "dropped") return "It was about a customer who is not there any more.";
  return `${answer ?? "No answer"}, ${attempts}.`;
}
