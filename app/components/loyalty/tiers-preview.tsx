/** The ladder as members see it, while it is being typed, with how many are where. */
import { BlockStack, Card, List, Text } from "@shopify/polaris";
import type { Tier, TierRules } from "../../core/loyalty/tiers.ts";
import { useShow } from "../frame/use-show.ts";

export function TiersPreview({ tiers }: { tiers: TierRules | null }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          What a member sees
        </Text>
        {tiers === null && (
          <Text as="p" tone="subdued">
            It appears here once every field makes sense.
          </Text>
        )}
        {tiers?.ladder.length === 0 && <Text as="p">Nothing: there are no tiers.</Text>}
        {tiers?.ladder.map((tier) => (
          <OneTier key={tier.id} tier={tier} by={tiers.by} />
        ))}
      </BlockStack>
    </Card>
  );
}

function OneTier({ tier, by }: { tier: Tier; by: TierRules["by"] }) {
  const show = useShow();
  const { name, threshold, factorPercent, entryPoints, perks } = tier;
  const asked = {
    spend: () => show.money(threshold),
    points: () => show.counted(threshold ?? 0, "point", "points"),
    orders: () => show.counted(threshold ?? 0, "order", "orders"),
  }[by];
  const lines = [
    ...(factorPercent > 100
      ? [
          `${show.number(factorPercent / 100, factorPercent % 100 === 0 ? 0 : factorPercent % 10 === 0 ? 1 : 2)}× points`,
        ]
      : []),
    ...(entryPoints > 0 ? [`${show.counted(entryPoints, "point", "points")} for entering`] : []),
    ...perks,
  ];
  return (
    <BlockStack gap="100">
      <Text as="h3" variant="headingSm">
        {name}
      </Text>
      <Text as="p" tone="subdued">
        {threshold === null ? "By invitation or membership" : `From ${asked()}`}
      </Text>
      {lines.length > 0 && (
        <List>
          {lines.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
      )}
    </BlockStack>
  );
}

export function MembersByTier({
  tiers,
  counts,
  members,
  isJudging,
}: {
  tiers: TierRules;
  counts: Readonly<Record<string, number>>;
  members: number;
  isJudging: boolean;
}) {
  const show = useShow();
  const inTiers = tiers.ladder.reduce((sum, { id }) => sum + (counts[id] ?? 0), 0);
  const rows = [
    ...tiers.ladder.toReversed().map(({ id, name }) => [id, name, counts[id] ?? 0] as const),
    ["none", "No tier", Math.max(0, members - inTiers)] as const,
  ];
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          Members
        </Text>
        {isJudging && <Text as="p">Members are being told apart by the saved tiers.</Text>}
        {rows.map(([id, name, count]) => (
          <div key={id} data-figure={`tier-${id}`} data-value={String(count)}>
            <Text as="p">
              {`${name}: ${show.count(count)}${members > 0 ? ` (${show.share(count / members)})` : ""}`}
            </Text>
          </div>
        ))}
      </BlockStack>
    </Card>
  );
}
