/** A figure that stands with others below a chart. */
import { Text } from "@shopify/polaris";

export function SmallFigure({
  name,
  label,
  value,
  shown,
}: {
  name: string;
  label: string;
  value: number | null;
  shown: string;
}) {
  return (
    <div data-figure={name} data-value={String(value)}>
      <Text as="p" variant="bodySm" tone="subdued">
        {label}
      </Text>
      <Text as="p" variant="headingSm">
        {shown}
      </Text>
    </div>
  );
}
