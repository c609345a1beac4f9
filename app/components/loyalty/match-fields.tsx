/** What a multiplier or a promotion holds for: some products, collections, channels and countries, or everything. */
import { BlockStack, Button, ChoiceList, InlineStack, Tag, Text, TextField } from "@shopify/polaris";
import { pickSeveral, showToast, type PickedName } from "../frame/app-bridge.ts";
import { RULE_BOUNDS } from "../../core/loyalty/rule-bounds.ts";
import type { GoodsNames } from "./goods-names.ts";
import type { TypedMatch } from "./typed-specials.ts";

const CHANNELS = [
  { value: "web", label: "Online store" },
  { value: "pos", label: "Point of sale" },
];

export function MatchFields({
  of,
  match,
  names,
  countriesFault,
  onChange,
  onNamed,
}: {
  /** Of which rule, for whoever hears the page. */
  of: string;
  match: TypedMatch;
  names: GoodsNames;
  countriesFault: string | undefined;
  onChange: (part: Partial<TypedMatch>) => void;
  onNamed: (kind: "product" | "collection", picked: readonly PickedName[]) => void;
}) {
  const others = match.channels.filter((channel) => CHANNELS.every(({ value }) => value !== channel));
  return (
    <BlockStack gap="300">
      <Chosen
        of={of}
        kind="product"
        ids={match.productIds}
        names={names.product}
        onChange={(productIds) => onChange({ productIds })}
        onNamed={onNamed}
      />
      <Chosen
        of={of}
        kind="collection"
        ids={match.collectionIds}
        names={names.collection}
        onChange={(collectionIds) => onChange({ collectionIds })}
        onNamed={onNamed}
      />
      <ChoiceList
        allowMultiple
        title="Sold in (none chosen: everywhere)"
        choices={[...CHANNELS, ...others.map((value) => ({ value, label: value }))]}
        selected={[...match.channels]}
        onChange={(channels) => onChange({ channels })}
      />
      <TextField
        label="Shipped to"
        helpText="Codes of countries, such as DE, AT. Leave it empty for every one."
        value={match.countries}
        onChange={(countries) => onChange({ countries })}
        autoComplete="off"
        error={countriesFault}
      />
    </BlockStack>
  );
}

const WORDS = {
  product: { none: "Every product", choose: "Choose products" },
  collection: { none: "In any collection, or in none", choose: "Choose collections" },
} as const;

function Chosen({
  of,
  kind,
  ids,
  names,
  onChange,
  onNamed,
}: {
  of: string;
  kind: "product" | "collection";
  ids: readonly number[];
  names: Readonly<Record<number, string>>;
  onChange: (ids: readonly number[]) => void;
  onNamed: (kind: "product" | "collection", picked: readonly PickedName[]) => void;
}) {
  const { none, choose } = WORDS[kind];
  const pick = async () => {
    try {
      const picked = await pickSeveral(kind, ids);
      if (!picked) return;
      onNamed(kind, picked);
      onChange(picked.slice(0, RULE_BOUNDS.matched.most).map(({ id }) => id));
    } catch {
      showToast("Shopify’s list could not be opened", { isError: true });
    }
  };
  return (
    <InlineStack gap="200" blockAlign="center">
      {ids.length === 0 && <Text as="span">{none}</Text>}
      {ids.map((id) => (
        <Tag
          key={id}
          accessibilityLabel={`Remove ${names[id] ?? id}`}
          onRemove={() => onChange(ids.filter((one) => one !== id))}
        >
          {names[id] ?? String(id)}
        </Tag>
      ))}
      <Button size="slim" onClick={() => void pick()} accessibilityLabel={`${choose} for ${of}`}>
        {choose}
      </Button>
    </InlineStack>
  );
}
