/** The guide of a shop without a programme: what it would promise, by one of a few templates, started only when that is meant. */
import {
  Badge,
  BlockStack,
  Button,
  Card,
  ChoiceList,
  InlineGrid,
  InlineStack,
  List,
  Text,
} from "@shopify/polaris";
import { useState } from "react";
import type { EarningRules } from "../../core/loyalty/programme.ts";
import type { TemplateName } from "../../core/loyalty/programme-templates.ts";
import { Confirm } from "../data/confirm.tsx";
import { useDataAction } from "../data/use-data-action.ts";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";

interface Template {
  name: TemplateName;
  rules: EarningRules;
}

const TEMPLATE_WORDS: Readonly<Record<TemplateName, { title: string; about: string }>> = {
  steady: { title: "Steady", about: "Plain and well known. Points that expire bring people back." },
  lasting: {
    title: "For ever",
    about: "For goods that are bought once a year or less: points never expire.",
  },
  lively: { title: "Lively", about: "For goods that are bought often: large numbers that want to be spent." },
};

type Membership = "automatic" | "joining";

export function SetUp({ templates }: { templates: readonly Template[] }) {
  const show = useShow();
  const { send, running } = useDataAction();
  const [membership, setMembership] = useState<Membership>("automatic");
  const [chosen, setChosen] = useState<TemplateName | null>(null);
  const [isAsking, setAsking] = useState(false);
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="400">
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              Set up your points programme
            </Text>
            <Text as="p">
              Customers earn points for what they buy and keep. Refunds, edits and cancellations take back
              exactly what they should. Choose how to begin; every rule can be changed later.
            </Text>
          </BlockStack>
          <ChoiceList
            title="Who is a member"
            choices={[
              {
                label: "Every customer, from their first order on",
                value: "automatic",
                helpText: "Nobody has to do anything.",
              },
              {
                label: "Customers who join",
                value: "joining",
                helpText: "What others order meanwhile waits for them, and is credited when they join.",
              },
            ]}
            selected={[membership]}
            onChange={([value]) => setMembership(value === "joining" ? "joining" : "automatic")}
          />
        </BlockStack>
      </Card>
      <InlineGrid columns={{ xs: 1, md: 3 }} gap="400">
        {templates.map(({ name, rules }, place) => (
          <Card key={name}>
            <BlockStack gap="300">
              <InlineStack align="space-between" blockAlign="center">
                <Text as="h3" variant="headingMd">
                  {TEMPLATE_WORDS[name].title}
                </Text>
                {place === 0 && <Badge tone="info">Usual</Badge>}
              </InlineStack>
              <Text as="p" tone="subdued">
                {TEMPLATE_WORDS[name].about}
              </Text>
              <List>
                {rulesInWords(rules, show).map((sentence) => (
                  <List.Item key={sentence}>{sentence}</List.Item>
                ))}
              </List>
              <InlineStack>
                <Button
                  onClick={() => {
                    setChosen(name);
                    setAsking(true);
                  }}
                  loading={running !== null && chosen === name}
                  accessibilityLabel={`Start with ${TEMPLATE_WORDS[name].title}`}
                >
                  Start with this
                </Button>
              </InlineStack>
            </BlockStack>
          </Card>
        ))}
      </InlineGrid>
      <Confirm
        open={isAsking}
        title="Start the programme?"
        text="From now on orders earn points. Orders placed before now earn nothing by themselves: they can only be credited later, by a dry run that first shows what it would change."
        action="Start the programme"
        onConfirm={() => chosen && send({ intent: "start", template: chosen, membership })}
        onClose={() => setAsking(false)}
      />
    </BlockStack>
  );
}

function rulesInWords(
  { base, windowDays, expiryMonths, firstOrderPoints }: EarningRules,
  show: Show,
): string[] {
  return [
    `${show.counted(base.points, "point", "points")} for every ${show.money(base.perMinor)}`,
    windowDays === 0
      ? "Can be spent at once"
      : `Can be spent after ${show.counted(windowDays, "day", "days")}`,
    expiryMonths === null
      ? "Never expire"
      : `Expire ${show.counted(expiryMonths, "month", "months")} after that`,
    ...(firstOrderPoints > 0 ? [`${show.count(firstOrderPoints)} extra for a first order`] : []),
  ];
}
