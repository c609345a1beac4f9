/** A segment's tag at Shopify: given to its members, kept up, stopped, and taken away again. */
import { BlockStack, Button, ButtonGroup, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { Confirm } from "../data/confirm.tsx";
import { useDataAction } from "../data/use-data-action.ts";
import { requestScopes, showToast } from "../frame/app-bridge.ts";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";

export interface SegmentTags {
  tag: string;
  /** What the merchant has to allow first; `null`: nothing. */
  scope: string | null;
  /** `null`: nobody is tagged. */
  tagging: { state: "on" | "stopped" | "removing"; finishedAt: number | null } | null;
  tagged: number;
}

export function isTagging({ tagging }: SegmentTags): boolean {
  return tagging?.state === "removing" || (tagging?.state === "on" && tagging.finishedAt === null);
}

export function TagsCard({ tags }: { tags: SegmentTags }) {
  const show = useShow();
  const { send, running } = useDataAction();
  const [isRemoving, setRemoving] = useState(false);
  const { tag, scope, tagging } = tags;
  const isBusy = (intent: string) => running?.intent === intent;
  const start = async () => {
    try {
      if (scope !== null) await requestScopes([scope]);
      send({ intent: "tag" });
    } catch {
      showToast("Shopify could not be asked. Try again.", { isError: true });
    }
  };
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Tag in Shopify
        </Text>
        <Text as="p" tone="subdued">
          {`Gives these customers the tag ${tag} in Shopify, for flows, discounts and e-mails there, and takes it from whoever leaves the segment, every night. Other tags are never touched.`}
          {scope !== null && " Shopify will ask you to allow Perennial to edit customers."}
        </Text>
        <div role="status" data-figure="tagged" data-value={String(tags.tagged)}>
          <Text as="p" fontWeight="semibold">
            {progressInWords(tags, show)}
          </Text>
        </div>
        <InlineStack>
          <ButtonGroup>
            {tagging?.state !== "removing" && (
              <Button onClick={() => void start()} loading={isBusy("tag")} disabled={isTagging(tags)}>
                {tagging?.state === "on" ? "Bring up to date now" : "Tag these customers"}
              </Button>
            )}
            {tagging && tagging.state !== "stopped" && (
              <Button onClick={() => send({ intent: "stop-tagging" })} loading={isBusy("stop-tagging")}>
                Stop
              </Button>
            )}
            {tagging && tagging.state !== "removing" && (
              <Button onClick={() => setRemoving(true)} loading={isBusy("untag")}>
                Remove the tags
              </Button>
            )}
          </ButtonGroup>
        </InlineStack>
      </BlockStack>
      <Confirm
        open={isRemoving}
        title="Remove this tag from all customers?"
        text={`The tag ${tag} is taken from everybody whom Perennial gave it. Other tags stay.`}
        action="Remove the tags"
        destructive
        onConfirm={() => send({ intent: "untag" })}
        onClose={() => setRemoving(false)}
      />
    </Card>
  );
}

function progressInWords({ tagging, tagged }: SegmentTags, show: Show): string {
  const counted = show.counted(tagged, "customer is", "customers are");
  if (!tagging) return "Nobody is tagged.";
  switch (tagging.state) {
    case "removing":
      return `The tag is being removed: ${counted} still tagged.`;
    case "stopped":
      return `Stopped: ${counted} tagged, and nothing changes by itself.`;
    case "on":
      return tagging.finishedAt === null
        ? `Tagging is under way: ${counted} tagged so far.`
        : `${counted} tagged, as of ${show.time(tagging.finishedAt)}.`;
  }
}
