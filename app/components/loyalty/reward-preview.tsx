/** A reward as a member sees it, while it is being typed, and what it comes to for the shop. */
import { BlockStack, Card, Divider, InlineStack, List, ProgressBar, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import type { EarningRules } from "../../core/loyalty/programme.ts";
import type { Reward } from "../../core/loyalty/reward.ts";
import { rewardOutlook, spendingFor } from "../../core/loyalty/reward-outlook.ts";
import { useShow } from "../frame/use-show.ts";
import { termsInWords, worthInWords } from "./reward-words.ts";

const PROGRESS_ID = "reward-progress";

export function RewardPreview({
  reward,
  base,
  product,
}: {
  /** `null`: what is typed makes no sense yet. */
  reward: Reward | null;
  base: EarningRules["base"];
  product: string | undefined;
}) {
  const show = useShow();
  const [typed, setTyped] = useState<string | null>(null);
  if (!reward) {
    return (
      <Card>
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            What a member sees
          </Text>
          <Text as="p" tone="subdued">
            It appears here once every field makes sense.
          </Text>
        </BlockStack>
      </Card>
    );
  }
  const { costPoints } = reward;
  const text = typed ?? String(Math.floor(costPoints / 2));
  const available = /^\d{1,9}$/.test(text.trim()) ? Number(text) : null;
  const { earnedByMinor, givesBackShare } = rewardOutlook(reward, base);
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          What a member sees
        </Text>
        <TextField
          label="A member with"
          suffix="points"
          value={text}
          onChange={setTyped}
          inputMode="numeric"
          autoComplete="off"
          error={available === null ? "A whole number" : undefined}
        />
        <BlockStack gap="200">
          <Text as="h3" variant="headingLg">
            {reward.name}
          </Text>
          <InlineStack gap="200" align="space-between">
            <Text as="p" fontWeight="semibold">
              {worthInWords(reward.gives, show, product)}
            </Text>
            <Text as="p">{show.counted(costPoints, "point", "points")}</Text>
          </InlineStack>
          {available !== null && <Progress available={available} costPoints={costPoints} base={base} />}
          <List>
            {termsInWords(reward, show).map((sentence) => (
              <List.Item key={sentence}>{sentence}</List.Item>
            ))}
          </List>
        </BlockStack>
        <Divider />
        <BlockStack gap="100">
          <Text as="h3" variant="headingSm">
            What it comes to
          </Text>
          <div data-figure="earnedBy" data-value={String(earnedByMinor)}>
            <Text as="p">
              {`By your base rule a member earns it with ${show.money(earnedByMinor)} of purchases.`}
            </Text>
          </div>
          <Text as="p">
            {givesBackShare === null
              ? "What it is worth depends on the order."
              : `It gives back ${show.share(givesBackShare)} of that.`}
          </Text>
        </BlockStack>
      </BlockStack>
    </Card>
  );
}

function Progress({
  available,
  costPoints,
  base,
}: {
  available: number;
  costPoints: number;
  base: EarningRules["base"];
}) {
  const show = useShow();
  const missing = Math.max(0, costPoints - available);
  const points = show.counted(missing, "point", "points");
  const purchases = show.money(spendingFor(missing, base));
  return (
    <BlockStack gap="100">
      <ProgressBar
        size="small"
        progress={Math.min(100, Math.floor((available * 100) / costPoints))}
        ariaLabelledBy={PROGRESS_ID}
      />
      <div id={PROGRESS_ID} data-figure="missingPoints" data-value={String(missing)}>
        <Text as="p" tone="subdued">
          {missing === 0 ? "You have enough points." : `${points} to go: about ${purchases} of purchases.`}
        </Text>
      </div>
    </BlockStack>
  );
}
