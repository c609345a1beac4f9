/** The ladder of tiers: what is counted, and each tier from the lowest to the highest. */
import {
  BlockStack,
  Button,
  Card,
  InlineGrid,
  InlineStack,
  Select,
  Tag,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import { TIER_BOUNDS, type TierRules } from "../../core/loyalty/tiers.ts";
import { pickSeveral, showToast } from "../frame/app-bridge.ts";
import { PageSection } from "../frame/page-section.tsx";
import { useShow } from "../frame/use-show.ts";
import { newTier, tierFault, type TypedTier } from "./typed-tiers.ts";
import type { TiersDraft } from "./use-tiers-draft.ts";

const COUNTED: { value: TierRules["by"]; label: string }[] = [
  { value: "spend", label: "What they spend on products, less refunds" },
  { value: "points", label: "The points that they earn" },
  { value: "orders", label: "How often they order" },
];

const PERIODS: { value: TierRules["period"]; label: string }[] = [
  { value: "rolling-year", label: "In the last twelve months" },
  { value: "calendar-year", label: "In the calendar year" },
  { value: "lifetime", label: "Ever" },
];

export function CountingSection({ draft }: { draft: TiersDraft }) {
  const { typed, change } = draft;
  return (
    <PageSection
      id="counting"
      title="How members climb"
      description="By what their paid orders come to now: what is refunded never counted. Test and business orders count nothing."
    >
      <Card>
        <BlockStack gap="400">
          <Select
            label="Counted"
            options={COUNTED}
            value={typed.by}
            onChange={(by) => change({ by: by as TierRules["by"] })}
          />
          <Select
            label="Over"
            options={PERIODS}
            value={typed.period}
            onChange={(period) => change({ period: period as TierRules["period"] })}
          />
          {typed.period !== "lifetime" && (
            <TextField
              label="Days of grace"
              helpText="Whoever no longer reaches a tier keeps it for so many days. A refund ends it at once."
              value={typed.graceDays}
              onChange={(graceDays) => change({ graceDays })}
              inputMode="numeric"
              autoComplete="off"
              error={draft.faults["graceDays"]}
            />
          )}
        </BlockStack>
      </Card>
    </PageSection>
  );
}

interface Goods {
  rewards: readonly { id: string; name: string; isActive: boolean }[];
  products: Readonly<Record<number, string>>;
}

export function LadderSection({ draft, rewards, products }: { draft: TiersDraft } & Goods) {
  const { ladder } = draft.typed;
  const [picked, setPicked] = useState<Readonly<Record<number, string>>>({});
  const setAll = (changed: readonly TypedTier[]) => draft.change({ ladder: changed });
  const set = (id: string, part: Partial<TypedTier>) =>
    setAll(ladder.map((tier) => (tier.id === id ? { ...tier, ...part } : tier)));
  return (
    <PageSection
      id="ladder"
      title="Tiers"
      description="From the lowest to the highest. What entering one brings can be had once the return window has passed, for each time that it is entered; members whom your own change moves get nothing for it."
    >
      <BlockStack gap="400">
        {ladder.map((tier, place) => (
          <Card key={tier.id}>
            <TierFields
              tier={tier}
              place={place}
              by={draft.typed.by}
              fault={(field) => draft.faults[tierFault(tier.id, field)]}
              rewards={rewards}
              names={{ ...products, ...picked }}
              onNamed={(named) => setPicked({ ...picked, ...named })}
              onChange={(part) => set(tier.id, part)}
              onRemove={() => setAll(ladder.filter(({ id }) => id !== tier.id))}
            />
          </Card>
        ))}
        <InlineStack gap="300" blockAlign="center">
          <Button
            disabled={ladder.length >= TIER_BOUNDS.tiers.most}
            onClick={() => setAll([...ladder, newTier(crypto.randomUUID())])}
          >
            Add a tier
          </Button>
          {ladder.length === 0 && <Text as="p">There are no tiers yet.</Text>}
        </InlineStack>
      </BlockStack>
    </PageSection>
  );
}

function TierFields({
  tier,
  place,
  by,
  fault,
  rewards,
  names,
  onNamed,
  onChange,
  onRemove,
}: {
  tier: TypedTier;
  place: number;
  by: TierRules["by"];
  fault: (field: Parameters<typeof tierFault>[1]) => string | undefined;
  rewards: Goods["rewards"];
  names: Goods["products"];
  onNamed: (named: Record<number, string>) => void;
  onChange: (part: Partial<TypedTier>) => void;
  onRemove: () => void;
}) {
  const { currency } = useShow();
  const offered = rewards.filter(({ id, isActive }) => isActive || id === tier.entryRewardId);
  const of = `tier ${place + 1}`;
  return (
    <BlockStack gap="400">
      <InlineStack align="space-between" blockAlign="center">
        <Text as="h3" variant="headingSm">
          {tier.name.trim() === "" ? `Tier ${place + 1}` : tier.name}
        </Text>
        <Button variant="plain" tone="critical" onClick={onRemove} accessibilityLabel={`Remove ${of}`}>
          Remove
        </Button>
      </InlineStack>
      <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
        <TextField
          label="Its name"
          value={tier.name}
          onChange={(name) => onChange({ name })}
          maxLength={TIER_BOUNDS.name.most}
          autoComplete="off"
          error={fault("name")}
        />
        <TextField
          label="Reached with"
          suffix={{ spend: currency, points: "points", orders: "orders" }[by]}
          helpText="Empty: nobody climbs to it."
          value={tier.threshold}
          onChange={(threshold) => onChange({ threshold })}
          inputMode="decimal"
          autoComplete="off"
          error={fault("threshold")}
        />
        <TextField
          label="Points are multiplied"
          prefix="×"
          value={tier.factor}
          onChange={(factor) => onChange({ factor })}
          inputMode="decimal"
          autoComplete="off"
          error={fault("factor")}
        />
        <TextField
          label="Points for entering"
          value={tier.entryPoints}
          onChange={(entryPoints) => onChange({ entryPoints })}
          inputMode="numeric"
          autoComplete="off"
          error={fault("entryPoints")}
        />
      </InlineGrid>
      <Select
        label="Reward for entering"
        options={[
          { value: "", label: "None" },
          ...offered.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={tier.entryRewardId}
        onChange={(entryRewardId) => onChange({ entryRewardId })}
      />
      <TextField
        label="Perks"
        helpText="One to a line, as members read them."
        value={tier.perks}
        onChange={(perks) => onChange({ perks })}
        multiline={2}
        autoComplete="off"
        error={fault("perks")}
      />
      <SoldFields
        of={of}
        tier={tier}
        fault={fault("months")}
        names={names}
        onNamed={onNamed}
        onChange={onChange}
      />
    </BlockStack>
  );
}

/** A membership that is bought: the tier comes with a product. */
function SoldFields({
  of,
  tier: { soldIds, months },
  fault,
  names,
  onNamed,
  onChange,
}: {
  of: string;
  tier: TypedTier;
  fault: string | undefined;
  names: Goods["products"];
  onNamed: (named: Record<number, string>) => void;
  onChange: (part: Partial<TypedTier>) => void;
}) {
  const pick = async () => {
    try {
      const chosen = await pickSeveral("product", soldIds);
      if (!chosen) return;
      onNamed(Object.fromEntries(chosen.map(({ id, name }) => [id, name])));
      onChange({ soldIds: chosen.slice(0, TIER_BOUNDS.sold.most).map(({ id }) => id) });
    } catch {
      showToast("Shopify’s list could not be opened", { isError: true });
    }
  };
  return (
    <BlockStack gap="300">
      <InlineStack gap="200" blockAlign="center">
        <Text as="span">{soldIds.length === 0 ? "It cannot be bought." : "Bought with"}</Text>
        {soldIds.map((id) => (
          <Tag
            key={id}
            accessibilityLabel={`Remove ${names[id] ?? id}`}
            onRemove={() => onChange({ soldIds: soldIds.filter((one) => one !== id) })}
          >
            {names[id] ?? String(id)}
          </Tag>
        ))}
        <Button size="slim" onClick={() => void pick()} accessibilityLabel={`Choose products for ${of}`}>
          Choose products
        </Button>
      </InlineStack>
      {soldIds.length > 0 && (
        <TextField
          label="Months for each"
          helpText="What is bought before it ends prolongs it. A refund ends it."
          value={months}
          onChange={(text) => onChange({ months: text })}
          inputMode="numeric"
          autoComplete="off"
          error={fault}
        />
      )}
    </BlockStack>
  );
}
