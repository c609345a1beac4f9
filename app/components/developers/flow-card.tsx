/** Which of our triggers the shop's workflows in Shopify Flow begin with. */
import { Badge, BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { useShow } from "../frame/use-show.ts";
import type { Counts } from "./event-words.ts";

export interface ShownTrigger {
  id: string;
  name: string;
  isUsed: boolean;
  counts: Counts;
}

export function FlowCard({ triggers }: { triggers: readonly ShownTrigger[] }) {
  const show = useShow();
  return (
    <Card>
      <BlockStack gap="300">
        {triggers.map(({ id, name, isUsed, counts }) => (
          <InlineStack key={id} gap="200" align="space-between" blockAlign="center">
            <Text as="p">{name}</Text>
            <InlineStack gap="200" blockAlign="center">
              {counts.failed > 0 && <Badge tone="critical">{`${show.count(counts.failed)} given up`}</Badge>}
              {isUsed && (
                <Text as="span" tone="subdued">
                  {`${show.count(counts.delivered)} told`}
                </Text>
              )}
              <Badge {...(isUsed && { tone: "success" as const })}>{isUsed ? "Used" : "Not used"}</Badge>
            </InlineStack>
          </InlineStack>
        ))}
        <Text as="p">
          <Link url="shopify://admin/apps/flow" target="_top">
            Open Shopify Flow
          </Link>
        </Text>
      </BlockStack>
    </Card>
  );
}
