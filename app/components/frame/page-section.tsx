/** A part of a long page: what it is about beside it, above it on a phone. */
import { Box, Layout, Text } from "@shopify/polaris";
import type { ReactNode } from "react";

/** Cards reach the edges of a phone; words keep away. */
const WORDS = { xs: "400", sm: "0" } as const;

export function PageSection({
  id,
  title,
  description,
  children,
}: {
  id: string;
  title: string;
  description: string;
  children: ReactNode;
}) {
  return (
    <Layout.AnnotatedSection
      id={id}
      title={
        <Box as="span" paddingInline={WORDS}>
          {title}
        </Box>
      }
      description={
        <Box paddingInline={WORDS}>
          <Text as="p" tone="subdued">
            {description}
          </Text>
        </Box>
      }
    >
      {children}
    </Layout.AnnotatedSection>
  );
}
