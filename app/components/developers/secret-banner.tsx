/** A secret that is shown once: it is not stored in a form that could be shown again. */
import { Banner, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { showToast } from "../frame/app-bridge.ts";

export function SecretBanner({
  title,
  secret,
  children,
  onClose,
}: {
  title: string;
  secret: string;
  children: string;
  onClose: () => void;
}) {
  const copy = () =>
    void navigator.clipboard.writeText(secret).then(
      () => showToast("Copied"),
      () => showToast("Select it and copy it by hand", { isError: true }),
    );
  return (
    <Banner tone="success" title={title} onDismiss={onClose}>
      <BlockStack gap="200">
        <Text as="p">{children}</Text>
        <InlineStack gap="200" blockAlign="center">
          <code data-secret style={{ overflowWrap: "anywhere" }}>
            {secret}
          </code>
          <Button onClick={copy}>Copy</Button>
        </InlineStack>
      </BlockStack>
    </Banner>
  );
}
