/** What an example order would earn under the rules as they stand in the form, and why: counted as real orders are. */
import {
  BlockStack,
  Card,
  Checkbox,
  Divider,
  InlineGrid,
  InlineStack,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import {
  previewEarning,
  type EarningPreview,
  type ExampleOrder,
  type PreviewPart,
} from "../../core/loyalty/preview-earning.ts";
import type { EarningRules } from "../../core/loyalty/programme.ts";
import { formatMinor } from "../../core/money.ts";
import { PageSection } from "../frame/page-section.tsx";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { ExamplePlaceFields, noonOf, placeOf, type ExamplePlace } from "./example-place.tsx";
import { amountSaid, readAmount, type ReadRules } from "./typed-rules.ts";

const AMOUNTS = [
  ["productMinor", "Products at list price"],
  ["discountMinor", "Discount"],
  ["taxMinor", "Tax on products"],
  ["shippingMinor", "Shipping"],
] as const;

type AmountField = (typeof AMOUNTS)[number][0];

/** In hundredths of a usual order. */
const USUAL: Readonly<Record<AmountField, number>> = {
  ...{ productMinor: 80, discountMinor: 5, taxMinor: 15, shippingMinor: 6 },
};

export function PreviewSection({
  saved,
  read,
  today,
}: {
  saved: EarningRules;
  read: ReadRules;
  /** The shop's day (`2027-05-31`). */
  today: string;
}) {
  const show = useShow();
  const { currency, timeZone } = show;
  const [place, setPlace] = useState<ExamplePlace>({
    channel: "web",
    country: "",
    day: today,
    product: null,
  });
  const [typed, setTyped] = useState(() => usualExample(currency));
  const [isFirstOrder, setFirstOrder] = useState(false);
  const amounts = readExample(typed, currency);
  const tooMuch = amounts !== null && amounts.discountMinor > amounts.productMinor;
  const preview =
    read.ok && amounts && !tooMuch
      ? previewEarning(
          { ...saved, isAccruing: true, ...read.rules },
          { ...amounts, isFirstOrder, ...placeOf(place) },
          noonOf(place.day || today, timeZone),
        )
      : null;
  return (
    <PageSection
      id="example"
      title="An example"
      description="What such an order would earn by the rules above, saved or not. Change its amounts to see."
    >
      <Card>
        <BlockStack gap="400">
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            {AMOUNTS.map(([field, label]) => (
              <TextField
                key={field}
                label={label}
                value={typed[field]}
                onChange={(text) => setTyped({ ...typed, [field]: text })}
                suffix={currency}
                inputMode="decimal"
                autoComplete="off"
                error={
                  readAmount(typed[field], currency) === null
                    ? amountSaid(currency)
                    : field === "discountMinor" && tooMuch
                      ? "At most what the products cost"
                      : undefined
                }
              />
            ))}
          </InlineGrid>
          <ExamplePlaceFields place={place} onChange={(part) => setPlace({ ...place, ...part })} />
          <Checkbox
            label="It is the customer’s first order"
            checked={isFirstOrder}
            onChange={setFirstOrder}
          />
          <Divider />
          <Earned preview={preview} rules={read.ok ? read.rules : null} show={show} />
        </BlockStack>
      </Card>
    </PageSection>
  );
}

function Earned({
  preview,
  rules,
  show,
}: {
  preview: EarningPreview | null;
  rules: Pick<EarningRules, "base" | "rounding"> | null;
  show: Show;
}) {
  if (!preview || !rules) {
    return (
      <div role="status" data-figure="previewPoints" data-value="">
        <Text as="p" tone="subdued">
          Fill in every field to see what the order earns.
        </Text>
      </div>
    );
  }
  return (
    <BlockStack gap="300">
      <div role="status" data-figure="previewPoints" data-value={String(preview.points)}>
        <Text as="h3" variant="headingMd">
          {`Earns ${show.counted(preview.points, "point", "points")}`}
        </Text>
      </div>
      <ul style={{ display: "grid", gap: "var(--p-space-200)", margin: 0, padding: 0 }}>
        {preview.parts.map((part) => (
          <li key={part.of} style={{ listStyle: "none" }} data-part={part.of}>
            <InlineStack align="space-between" gap="200">
              <Text as="span">{partInWords(part, rules, show)}</Text>
              <Text as="span" fontWeight="semibold" numeric>
                {show.number(part.hundredths / 100, part.hundredths % 100 === 0 ? 0 : 2)}
              </Text>
            </InlineStack>
          </li>
        ))}
      </ul>
      {countedInWords(preview, show).map((sentence) => (
        <Text as="p" key={sentence}>
          {sentence}
        </Text>
      ))}
      <Text as="p" tone="subdued">
        {roundingInWords(preview, rules.rounding)}
      </Text>
    </BlockStack>
  );
}

function partInWords({ of, minor }: PreviewPart, { base }: Pick<EarningRules, "base">, show: Show): string {
  const rate = `${show.counted(base.points, "point", "points")} for every ${show.money(base.perMinor)}`;
  switch (of) {
    case "products":
      return `Products: ${rate} of ${show.money(minor)}`;
    case "bonus":
      return "Bonus of the product";
    case "shipping":
      return `Shipping: ${rate} of ${show.money(minor)}`;
    case "first-order":
      return "First order";
  }
}

/** Which of the rules counted. */
function countedInWords({ multiplier, event }: EarningPreview, show: Show): string[] {
  const times = (percent: number) => `×${show.number(percent / 100, percent % 100 === 0 ? 0 : 2)}`;
  return [
    ...(multiplier ? [`A multiplier counts for the products: ${times(multiplier.factorPercent)}.`] : []),
    ...(event ? [`The promotion “${event.name}” counts on that day: ${times(event.factorPercent)}.`] : []),
  ];
}

function roundingInWords({ parts }: EarningPreview, rounding: EarningRules["rounding"]): string {
  const isWhole = parts.reduce((sum, { hundredths }) => sum + hundredths, 0) % 100 === 0;
  if (isWhole) return "Nothing is left to round.";
  switch (rounding) {
    case "down":
      return "Added up, then rounded down.";
    case "nearest":
      return "Added up, then rounded to the nearest point.";
    case "up":
      return "Added up, then rounded up.";
  }
}

function usualExample(currency: string): Record<AmountField, string> {
  const unit = 10 ** Math.max(2, (formatMinor(0, currency).split(".")[1] ?? "").length);
  const text = (field: AmountField) => formatMinor(USUAL[field] * unit, currency);
  return {
    productMinor: text("productMinor"),
    discountMinor: text("discountMinor"),
    taxMinor: text("taxMinor"),
    shippingMinor: text("shippingMinor"),
  };
}

function readExample(
  typed: Record<AmountField, string>,
  currency: string,
): Omit<ExampleOrder, "isFirstOrder"> | null {
  const amountOf = (field: AmountField) => readAmount(typed[field], currency);
  const [productMinor, discountMinor] = [amountOf("productMinor"), amountOf("discountMinor")];
  const [taxMinor, shippingMinor] = [amountOf("taxMinor"), amountOf("shippingMinor")];
  if (productMinor === null || discountMinor === null || taxMinor === null || shippingMinor === null) {
    return null;
  }
  return { productMinor, discountMinor, taxMinor, shippingMinor };
}
