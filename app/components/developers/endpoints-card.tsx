/** The shop's own addresses that hear of events: to be added, tried, paused and removed. */
import {
  Badge,
  BlockStack,
  Box,
  Button,
  ButtonGroup,
  Card,
  Divider,
  InlineStack,
  Text,
} from "@shopify/polaris";
import { Fragment, useState } from "react";
import type { EventKind } from "../../core/events/outgoing-event.ts";
import { Confirm } from "../data/confirm.tsx";
import { Empty } from "../frame/empty.tsx";
import { useShow } from "../frame/use-show.ts";
import { EndpointForm, type EndpointWish } from "./endpoint-form.tsx";
import { EVENT_WORDS, type Counts } from "./event-words.ts";
import { SecretBanner } from "./secret-banner.tsx";
import { useSecretAction } from "./use-secret-action.ts";

export interface Endpoint {
  id: string;
  url: string;
  kinds: readonly EventKind[];
  isActive: boolean;
  createdAt: number;
  /** Until then the former secret signs as well; `null`: no longer. */
  previousUntil: number | null;
  counts: Counts;
}

type Intent =
  | "pause-endpoint"
  | "resume-endpoint"
  | "remove-endpoint"
  | "rotate-secret"
  | "test-endpoint"
  | "send-failed-again";

export function EndpointsCard({ endpoints }: { endpoints: readonly Endpoint[] }) {
  const { send, isRunning, isAdding, openForm, closeForm, fault, secret, putSecretAway } = useSecretAction();
  const [asking, setAsking] = useState<{
    intent: "remove-endpoint" | "rotate-secret";
    endpoint: Endpoint;
  } | null>(null);
  const act = (intent: Intent, { id }: Endpoint) => send({ intent, id });
  const add = ({ url, kinds }: EndpointWish) => send({ intent: "add-endpoint", url, kinds: kinds.join(",") });
  return (
    <BlockStack gap="400">
      {secret !== undefined && (
        <SecretBanner title="The address's secret" secret={secret} onClose={putSecretAway}>
          By it your program knows that an event is from us. It is shown this once: keep it where your program
          finds it.
        </SecretBanner>
      )}
      <Card>
        {isAdding ? (
          <EndpointForm
            faults={{ url: fault("url"), kinds: fault("kinds") }}
            isRunning={isRunning("add-endpoint")}
            onAdd={add}
            onCancel={closeForm}
          />
        ) : (
          <BlockStack gap="400">
            {endpoints.length === 0 && (
              <Empty heading="No addresses yet">
                <Text as="p">
                  Add one, and it hears of events as they happen, signed so that it knows they are from us.
                </Text>
              </Empty>
            )}
            {endpoints.map((endpoint) => (
              <Fragment key={endpoint.id}>
                <EndpointRow
                  endpoint={endpoint}
                  isRunning={(intent) => isRunning(intent, endpoint.id)}
                  act={(intent) =>
                    intent === "remove-endpoint" || intent === "rotate-secret"
                      ? setAsking({ intent, endpoint })
                      : act(intent, endpoint)
                  }
                />
                <Divider />
              </Fragment>
            ))}
            <InlineStack align={endpoints.length === 0 ? "center" : "start"}>
              <Button onClick={openForm} variant={endpoints.length === 0 ? "primary" : "secondary"}>
                Add an address
              </Button>
            </InlineStack>
          </BlockStack>
        )}
      </Card>
      <Confirm
        open={asking?.intent === "remove-endpoint"}
        title="Remove this address?"
        text="Nothing more is sent there, and what still waits is not sent."
        action="Remove"
        destructive
        onConfirm={() => asking && act(asking.intent, asking.endpoint)}
        onClose={() => setAsking(null)}
      />
      <Confirm
        open={asking?.intent === "rotate-secret"}
        title="Make a new secret?"
        text="For a day events are signed with both, so that your program can change over. After that only the new one counts."
        action="Make a new secret"
        onConfirm={() => asking && act(asking.intent, asking.endpoint)}
        onClose={() => setAsking(null)}
      />
    </BlockStack>
  );
}

function EndpointRow({
  endpoint,
  isRunning,
  act,
}: {
  endpoint: Endpoint;
  isRunning: (intent: Intent) => boolean;
  act: (intent: Intent) => void;
}) {
  const show = useShow();
  const { url, kinds, isActive, counts, previousUntil, createdAt } = endpoint;
  const button = (intent: Intent, words: string) => (
    <Button
      key={intent}
      onClick={() => act(intent)}
      loading={isRunning(intent)}
      {...(intent === "remove-endpoint" && { tone: "critical" as const })}
      accessibilityLabel={`${words}: ${url}`}
    >
      {words}
    </Button>
  );
  return (
    <div data-endpoint={url}>
      <BlockStack gap="200">
        <InlineStack gap="200" blockAlign="center">
          <Box maxWidth="100%">
            <div style={{ overflowWrap: "anywhere" }}>
              <Text as="h3" fontWeight="semibold">
                {url}
              </Text>
            </div>
          </Box>
          <Badge {...(isActive && { tone: "success" as const })}>{isActive ? "On" : "Paused"}</Badge>
          {counts.failed > 0 && <Badge tone="critical">{`${show.count(counts.failed)} given up`}</Badge>}
        </InlineStack>
        <Text as="p" tone="subdued">
          {`${kinds.map((kind) => EVENT_WORDS[kind]).join(", ")}. Since ${show.date(createdAt)}: ${show.count(counts.delivered)} delivered, ${show.count(counts.waiting)} waiting.`}
        </Text>
        {previousUntil !== null && (
          <Text as="p">{`The former secret signs as well until ${show.time(previousUntil)}.`}</Text>
        )}
        <ButtonGroup>
          {button("test-endpoint", "Send a test")}
          {counts.failed > 0 ? button("send-failed-again", "Send given up again") : null}
          {isActive ? button("pause-endpoint", "Pause") : button("resume-endpoint", "Go on")}
          {button("rotate-secret", "New secret")}
          {button("remove-endpoint", "Remove")}
        </ButtonGroup>
      </BlockStack>
    </div>
  );
}
