/** The rewards of a programme that has none: what it could begin with, each opened to be looked at before it is saved. */
import { BlockStack, Button, Card, InlineGrid, InlineStack, List, Text } from "@shopify/polaris";
import type { EarningRules } from "../../core/loyalty/programme.ts";
import { rewardOutlook } from "../../core/loyalty/reward-outlook.ts";
import type { RewardBeginning, RewardTemplateName } from "../../core/loyalty/reward-templates.ts";
import { useShow } from "../frame/use-show.ts";
import { worthInWords } from "./reward-words.ts";

const ABOUT: Readonly<Record<RewardTemplateName, string>> = {
  "amount-off": "Plain and well known: points are worth a fixed amount.",
  percentage: "Worth more on a larger order, so it asks for a larger one.",
  "free-shipping": "Takes away what most often keeps people from ordering.",
};

export function RewardTemplates({
  templates,
  base,
}: {
  templates: readonly { name: RewardTemplateName; beginning: RewardBeginning }[];
  base: EarningRules["base"];
}) {
  const show = useShow();
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            Give points something to be spent on
          </Text>
          <Text as="p">
            For its points a member gets a real discount code, gift card or store credit of your shop: for
            that customer alone, once, and with an end. Begin with one of these and change what you like
            before you save it.
          </Text>
          <InlineStack>
            <Button url="/app/loyalty/rewards/new">Begin with an empty one</Button>
          </InlineStack>
        </BlockStack>
      </Card>
      <InlineGrid columns={{ xs: 1, md: 3 }} gap="400">
        {templates.map(({ name, beginning }) => {
          const worth = worthInWords(beginning.gives, show);
          return (
            <Card key={name}>
              <BlockStack gap="300">
                <Text as="h3" variant="headingMd">
                  {worth}
                </Text>
                <Text as="p" tone="subdued">
                  {ABOUT[name]}
                </Text>
                <List>
                  <List.Item>{show.counted(beginning.costPoints, "point", "points")}</List.Item>
                  <List.Item>
                    {`Earned with ${show.money(rewardOutlook(beginning, base).earnedByMinor)} of purchases`}
                  </List.Item>
                  <List.Item>{`Valid for ${show.counted(beginning.validDays, "day", "days")}`}</List.Item>
                </List>
                <InlineStack>
                  <Button
                    url={`/app/loyalty/rewards/new?template=${name}`}
                    accessibilityLabel={`Begin with ${worth}`}
                  >
                    Begin with this
                  </Button>
                </InlineStack>
              </BlockStack>
            </Card>
          );
        })}
      </InlineGrid>
    </BlockStack>
  );
}
