/** An address of the shop's own that is to hear of events. */
import { BlockStack, Button, ChoiceList, FormLayout, InlineStack, TextField } from "@shopify/polaris";
import { useState } from "react";
import { EVENT_KINDS, type EventKind } from "../../core/events/outgoing-event.ts";
import { EVENT_WORDS } from "./event-words.ts";

export interface EndpointWish {
  url: string;
  kinds: readonly EventKind[];
}

export function EndpointForm({
  faults,
  isRunning,
  onAdd,
  onCancel,
}: {
  faults: { url: string | undefined; kinds: string | undefined };
  isRunning: boolean;
  onAdd: (wish: EndpointWish) => void;
  onCancel: () => void;
}) {
  const [url, setUrl] = useState("https://");
  const [kinds, setKinds] = useState<EventKind[]>([...EVENT_KINDS]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onAdd({ url, kinds });
      }}
    >
      <BlockStack gap="400">
        <FormLayout>
          <TextField
            label="Address"
            type="url"
            value={url}
            onChange={setUrl}
            error={faults.url}
            helpText="It answers with a status from 200 to 299 within 10 seconds. Anything else is tried again for a day."
            autoComplete="off"
            maxLength={2_000}
          />
          <ChoiceList
            title="What to send"
            allowMultiple
            choices={EVENT_KINDS.map((kind) => ({ value: kind, label: EVENT_WORDS[kind] }))}
            selected={kinds}
            onChange={(chosen) => setKinds(EVENT_KINDS.filter((kind) => chosen.includes(kind)))}
            error={faults.kinds ?? ""}
          />
        </FormLayout>
        <InlineStack gap="200">
          <Button submit variant="primary" loading={isRunning}>
            Add the address
          </Button>
          <Button onClick={onCancel} disabled={isRunning}>
            Cancel
          </Button>
        </InlineStack>
      </BlockStack>
    </form>
  );
}
