/** Whether the storefront shows anything of Perennial, with what Shopify must allow before. */
import { Badge, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useDataAction } from "../data/use-data-action.ts";
import { useScopeRequest } from "../frame/use-scope-request.ts";

export function ShownCard({ isOn, missingScopes }: { isOn: boolean; missingScopes: readonly string[] }) {
  const { send, running } = useDataAction();
  const { ask, isAsking } = useScopeRequest(missingScopes);
  const isMissing = missingScopes.length > 0;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            In the storefront
          </Text>
          {isOn ? <Badge tone="success">Shown</Badge> : <Badge>Not shown</Badge>}
        </InlineStack>
        <Text as="p">
          {isOn
            ? "Shoppers see their points, rewards and recommendations wherever a block stands in your theme."
            : "Blocks in your theme stay empty until you show them: nothing of your customers is published before."}
        </Text>
        {isMissing && (
          <Text as="p">
            Shopify has to allow Perennial to write to customers and products: what shoppers see is kept with
            them there.
          </Text>
        )}
        <InlineStack gap="200">
          {isMissing && (
            <Button onClick={ask} loading={isAsking}>
              Allow in Shopify
            </Button>
          )}
          {isOn ? (
            <Button loading={running?.intent === "hide"} onClick={() => send({ intent: "hide" })}>
              No longer show it
            </Button>
          ) : (
            <Button
              variant="primary"
              disabled={isMissing}
              loading={running?.intent === "show"}
              onClick={() => send({ intent: "show" })}
            >
              Show it
            </Button>
          )}
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
