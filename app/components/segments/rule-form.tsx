/** The fields of a rule, and how many customers it would hold for while they are filled in. */
import { useFetcher } from "@remix-run/react";
import {
  BlockStack,
  Box,
  Button,
  ButtonGroup,
  InlineGrid,
  InlineStack,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useEffect, useState } from "react";
import {
  COMPARISONS,
  FACTS,
  FACT_UNITS,
  MOST_CONDITIONS,
  type Comparison,
  type Fact,
  type SegmentRule,
} from "../../core/segments/segment-rule.ts";
import { useShow } from "../frame/use-show.ts";
import { COMPARISON_WORDS, FACT_WORDS } from "./segment-words.ts";
import { faultOf, ruleOf, typedRule, type TypedCondition } from "./typed-rule.ts";

const FACT_OPTIONS = FACTS.map((fact) => ({ value: fact, label: FACT_WORDS[fact] }));
const COMPARISON_OPTIONS = COMPARISONS.map((is) => ({ value: is, label: COMPARISON_WORDS[is] }));

const FRESH: Omit<TypedCondition, "key"> = { fact: "orders", is: "at-least", text: "2" };

export function RuleForm({
  rule,
  isBusy,
  onSave,
  onCancel,
}: {
  rule: SegmentRule;
  isBusy: boolean;
  onSave: (rule: SegmentRule) => void;
  onCancel: () => void;
}) {
  const { currency } = useShow();
  const [typed, setTyped] = useState(() => typedRule(rule, currency));
  const asked = ruleOf(typed, currency);
  const change = (key: number, part: Partial<TypedCondition>) =>
    setTyped(typed.map((condition) => (condition.key === key ? { ...condition, ...part } : condition)));
  const nextKey = 1 + Math.max(-1, ...typed.map(({ key }) => key));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (asked) onSave(asked);
      }}
    >
      <BlockStack gap="400">
        {typed.map((condition, place) => (
          <ConditionFields
            key={condition.key}
            number={place + 1}
            condition={condition}
            onChange={(part) => change(condition.key, part)}
            onRemove={
              typed.length > 1 ? () => setTyped(typed.filter(({ key }) => key !== condition.key)) : undefined
            }
          />
        ))}
        <InlineStack>
          <Button
            disabled={typed.length >= MOST_CONDITIONS}
            onClick={() => setTyped([...typed, { ...FRESH, key: nextKey }])}
          >
            Add a condition
          </Button>
        </InlineStack>
        <LiveSize rule={asked} />
        <InlineStack>
          <ButtonGroup>
            <Button submit variant="primary" disabled={!asked} loading={isBusy}>
              Save the rule
            </Button>
            <Button onClick={onCancel}>Cancel</Button>
          </ButtonGroup>
        </InlineStack>
      </BlockStack>
    </form>
  );
}

function ConditionFields({
  number,
  condition,
  onChange,
  onRemove,
}: {
  number: number;
  condition: TypedCondition;
  onChange: (part: Partial<TypedCondition>) => void;
  onRemove: (() => void) | undefined;
}) {
  const { currency } = useShow();
  const { fact, is, text } = condition;
  const unit = FACT_UNITS[fact];
  const isShare = is === "highest" || unit === "percent";
  return (
    <Box
      borderColor="border"
      borderBlockStartWidth={number > 1 ? "025" : "0"}
      paddingBlockStart={number > 1 ? "300" : "0"}
    >
      <InlineGrid columns={{ xs: 1, md: "2fr 1fr 1fr auto" }} gap="200" alignItems="start">
        <Select
          label={`Condition ${number}`}
          options={FACT_OPTIONS}
          value={fact}
          onChange={(chosen) => onChange({ fact: chosen as Fact })}
        />
        <Select
          label="Compared"
          options={COMPARISON_OPTIONS}
          value={is}
          onChange={(chosen) => onChange({ is: chosen as Comparison })}
        />
        <TextField
          label="With"
          type="text"
          inputMode={unit === "money" ? "decimal" : "numeric"}
          value={text}
          onChange={(typed) => onChange({ text: typed })}
          {...(isShare
            ? { suffix: "%" }
            : unit === "money"
              ? { suffix: currency }
              : unit === "days"
                ? { suffix: "days" }
                : {})}
          error={faultOf(condition, currency) ?? undefined}
          autoComplete="off"
        />
        {onRemove && (
          <Box paddingBlockStart={{ xs: "0", md: "600" }}>
            <Button onClick={onRemove} accessibilityLabel={`Remove condition ${number}`}>
              Remove
            </Button>
          </Box>
        )}
      </InlineGrid>
    </Box>
  );
}

interface Size {
  customers: number | null;
  share: number | null;
}

/** So long after the last key: nobody wants the size of every letter. */
const PAUSE_MS = 300;

function LiveSize({ rule }: { rule: SegmentRule | null }) {
  const show = useShow();
  const fetcher = useFetcher<Size>();
  const [asked, setAsked] = useState<string | null>(null);
  const text = rule && JSON.stringify(rule);
  const { load } = fetcher;
  useEffect(() => {
    if (text === null) return;
    const timer = setTimeout(() => {
      load(`/app/segments/size?rule=${encodeURIComponent(text)}`);
      setAsked(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, load]);
  const isCurrent = text !== null && asked === text && fetcher.state === "idle" && fetcher.data !== undefined;
  return (
    <div role="status" data-figure="liveSize" data-value={isCurrent ? String(fetcher.data?.customers) : ""}>
      <Text as="p" fontWeight="semibold">
        {isCurrent
          ? sizeInWords(fetcher.data, show)
          : text === null
            ? "Fill in every condition to see the size."
            : "Counting…"}
      </Text>
    </div>
  );
}

function sizeInWords(size: Size | undefined, show: ReturnType<typeof useShow>): string {
  if (!size || size.customers === null)
    return "The size is not known before your customers' habits have been learnt.";
  const counted = show.counted(size.customers, "customer", "customers");
  return size.share === null ? counted : `${counted}, ${show.share(size.share)} of all.`;
}
