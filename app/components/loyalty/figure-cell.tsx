/** A figure in a row, aligned so that figures can be compared. */
import { IndexTable, Text } from "@shopify/polaris";

export function FigureCell({ text }: { text: string }) {
  return (
    <IndexTable.Cell>
      <Text as="span" alignment="end" numeric>
        {text}
      </Text>
    </IndexTable.Cell>
  );
}
