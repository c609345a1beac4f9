/** What earns more, less or nothing: multipliers, promotions with a beginning and an end, and products with a bonus. */
import {
  Badge,
  BlockStack,
  Box,
  Button,
  Card,
  InlineGrid,
  InlineStack,
  Text,
  TextField,
} from "@shopify/polaris";
import type { ReactNode } from "react";
import { RULE_BOUNDS } from "../../core/loyalty/rule-bounds.ts";
import { pickSeveral, showToast } from "../frame/app-bridge.ts";
import { PageSection } from "../frame/page-section.tsx";
import { useShow } from "../frame/use-show.ts";
import type { NamedGoods } from "./goods-names.ts";
import { MatchFields } from "./match-fields.tsx";
import {
  ANYTHING,
  faultKey,
  type TypedBonus,
  type TypedEvent,
  type TypedMultiplier,
} from "./typed-specials.ts";
import type { RulesDraft } from "./use-rules-draft.ts";

const nextKey = (rules: readonly { key: number }[]) => 1 + Math.max(-1, ...rules.map(({ key }) => key));
const isFull = (rules: readonly unknown[]) => rules.length >= RULE_BOUNDS.rules.most;

export function MultipliersSection({ draft, goods }: { draft: RulesDraft; goods: NamedGoods }) {
  const { multipliers } = draft.typed;
  const setAll = (changed: readonly TypedMultiplier[]) => draft.change({ multipliers: changed });
  const set = (key: number, part: Partial<TypedMultiplier>) =>
    setAll(multipliers.map((one) => (one.key === key ? { ...one, ...part } : one)));
  return (
    <PageSection
      id="multipliers"
      title="Some products earn more"
      description="By what is bought, where, and where it goes to. Where several hold for a product the largest counts; 0 keeps it out whatever else holds."
    >
      <Card>
        <BlockStack gap="400">
          {multipliers.length === 0 && <Text as="p">Everything earns alike.</Text>}
          {multipliers.map(({ key, factor, match }, place) => (
            <Rule key={key} place={place}>
              <TextField
                label={`Multiplier ${place + 1}`}
                prefix="×"
                value={factor}
                onChange={(text) => set(key, { factor: text })}
                inputMode="decimal"
                autoComplete="off"
                error={draft.specialFaults[faultKey.multiplier(key, "factor")]}
              />
              <MatchFields
                of={`multiplier ${place + 1}`}
                match={match}
                names={goods.names}
                onNamed={goods.onNamed}
                countriesFault={draft.specialFaults[faultKey.multiplier(key, "countries")]}
                onChange={(part) => set(key, { match: { ...match, ...part } })}
              />
              <Remove
                what={`multiplier ${place + 1}`}
                onRemove={() => setAll(multipliers.filter((one) => one.key !== key))}
              />
            </Rule>
          ))}
          <Add
            label="Add a multiplier"
            disabled={isFull(multipliers)}
            onAdd={() =>
              setAll([...multipliers, { key: nextKey(multipliers), factor: "2", match: ANYTHING }])
            }
          />
        </BlockStack>
      </Card>
    </PageSection>
  );
}

