/** The first line of a card: what it shows, and what can be done with it. */
import { InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";

export function CardHeading({ title, actions }: { title: string; actions: ReactNode }) {
  return (
    <InlineStack align="space-between" blockAlign="center" gap="200">
      <Text as="h2" variant="headingMd">
        {title}
      </Text>
      {actions}
    </InlineStack>
  );
}
