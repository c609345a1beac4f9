/** What was spent on acquiring customers, month by month, to be written down and changed. */
import { Banner, BlockStack, Button, Card, InlineGrid, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState, type ReactNode } from "react";
import { dayFromIso, monthOf } from "../../core/calendar.ts";
import { useShow } from "../frame/use-show.ts";
import type { CostsDraft } from "./use-costs-draft.ts";

const MONTHS_SHOWN = 12;

export function CostList({
  months,
  draft,
  actions,
  children,
}: {
  /** The latest first. */
  months: readonly string[];
  draft: CostsDraft;
  actions: ReactNode;
  children: ReactNode;
}) {
  const show = useShow();
  const [showsAll, setShowsAll] = useState(false);
  const all = [...new Set([...months, ...draft.touched])].toSorted().reverse();
  // A fault must be seen beside its month.
  const hasHiddenFault = all.slice(MONTHS_SHOWN).some((month) => draft.errors[month] !== undefined);
  const shown = showsAll || hasHiddenFault ? all : all.slice(0, MONTHS_SHOWN);
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            What you spent
          </Text>
          {actions}
        </InlineStack>
        <Text as="p" tone="subdued">
          {`Advertising and whatever else brought new customers, in ${show.currency}. Leave a month empty where you do not know; write 0 where you spent nothing.`}
        </Text>
        {draft.changedMeanwhile && (
          <Banner
            tone="warning"
            title="Somebody else changed these months meanwhile"
            action={{ content: "Save mine over theirs", onAction: draft.saveOver, loading: draft.isSaving }}
            secondaryAction={{ content: "Take theirs", onAction: draft.discard }}
          >
            <p>Nothing of yours was saved yet. Your amounts are still below.</p>
          </Banner>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (draft.isChanged && !draft.isSaving) draft.save();
          }}
        >
          <InlineGrid columns={{ xs: 1, sm: 2, md: 3, lg: 4 }} gap="300">
            {shown.map((month) => (
              <TextField
                key={month}
                label={show.month(monthOf(dayFromIso(`${month}-01`)))}
                prefix={show.currency}
                inputMode="decimal"
                autoComplete="off"
                value={draft.textOf(month)}
                onChange={(text) => draft.change({ [month]: text })}
                error={draft.errors[month]}
              />
            ))}
          </InlineGrid>
          {/* Enter saves, as in every form. */}
          <input type="submit" hidden />
        </form>
        {all.length > shown.length && (
          <InlineStack>
            <Button onClick={() => setShowsAll(true)}>{`Show all ${all.length} months`}</Button>
          </InlineStack>
        )}
        {children}
      </BlockStack>
    </Card>
  );
}
