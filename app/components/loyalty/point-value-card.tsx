/** What a point is taken to be worth: by the rewards, or as the merchant enters it. */
import { BlockStack, Button, Card, ChoiceList, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { formatMinor } from "../../core/money.ts";
import type { PointValueChoice, PointValueRule } from "../../core/loyalty/point-value.ts";
import { useDataAction } from "../data/use-data-action.ts";
import { useShow } from "../frame/use-show.ts";

const CHOICES: readonly { value: PointValueRule; label: string; helpText: string }[] = [
  {
    value: "best",
    label: "What the best reward gives",
    helpText: "Of the rewards that are an amount of money. The careful choice.",
  },
  {
    value: "redeemed",
    label: "What points were redeemed for",
    helpText: "On average over the last 12 months, where rewards tell it; before, as above.",
  },
  { value: "entered", label: "What you enter", helpText: "As you have agreed with your accountant, say." },
];

export function PointValueCard({ choice }: { choice: PointValueChoice }) {
  const { currency } = useShow();
  const { send, running } = useDataAction();
  const saved = choice.thousandMinor === null ? "" : formatMinor(choice.thousandMinor, currency);
  const [rule, setRule] = useState(choice.rule);
  const [thousand, setThousand] = useState(saved);
  const isChanged = rule !== choice.rule || (rule === "entered" && thousand.trim() !== saved);
  return (
    <Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send({ intent: "point-value", rule, thousand: rule === "entered" ? thousand.trim() : "" });
        }}
      >
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            Value of a point
          </Text>
          <ChoiceList
            title="What a point is worth"
            choices={CHOICES.map((each) => ({ ...each }))}
            selected={[rule]}
            onChange={([chosen]) => setRule(CHOICES.find(({ value }) => value === chosen)?.value ?? rule)}
          />
          {rule === "entered" && (
            <TextField
              label="1,000 points are worth"
              value={thousand}
              onChange={setThousand}
              inputMode="decimal"
              autoComplete="off"
              maxLength={40}
              suffix={currency}
            />
          )}
          <InlineStack>
            <Button submit disabled={!isChanged} loading={running !== null}>
              Save
            </Button>
          </InlineStack>
        </BlockStack>
      </form>
    </Card>
  );
}
