/** In the place of what is not there yet: what will be, in a sentence, without the room that Polaris keeps for a picture. */
import { BlockStack, Box, Text } from "@shopify/polaris";
import type { ReactNode } from "react";

export function Empty({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Box paddingBlock="800" paddingInline="400">
      <BlockStack gap="150" inlineAlign="center">
        <Text as="p" variant="headingMd" alignment="center">
          {heading}
        </Text>
        <Box maxWidth="25rem" color="text-secondary">
          <div style={{ textAlign: "center" }}>{children}</div>
        </Box>
      </BlockStack>
    </Box>
  );
}
