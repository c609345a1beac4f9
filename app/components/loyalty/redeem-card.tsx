/** Redeems a reward for a customer by hand, as support does: after a question, and once however often it is sent. */
import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Select, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import type { Reward } from "../../core/loyalty/reward.ts";
import { Confirm } from "../data/confirm.tsx";
import { showToast } from "../frame/app-bridge.ts";
import { useShow } from "../frame/use-show.ts";

interface Outcome {
  ok: boolean;
  message: string;
}

export function RedeemCard({
  offered,
  available,
  isPaused,
}: {
  offered: readonly Reward[];
  available: number;
  isPaused: boolean;
}) {
  const show = useShow();
  const fetcher = useFetcher<Outcome>();
  const { data } = fetcher;
  const [chosen, setChosen] = useState<string | null>(null);
  /** The wish that is asked about, with a key made before anything is sent: the same wish twice is one redemption. */
  const [wish, setWish] = useState<{ reward: Reward; key: string } | null>(null);
  useEffect(() => {
    if (data) showToast(data.message, { isError: !data.ok });
  }, [data]);
  const reward = offered.find(({ id }) => id === chosen) ?? offered[0];
  const missing = reward ? Math.max(0, reward.costPoints - available) : 0;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Redeem by hand
        </Text>
        {reward ? (
          <>
            <Select
              label="Reward"
              options={offered.map(({ id, name, costPoints }) => ({
                value: id,
                label: `${name} (${show.counted(costPoints, "point", "points")})`,
              }))}
              value={reward.id}
              onChange={setChosen}
            />
            <Text as="p" tone="subdued">
              {isPaused
                ? "While the programme is paused nobody can redeem."
                : missing > 0
                  ? `${show.counted(missing, "point is", "points are")} missing.`
                  : "The customer gets it as if they had redeemed it themselves."}
            </Text>
            <InlineStack>
              <Button
                disabled={isPaused || missing > 0}
                loading={fetcher.state !== "idle"}
                onClick={() => setWish({ reward, key: crypto.randomUUID() })}
              >
                Redeem
              </Button>
            </InlineStack>
          </>
        ) : (
          <Text as="p" tone="subdued">
            No reward is offered. The page of rewards has them all.
          </Text>
        )}
      </BlockStack>
      <Confirm
        open={wish !== null}
        title={`Redeem ${wish?.reward.name ?? "it"} for this customer?`}
        text={`${show.counted(wish?.reward.costPoints ?? 0, "point is", "points are")} spent, and Shopify makes the reward for this customer alone.`}
        action="Redeem it"
        onConfirm={() => {
          if (!wish) return;
          const sent = { intent: "redeem", key: wish.key, rewardId: wish.reward.id };
          fetcher.submit(sent, { method: "post" });
        }}
        onClose={() => setWish(null)}
      />
    </Card>
  );
}
