/** What is in the archive of everything, and the button that saves it. */
import { Banner, BlockStack, Button, Card, InlineStack, List, Text } from "@shopify/polaris";
import { useState } from "react";
import { saveFile } from "../frame/save-file.ts";

export function EverythingCard() {
  const [state, setState] = useState<"idle" | "busy" | "failed" | "saved">("idle");
  const save = async () => {
    setState("busy");
    try {
      await saveFile("/app/loyalty/export/file", "perennial.zip");
      setState("saved");
    } catch {
      setState("failed");
    }
  };
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            One archive with everything
          </Text>
          <List>
            <List.Item>
              Settings, every version of the rules, tiers, rewards and other ways to earn.
            </List.Item>
            <List.Item>
              Members with their balances and tiers, by Shopify’s number. The import reads them again.
            </List.Item>
            <List.Item>
              Every line of the ledger, redemptions, answers to the survey, segments and events.
            </List.Item>
            <List.Item>
              The programme as a file, by which whoever runs Perennial brings it back line by line into this
              shop.
            </List.Item>
          </List>
          <Text as="p" tone="subdued">
            It names nobody, but has codes that can still be used: keep it as you keep money. Making it takes
            some minutes where the history is long.
          </Text>
        </BlockStack>
        <InlineStack>
          <Button variant="primary" loading={state === "busy"} onClick={() => void save()}>
            Save everything
          </Button>
        </InlineStack>
        <div aria-live="polite">
          {state === "failed" && (
            <Banner tone="critical" title="The archive could not be made">
              <p>Try again. Nothing was lost.</p>
            </Banner>
          )}
          {state === "saved" && <Text as="p">The archive is saved.</Text>}
        </div>
      </BlockStack>
    </Card>
  );
}
