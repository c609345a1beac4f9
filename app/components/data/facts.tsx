/** Plain facts, each with its name. */
import { DescriptionList } from "@shopify/polaris";

export function Facts({ facts }: { facts: readonly (readonly [name: string, fact: string])[] }) {
  return (
    <DescriptionList
      gap="tight"
      items={facts.map(([term, description]) => ({ term, description: <span>{description}</span> }))}
    />
  );
}
