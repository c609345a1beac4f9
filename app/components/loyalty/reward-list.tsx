/** All rewards with what each costs, is worth and has come to. */
import { Badge, BlockStack, Card, IndexTable, InlineStack, Link, Text } from "@shopify/polaris";
import type { EarningRules } from "../../core/loyalty/programme.ts";
import type { Reward } from "../../core/loyalty/reward.ts";
import { rewardOutlook } from "../../core/loyalty/reward-outlook.ts";
import { useTold } from "../customers/use-told.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureCell } from "./figure-cell.tsx";
import { REWARD_KIND_WORDS, worthInWords } from "./reward-words.ts";

interface Counts {
  held: number;
  used: number;
  expired: number;
}

const NONE: Counts = { held: 0, used: 0, expired: 0 };

export function RewardList({
  rewards,
  base,
  counts: countsToCome,
  variantNames,
}: {
  rewards: readonly Reward[];
  base: EarningRules["base"];
  counts: Promise<Readonly<Record<string, Counts>>>;
  variantNames: Promise<Readonly<Record<number, string>> | null>;
}) {
  const { value: counts } = useTold(countsToCome);
  const { value: names } = useTold(variantNames);
  return (
    <Card padding="0">
      <IndexTable
        resourceName={{ singular: "reward", plural: "rewards" }}
        itemCount={rewards.length}
        selectable={false}
        headings={[
          { title: "Reward" },
          { title: "Points", alignment: "end" },
          { title: "Gives back", alignment: "end" },
          { title: "Held now", alignment: "end" },
          { title: "Used", alignment: "end" },
          { title: "Expired", alignment: "end" },
        ]}
      >
        {rewards.map((reward, position) => (
          <IndexTable.Row key={reward.id} id={reward.id} position={position}>
            <RewardCells
              reward={reward}
              base={base}
              counts={counts && (counts[reward.id] ?? NONE)}
              product={"variantId" in reward.gives ? names?.[reward.gives.variantId] : undefined}
            />
          </IndexTable.Row>
        ))}
      </IndexTable>
    </Card>
  );
}

function RewardCells({
  reward: { id, name, gives, costPoints, isActive },
  base,
  counts,
  product,
}: {
  reward: Reward;
  base: EarningRules["base"];
  counts: Counts | null | undefined;
  product: string | undefined;
}) {
  const show = useShow();
  const { givesBackShare } = rewardOutlook({ costPoints, gives }, base);
  return (
    <>
      <IndexTable.Cell>
        <div style={{ minWidth: "11rem", whiteSpace: "normal", overflowWrap: "anywhere" }}>
          <BlockStack gap="050">
            <InlineStack gap="200" blockAlign="center">
              <Link url={`/app/loyalty/rewards/${id}`} dataPrimaryLink monochrome removeUnderline>
                <Text as="span" fontWeight="semibold">
                  {name}
                </Text>
              </Link>
              {isActive ? <Badge tone="success">Offered</Badge> : <Badge>Not offered</Badge>}
            </InlineStack>
            <Text as="span" variant="bodySm" tone="subdued">
              {`${REWARD_KIND_WORDS[gives.kind]}: ${worthInWords(gives, show, product)}`}
            </Text>
          </BlockStack>
        </div>
      </IndexTable.Cell>
      <FigureCell text={show.count(costPoints)} />
      <FigureCell text={show.share(givesBackShare)} />
      <FigureCell text={show.count(counts?.held ?? null)} />
      <FigureCell text={show.count(counts?.used ?? null)} />
      <FigureCell text={show.count(counts?.expired ?? null)} />
    </>
  );
}
