/** Of an example order: what is bought, where and when, and where it goes to, by which rules tell orders apart. */
import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, InlineGrid, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import { useEffect } from "react";
import { dayFromIso, shopCalendar, startOfDay } from "../../core/calendar.ts";
import type { ExampleOrder } from "../../core/loyalty/preview-earning.ts";
import { pickSeveral, showToast } from "../frame/app-bridge.ts";

export interface ExamplePlace {
  channel: string;
  country: string;
  day: string;
  product: { id: number; name: string; collectionIds: readonly number[] } | null;
}

export function placeOf({ channel, country, product }: ExamplePlace): Partial<ExampleOrder> {
  const code = country.trim().toUpperCase();
  return { channel, country: code === "" ? null : code, ...(product && { product }) };
}

const HALF_A_DAY_MS = 43_200_000;

export function noonOf(day: string, timeZone: string): number {
  return startOfDay(dayFromIso(day), shopCalendar(timeZone)) + HALF_A_DAY_MS;
}

const CHANNELS = [
  { value: "web", label: "Online store" },
  { value: "pos", label: "Point of sale" },
];

interface Told {
  productId: number;
  /** `null`: Shopify could not be asked. */
  collectionIds: readonly number[] | null;
}

export function ExamplePlaceFields({
  place,
  onChange,
}: {
  place: ExamplePlace;
  onChange: (part: Partial<ExamplePlace>) => void;
}) {
  const { product } = place;
  const { data, load, state } = useFetcher<Told>();
  const isTold = data !== undefined && data.productId === product?.id;
  useEffect(() => {
    if (!isTold || !product || data.collectionIds === null) return;
    if (product.collectionIds.join() === data.collectionIds.join()) return;
    onChange({ product: { ...product, collectionIds: data.collectionIds } });
  }, [data, isTold, product, onChange]);
  const pick = async () => {
    try {
      const [first] = (await pickSeveral("product", [])) ?? [];
      if (!first) return;
      onChange({ product: { ...first, collectionIds: [] } });
      load(`/app/loyalty/collections?product=${first.id}`);
    } catch {
      showToast("Shopify’s list of products could not be opened", { isError: true });
    }
  };
  return (
    <BlockStack gap="300">
      <InlineGrid columns={{ xs: 1, sm: 3 }} gap="300">
        <Select
          label="Bought in"
          options={CHANNELS}
          value={place.channel}
          onChange={(channel) => onChange({ channel })}
        />
        <TextField
          label="Goes to"
          placeholder="DE"
          value={place.country}
          onChange={(country) => onChange({ country })}
          maxLength={2}
          autoComplete="off"
        />
        <TextField
          label="On"
          type="date"
          value={place.day}
          onChange={(day) => onChange({ day })}
          autoComplete="off"
        />
      </InlineGrid>
      <InlineStack gap="200" blockAlign="center">
        <Text as="span">{product ? `Product: ${product.name}` : "Some product"}</Text>
        <Button size="slim" onClick={() => void pick()} loading={state !== "idle"}>
          Choose the example’s product
        </Button>
        {isTold && data.collectionIds === null && (
          <Text as="span" tone="subdued">
            Shopify did not tell its collections.
          </Text>
        )}
      </InlineStack>
    </BlockStack>
  );
}
