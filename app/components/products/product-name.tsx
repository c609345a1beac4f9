/** A product's title, or its id where Shopify no longer knows it. */
import { Text } from "@shopify/polaris";

/** Titles break over lines rather than push the figures out of sight. */
export function ProductName({ id, title }: { id: number; title: string | null }) {
  return (
    <div style={{ minWidth: "9rem", maxWidth: "20rem", whiteSpace: "normal", overflowWrap: "anywhere" }}>
      {title ? (
        <Text as="span" fontWeight="medium">
          {title}
        </Text>
      ) : (
        <Text as="span" tone="subdued">{`Deleted product ${id}`}</Text>
      )}
    </div>
  );
}
