/** The earning rules with Shopify's save bar: what is changed is saved or discarded as a whole, and holds for orders placed from then on. */
import { BlockStack, Card, Checkbox, ChoiceList, InlineGrid, Select, TextField } from "@shopify/polaris";
import type { EarningRules } from "../../core/loyalty/programme.ts";
import { PageSection } from "../frame/page-section.tsx";
import { useShow } from "../frame/use-show.ts";
import type { TypedField } from "./typed-rules.ts";
import type { RulesDraft } from "./use-rules-draft.ts";

const ROUNDINGS: { value: EarningRules["rounding"]; label: string }[] = [
  { value: "down", label: "Down" },
  { value: "nearest", label: "To the nearest" },
  { value: "up", label: "Up" },
];

const BASES: { value: EarningRules["basis"]; label: string }[] = [
  { value: "after-discounts", label: "What was paid for products, after discounts" },
  { value: "before-discounts", label: "The list price, before discounts" },
];

const RETURNS: { value: EarningRules["returnSpent"]; label: string; helpText: string }[] = [
  {
    value: "in-proportion",
    label: "Come back in proportion",
    helpText: "All when the order is cancelled; half when half of its products are refunded.",
  },
  {
    value: "on-cancellation",
    label: "Come back only when the order is cancelled",
    helpText: "Refunds give nothing back.",
  },
  { value: "none", label: "Never come back", helpText: "Not on a cancellation either." },
];

export function EarningSection({ draft }: { draft: RulesDraft }) {
  const { typed, change } = draft;
  const { currency } = useShow();
  return (
    <PageSection
      id="earning"
      title="What orders earn"
      description="A change holds for orders placed after you save it. What was ordered before keeps its rules, also when it is refunded later."
    >
      <Card>
        <BlockStack gap="400">
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            <NumberField label="Points" field="points" draft={draft} />
            <NumberField label="For every" field="amount" suffix={currency} draft={draft} />
          </InlineGrid>
          <Select
            label="Counted on"
            options={BASES}
            value={typed.basis}
            onChange={(basis) => change({ basis: basis as EarningRules["basis"] })}
          />
          <Checkbox
            label="Tax on products earns, too"
            checked={typed.includeTax}
            onChange={(includeTax) => change({ includeTax })}
          />
          <Checkbox
            label="Shipping earns, too"
            helpText="What was paid for it, without tax."
            checked={typed.includeShipping}
            onChange={(includeShipping) => change({ includeShipping })}
          />
          <Select
            label="Part of a point is rounded"
            helpText="Once for each order."
            options={ROUNDINGS}
            value={typed.rounding}
            onChange={(rounding) => change({ rounding: rounding as EarningRules["rounding"] })}
          />
          <NumberField
            label="Extra points for a customer’s first order"
            field="firstOrderPoints"
            draft={draft}
          />
        </BlockStack>
      </Card>
    </PageSection>
  );
}

export function LifeSection({ draft }: { draft: RulesDraft }) {
  const { typed, change } = draft;
  return (
    <PageSection
      id="life"
      title="When points can be spent"
      description="Points wait until an order is unlikely to be returned, so that they need not be taken back."
    >
      <Card>
        <BlockStack gap="400">
          <NumberField
            label="Return window"
            helpText="After an order is placed and paid. Until then its points are pending."
            field="windowDays"
            suffix="days"
            draft={draft}
          />
          <NumberField
            label="Points expire after"
            helpText="Counted from the end of the return window. Leave it empty to let them live for ever."
            field="expiryMonths"
            suffix="months"
            draft={draft}
          />
          <ChoiceList
            title="Points that were spent on an order"
            choices={RETURNS}
            selected={[typed.returnSpent]}
            onChange={([chosen]) =>
              change({ returnSpent: (chosen ?? typed.returnSpent) as EarningRules["returnSpent"] })
            }
          />
        </BlockStack>
      </Card>
    </PageSection>
  );
}

function NumberField({
  label,
  field,
  draft: { typed, read, change },
  helpText,
  suffix,
}: {
  label: string;
  field: TypedField;
  draft: RulesDraft;
  helpText?: string;
  suffix?: string;
}) {
  return (
    <TextField
      label={label}
      value={typed[field]}
      onChange={(text) => change({ [field]: text })}
      inputMode={field === "amount" ? "decimal" : "numeric"}
      autoComplete="off"
      error={read.ok ? undefined : read.faults[field]}
      {...(helpText === undefined ? {} : { helpText })}
      {...(suffix === undefined ? {} : { suffix })}
    />
  );
}
