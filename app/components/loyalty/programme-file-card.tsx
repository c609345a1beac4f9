/** Takes the whole points programme away as a file that brings it back. */
import { Banner, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { saveFile } from "../frame/save-file.ts";

export function ProgrammeFileCard() {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const save = async () => {
    setBusy(true);
    setFailed(false);
    try {
      await saveFile("/app/loyalty/file", "points-programme.ndjson");
    } catch {
      setFailed(true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <BlockStack gap="400">
      {failed && (
        <Banner tone="critical" title="The file could not be made" onDismiss={() => setFailed(false)}>
          <p>Try again. Nothing was lost.</p>
        </Banner>
      )}
      <Card>
        <BlockStack gap="300">
          <Text as="p">
            The file holds rules, rewards, members by their Shopify number, every line of every account, and
            codes that can still be used. Keep it as you keep money.
          </Text>
          <InlineStack>
            <Button onClick={() => void save()} loading={busy}>
              Save the programme
            </Button>
          </InlineStack>
        </BlockStack>
      </Card>
    </BlockStack>
  );
}
