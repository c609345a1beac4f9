/** Asks for a dry run: of which orders, and from when on. */
import { BlockStack, Button, Card, ChoiceList, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useDataAction } from "../data/use-data-action.ts";
import { useShow } from "../frame/use-show.ts";

type Kind = "earlier" | "rules";

export function DryRunForm({
  startedAt,
  isAccruing,
  hasOtherRules,
  isBusy,
}: {
  startedAt: number;
  isAccruing: boolean;
  hasOtherRules: boolean;
  isBusy: boolean;
}) {
  const show = useShow();
  const { send, running } = useDataAction();
  const [kind, setKind] = useState<Kind>("earlier");
  const [from, setFrom] = useState("");
  const [most, setMost] = useState("");
  const isLimitGood = /^([1-9]\d{0,8})?$/.test(most);
  return (
    <Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isLimitGood) send({ intent: "count", kind, from, most: kind === "earlier" ? most : "" });
        }}
      >
        <BlockStack gap="400">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              Count orders
            </Text>
            <Text as="p" tone="subdued">
              Counting changes nothing. Products count for the collections that they are in today.
            </Text>
          </BlockStack>
          <ChoiceList
            title="Which orders"
            choices={[
              {
                label: "From before the programme",
                value: "earlier",
                helpText: `Placed before ${show.time(startedAt)}. Their points live as long as if they had come on that day.`,
              },
              {
                label: "Earned by earlier rules",
                value: "rules",
                disabled: !hasOtherRules,
                // A disabled choice's help is drawn too pale to be read.
                helpText: hasOtherRules
                  ? "What they earn by today’s rules takes the place of what they earned."
                  : undefined,
              },
            ]}
            selected={[kind]}
            onChange={([value]) => setKind(value === "rules" ? "rules" : "earlier")}
          />
          {!hasOtherRules && (
            <Text as="p" tone="subdued">
              The rules have not changed since the programme began, so no order was earned by earlier ones.
            </Text>
          )}
          <TextField
            label="Placed from"
            type="date"
            value={from}
            onChange={setFrom}
            helpText="Leave it empty for all orders."
            autoComplete="off"
          />
          {kind === "earlier" && (
            <TextField
              label="Most points of one customer"
              inputMode="numeric"
              value={most}
              onChange={setMost}
              error={isLimitGood ? undefined : "A whole number from 1 to 999999999, or nothing"}
              helpText="The earliest orders come first. Leave it empty for all that orders come to."
              autoComplete="off"
            />
          )}
          <InlineStack>
            <Button submit disabled={isBusy || !isAccruing} loading={running?.intent === "count"}>
              Count
            </Button>
          </InlineStack>
          {!isAccruing && (
            <Text as="p" tone="subdued">
              The programme is paused and orders earn nothing. Go on with it first.
            </Text>
          )}
        </BlockStack>
      </form>
    </Card>
  );
}
