/** What was sent last, and what became of it. */
import { Badge, Box, Button, Card, IndexTable, Select, Text } from "@shopify/polaris";
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
  const show = useShow();
  const [, setParameters] = useSearchParams();
  const { send, running } = useDataAction();
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
        <IndexTable
          itemCount={deliveries.length}
          selectable={false}
          resourceName={{ singular: "delivery", plural: "deliveries" }}
          headings={[
            { title: "Event" },
            { title: "To" },
            { title: "What came of it" },
            { title: "What to do" },
          ]}
        >
          {deliveries.map((delivery, position) => {
            const { eventId, receiverId, url, kind, occurredAt, status, attempts, triedAt, dueAt, answer } =
              delivery;
            const canSend = status === "failed" || status === "delivered";
            return (
              <IndexTable.Row
                id={`${eventId}/${receiverId}`}
                key={`${eventId}/${receiverId}`}
                position={position}
              >
                <IndexTable.Cell>
                  {EVENT_WORDS[kind]}
                  <br />
                  <Text as="span" variant="bodySm" tone="subdued">
                    {show.time(occurredAt)}
                  </Text>
                </IndexTable.Cell>
                <IndexTable.Cell>
                  <div style={{ minWidth: "8rem", whiteSpace: "normal", overflowWrap: "anywhere" }}>
                    {url ?? "Shopify Flow"}
                  </div>
                </IndexTable.Cell>
                <IndexTable.Cell>
                  <div style={{ minWidth: "10rem", whiteSpace: "normal" }} data-delivery={status}>
                    <Badge tone={STATUS[status].tone}>{STATUS[status].words}</Badge>
                    <br />
                    <Text as="span" variant="bodySm" tone="subdued">
                      {told(show.counted(attempts, "attempt", "attempts"), answer, status)}
                      {` ${show.time(triedAt)}.`}
                      {status === "waiting" && ` Again ${show.time(dueAt)}.`}
                    </Text>
                  </div>
                </IndexTable.Cell>
                <IndexTable.Cell>
                  {canSend && (
                    <Button
                      onClick={() => send({ intent: "send-again", id: eventId, receiver: receiverId })}
                      loading={running?.id === eventId}
                      accessibilityLabel={`Send again: ${EVENT_WORDS[kind]}, ${show.time(occurredAt)}, to ${url ?? "Shopify Flow"}`}
                    >
                      Send again
                    </Button>
                  )}
                </IndexTable.Cell>
              </IndexTable.Row>
            );
          })}
        </IndexTable>
      )}
    </Card>
  );
}

function told(attempts: string, answer: string | null, status: ShownDelivery["status"]): string {
  if (status === "dropped") return "It was about a customer who is not there any more.";
  return `${answer ?? "No answer"}, ${attempts}.`;
}
