/** What a disputed payment does to points, and the merchant's leave to hear of it at once. */
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { PageSection } from "../frame/page-section.tsx";
import { useScopeRequest } from "../frame/use-scope-request.ts";

export function DisputesSection({ scopes }: { scopes: readonly string[] }) {
  const { ask, isAsking } = useScopeRequest(scopes);
  const isHeard = scopes.length === 0;
  return (
    <PageSection
      id="disputes"
      title="Disputed payments"
      description="While a customer disputes a payment with their bank, its order’s points are held. They come back when you win, and are gone when you lose."
    >
      <Card>
        <BlockStack gap="400">
          <div role="status" data-disputes={isHeard ? "heard-at-once" : "heard-late"}>
            <Text as="p" fontWeight="semibold">
              {isHeard
                ? "Shopify tells Perennial of disputes as they happen."
                : "Perennial hears of a dispute only when something else about its order changes."}
            </Text>
          </div>
          {!isHeard && (
            <>
              <Text as="p">
                If your shop uses Shopify Payments, allow Perennial to read its disputes. The points are then
                held within seconds, before they can be spent. Payouts and bank accounts are not read.
              </Text>
              <InlineStack>
                <Button onClick={ask} loading={isAsking}>
                  Allow in Shopify
                </Button>
              </InlineStack>
            </>
          )}
        </BlockStack>
      </Card>
    </PageSection>
  );
}