export function EventsSection({
  draft,
  goods,
  today,
}: {
  draft: RulesDraft;
  goods: NamedGoods;
  today: string;
}) {
  const { events } = draft.typed;
  const setAll = (changed: readonly TypedEvent[]) => draft.change({ events: changed });
  const set = (key: number, part: Partial<TypedEvent>) =>
    setAll(events.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const fresh = (): TypedEvent => ({
    ...{ key: nextKey(events), name: "", factor: "2", match: ANYTHING, firstDay: today, lastDay: today },
  });
  return (
    <PageSection
      id="events"
      title="Promotions"
      description="Whole days of your shop. What is ordered on them earns more, on top of the multipliers. Where several hold the largest counts."
    >
      <Card>
        <BlockStack gap="400">
          {events.length === 0 && <Text as="p">No promotion is planned.</Text>}
          {events.map((event, place) => {
            const { key, name, factor, match, firstDay, lastDay } = event;
            const fault = (field: Parameters<typeof faultKey.event>[1]) =>
              draft.specialFaults[faultKey.event(key, field)];
            return (
              <Rule key={key} place={place}>
                <InlineStack gap="200" blockAlign="center">
                  <Text as="h3" variant="headingSm">
                    {name.trim() === "" ? `Promotion ${place + 1}` : name}
                  </Text>
                  <When event={event} today={today} />
                </InlineStack>
                <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
                  <TextField
                    label="Its name"
                    value={name}
                    onChange={(text) => set(key, { name: text })}
                    maxLength={RULE_BOUNDS.eventName.most}
                    autoComplete="off"
                    error={draft.wasTried ? fault("name") : undefined}
                  />
                  <TextField
                    label="Points are multiplied"
                    prefix="×"
                    value={factor}
                    onChange={(text) => set(key, { factor: text })}
                    inputMode="decimal"
                    autoComplete="off"
                    error={fault("factor")}
                  />
                  <TextField
                    label="First day"
                    type="date"
                    value={firstDay}
                    onChange={(text) => set(key, { firstDay: text })}
                    autoComplete="off"
                    error={fault("firstDay")}
                  />
                  <TextField
                    label="Last day"
                    type="date"
                    value={lastDay}
                    onChange={(text) => set(key, { lastDay: text })}
                    autoComplete="off"
                    error={fault("lastDay")}
                  />
                </InlineGrid>
                <MatchFields
                  of={`promotion ${place + 1}`}
                  match={match}
                  names={goods.names}
                  onNamed={goods.onNamed}
                  countriesFault={fault("countries")}
                  onChange={(part) => set(key, { match: { ...match, ...part } })}
                />
                <Remove
                  what={`promotion ${place + 1}`}
                  onRemove={() => setAll(events.filter((one) => one.key !== key))}
                />
              </Rule>
            );
          })}
          <Add label="Add a promotion" disabled={isFull(events)} onAdd={() => setAll([...events, fresh()])} />
        </BlockStack>
      </Card>
    </PageSection>
  );
}

function When({ event: { firstDay, lastDay }, today }: { event: TypedEvent; today: string }) {
  if (lastDay < today) return <Badge>Over</Badge>;
  return firstDay > today ? <Badge tone="info">To come</Badge> : <Badge tone="success">Runs today</Badge>;
}

export function BonusSection({ draft, goods }: { draft: RulesDraft; goods: NamedGoods }) {
  const show = useShow();
  const { bonusProducts } = draft.typed;
  const setAll = (changed: readonly TypedBonus[]) => draft.change({ bonusProducts: changed });
  const pick = async () => {
    try {
      const picked = await pickSeveral(
        "product",
        bonusProducts.map(({ productId }) => productId),
      );
      if (!picked) return;
      goods.onNamed("product", picked);
      const pointsOf = new Map(bonusProducts.map(({ productId, points }) => [productId, points]));
      setAll(
        picked
          .slice(0, RULE_BOUNDS.rules.most)
          .map(({ id }) => ({ productId: id, points: pointsOf.get(id) ?? "50" })),
      );
    } catch {
      showToast("Shopify’s list of products could not be opened", { isError: true });
    }
  };
  return (
    <PageSection
      id="bonus"
      title="Bonus products"
      description="So many points more for every unit that is bought and kept. Shoppers read them on the product’s badge."
    >
      <Card>
        <BlockStack gap="400">
          {bonusProducts.length === 0 && <Text as="p">No product has a bonus.</Text>}
          {bonusProducts.map(({ productId, points }) => {
            const name = goods.names.product[productId] ?? String(productId);
            return (
              <InlineGrid key={productId} columns={{ xs: 1, sm: "2fr 1fr" }} gap="300" alignItems="end">
                <TextField
                  label={`Points for ${name}`}
                  suffix="points"
                  value={points}
                  onChange={(text) =>
                    setAll(
                      bonusProducts.map((one) =>
                        one.productId === productId ? { ...one, points: text } : one,
                      ),
                    )
                  }
                  inputMode="numeric"
                  autoComplete="off"
                  error={draft.specialFaults[faultKey.bonus(productId)]}
                />
                <InlineStack gap="200" blockAlign="center">
                  <Badge tone="magic">{`+${badgePoints(points, show)}`}</Badge>
                  <Button
                    variant="plain"
                    accessibilityLabel={`Remove the bonus of ${name}`}
                    onClick={() => setAll(bonusProducts.filter((one) => one.productId !== productId))}
                  >
                    Remove
                  </Button>
                </InlineStack>
              </InlineGrid>
            );
          })}
          <Add label="Choose bonus products" disabled={false} onAdd={() => void pick()} />
        </BlockStack>
      </Card>
    </PageSection>
  );
}

function badgePoints(text: string, show: ReturnType<typeof useShow>): string {
  return /^\d{1,7}$/.test(text.trim()) ? show.counted(Number(text), "point", "points") : "points";
}

function Rule({ place, children }: { place: number; children: ReactNode }) {
  return (
    <Box
      borderColor="border"
      borderBlockStartWidth={place > 0 ? "025" : "0"}
      paddingBlockStart={place > 0 ? "400" : "0"}
    >
      <BlockStack gap="300">{children}</BlockStack>
    </Box>
  );
}

function Remove({ what, onRemove }: { what: string; onRemove: () => void }) {
  return (
    <InlineStack>
      <Button onClick={onRemove} accessibilityLabel={`Remove ${what}`}>
        Remove
      </Button>
    </InlineStack>
  );
}

function Add({ label, disabled, onAdd }: { label: string; disabled: boolean; onAdd: () => void }) {
  return (
    <InlineStack>
      <Button onClick={onAdd} disabled={disabled}>
        {label}
      </Button>
    </InlineStack>
  );
}
