/** Whether members can redeem a reward, and changing that: with a question where somebody holds what it gave. */
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import type { Reward } from "../../core/loyalty/reward.ts";
import { Confirm } from "../data/confirm.tsx";
import { useDataAction } from "../data/use-data-action.ts";
import { useShow } from "../frame/use-show.ts";

export function OfferCard({ reward: { id, isActive }, held }: { reward: Reward; held: number }) {
  const show = useShow();
  const { send, running } = useDataAction();
  const [isAsking, setAsking] = useState(false);
  const holders = show.counted(held, "redemption is", "redemptions are");
  const withdraw = () => send({ intent: "withdraw", id });
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {isActive ? "Offered to members" : "Not offered"}
        </Text>
        <div role="status" data-figure="held" data-value={String(held)}>
          <Text as="p">
            {held === 0
              ? "Nobody holds one that is still to be used."
              : `${holders} still to be used. What was promised for ${held === 1 ? "it" : "them"} stays as it was.`}
          </Text>
        </div>
        <InlineStack>
          {isActive ? (
            <Button
              onClick={() => (held > 0 ? setAsking(true) : withdraw())}
              loading={running?.intent === "withdraw"}
            >
              No longer offer it
            </Button>
          ) : (
            <Button onClick={() => send({ intent: "offer", id })} loading={running?.intent === "offer"}>
              Offer it again
            </Button>
          )}
        </InlineStack>
      </BlockStack>
      <Confirm
        open={isAsking}
        title="No longer offer this reward?"
        text={`Nobody can redeem it any more. ${holders} still to be used: codes, gift cards and credit that members have stay good until they expire. You can offer it again at any time.`}
        action="No longer offer it"
        onConfirm={withdraw}
        onClose={() => setAsking(false)}
      />
    </Card>
  );
}
