/** A segment as an audience for advertisements, and how many of it agreed to be in one. */
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import type { SegmentName } from "../../core/segments/usual-segments.ts";
import { showToast } from "../frame/app-bridge.ts";
import { saveFile } from "../frame/save-file.ts";
import { useShow } from "../frame/use-show.ts";

export function AudienceCard({ name }: { name: SegmentName }) {
  const show = useShow();
  const [isBusy, setBusy] = useState(false);
  const [consented, setConsented] = useState<number | null>(null);
  const save = async () => {
    setBusy(true);
    try {
      const file = await saveFile(`/app/export/audience?segment=${name}`, "audience.csv");
      const [, ...lines] = (await file.text()).trim().split("\n");
      setConsented(lines.length);
    } catch {
      showToast("The file could not be made. Try again.", { isError: true });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Audience for advertisements
        </Text>
        <Text as="p" tone="subdued">
          A file of hashed e-mail addresses (SHA-256), as advertising platforms take it, of those who agreed
          to marketing by e-mail. Shopify tells the addresses while the file is made; Perennial keeps none.
        </Text>
        <InlineStack gap="300" blockAlign="center">
          <Button onClick={() => void save()} loading={isBusy}>
            Download the audience
          </Button>
          <div role="status" data-figure="consented" data-value={String(consented ?? "")}>
            {consented !== null && (
              <Text as="p">
                {consented === 0
                  ? "Nobody in this segment agreed to marketing, so the file is empty."
                  : `${show.counted(consented, "customer", "customers")} agreed to marketing and ${consented === 1 ? "is" : "are"} in the file.`}
              </Text>
            )}
          </div>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
