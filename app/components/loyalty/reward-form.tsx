/** The fields of a reward: only those that mean something for its kind. */
import {
  Banner,
  BlockStack,
  Button,
  Card,
  Checkbox,
  ChoiceList,
  InlineError,
  InlineGrid,
  InlineStack,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import type { RewardKind } from "../../core/loyalty/reward.ts";
import {
  canReturnUnused,
  isCode,
  REWARD_BOUNDS,
  REWARD_KINDS,
  type RewardField,
} from "../../core/loyalty/reward-bounds.ts";
import { pickVariant, showToast } from "../frame/app-bridge.ts";
import { useShow } from "../frame/use-show.ts";
import { REWARD_KIND_WORDS } from "./reward-words.ts";
import { rewardFieldSaid } from "./typed-reward.ts";
import type { RewardDraft } from "./use-reward-draft.ts";

const KIND_OPTIONS = REWARD_KINDS.map((value) => ({ value, label: REWARD_KIND_WORDS[value] }));

export function RewardForm({
  draft,
  product,
  lacksFunction,
  onProduct,
}: {
  draft: RewardDraft;
  /** What the chosen product is called; nothing where Shopify did not say. */
  product: string | undefined;
  /** The app was deployed without the function that takes off named amounts. */
  lacksFunction: boolean;
  onProduct: (id: number, name: string) => void;
}) {
  const { currency } = useShow();
  const { typed, change, faults } = draft;
  const { kind, combinesWith } = typed;
  const said = (field: RewardField) => (faults.has(field) ? rewardFieldSaid(field, currency) : undefined);
  const isMoney = kind === "amount-off" || kind === "gift-card" || kind === "store-credit";
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="400">
          <Text as="h2" variant="headingMd">
            What members get
          </Text>
          <TextField
            label="Name"
            helpText="Shoppers read it, also in the checkout."
            value={typed.name}
            onChange={(name) => change({ name })}
            maxLength={REWARD_BOUNDS.nameLetters.most}
            autoComplete="off"
            error={said("name")}
          />
          <Select
            label="Kind"
            options={KIND_OPTIONS}
            value={kind}
            onChange={(chosen) => change({ kind: chosen as RewardKind })}
          />
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            <TextField
              label="Cost"
              suffix="points"
              value={typed.costPoints}
              onChange={(costPoints) => change({ costPoints })}
              inputMode="numeric"
              autoComplete="off"
              error={said("costPoints")}
            />
            {isMoney && (
              <TextField
                label="Worth"
                suffix={currency}
                value={typed.value}
                onChange={(value) => change({ value })}
                inputMode="decimal"
                autoComplete="off"
                error={said("value")}
              />
            )}
            {kind === "percentage" && (
              <TextField
                label="Worth"
                suffix="%"
                value={typed.percent}
                onChange={(percent) => change({ percent })}
                inputMode="numeric"
                autoComplete="off"
                error={said("percent")}
              />
            )}
          </InlineGrid>
          {isMadeHereKind(kind) && <MadeHereFields kind={kind} draft={draft} said={said} />}
          {kind === "amount-off" && (
            <TextField
              label="Worth in other currencies"
              helpText={`One to a line, such as ${currency === "USD" ? "EUR" : "USD"} 6.00. Without any, Shopify uses its rate of the day. Where you name some, a code takes these amounts off, and nothing in a currency that is not named.`}
              value={typed.amounts}
              onChange={(amounts) => change({ amounts })}
              multiline={2}
              autoComplete="off"
              error={said("amounts")}
            />
          )}
          {kind === "amount-off" && lacksFunction && typed.amounts.trim() !== "" && (
            <Banner tone="warning" title="These amounts are not used yet">
              <p>
                Perennial was deployed without its discount function. Until it is deployed with it, a code
                takes off the worth in {currency}, at Shopify’s rate of the day elsewhere. Codes that were
                made before stay as they are.
              </p>
            </Banner>
          )}
          {kind === "free-product" && (
            <ProductChoice
              chosen={typed.variantId}
              name={product}
              fault={said("variant")}
              onChosen={(id, name) => {
                onProduct(id, name);
                change({ variantId: id });
              }}
            />
          )}
        </BlockStack>
      </Card>
      <Card>
        <BlockStack gap="400">
          <Text as="h2" variant="headingMd">
            Terms
          </Text>
          {kind !== "donation" && kind !== "event" && (
            <TextField
              label="Valid for"
              suffix="days"
              helpText="Counted from when a member redeems it."
              value={typed.validDays}
              onChange={(validDays) => change({ validDays })}
              inputMode="numeric"
              autoComplete="off"
              error={said("validDays")}
            />
          )}
          {isCode({ kind }) && (
            <TextField
              label="Minimum order"
              suffix={currency}
              helpText="What the products in the cart must come to. Leave it empty for any order."
              value={typed.minimum}
              onChange={(minimum) => change({ minimum })}
              inputMode="decimal"
              autoComplete="off"
              error={said("minimum")}
            />
          )}
          {isCode({ kind }) && (
            <ChoiceList
              allowMultiple
              title="May be used together with"
              choices={[
                { label: "Order discounts", value: "order" },
                { label: "Product discounts", value: "product" },
                ...(kind === "free-shipping" ? [] : [{ label: "Shipping discounts", value: "shipping" }]),
              ]}
              selected={Object.entries(combinesWith).flatMap(([name, together]) => (together ? [name] : []))}
              onChange={(chosen) =>
                change({
                  combinesWith: {
                    order: chosen.includes("order"),
                    product: chosen.includes("product"),
                    shipping: chosen.includes("shipping"),
                  },
                })
              }
            />
          )}
          {!canReturnUnused({ kind }) ? (
            <Text as="p" tone="subdued">
              {STAYS[kind]}
            </Text>
          ) : (
            <Checkbox
              label="Points come back where it expires unused"
              checked={typed.returnsUnused}
              onChange={(returnsUnused) => change({ returnsUnused })}
            />
          )}
        </BlockStack>
      </Card>
    </BlockStack>
  );
}

/** Why points do not come back by themselves. */
const STAYS: Partial<Record<RewardKind, string>> = {
  "store-credit":
    "Store credit is the customer’s money as soon as it is given: neither it nor its points come back.",
  "partner-code":
    "Nobody tells us whether a partner’s code was used, so members cannot give it back. You can take it back by hand on the member’s page: the points return, and nobody else gets the code.",
  donation:
    "It is the cause’s as soon as a member gives it. You can take it back by hand on the member’s page; it then counts against the month in which you do.",
  event:
    "Until its last day members can give a place back, and somebody else can have it. After that the points stay spent, whoever comes.",
};

const MADE_HERE_WORDS = {
  "partner-code": { word: "Partner", help: "Who takes the code.", value: "What one costs you" },
  donation: { word: "Cause", help: "Who gets the money from you.", value: "What the cause gets" },
  refill: { word: "What members bring", help: "Such as an empty bottle.", value: "What one costs you" },
  event: { word: "Where", help: "Members read it.", value: "What one place costs you" },
} as const;

type MadeHereKind = keyof typeof MADE_HERE_WORDS;

function isMadeHereKind(kind: RewardKind): kind is MadeHereKind {
  return kind in MADE_HERE_WORDS;
}

function MadeHereFields({
  kind,
  draft: { typed, change },
  said,
}: {
  kind: MadeHereKind;
  draft: RewardDraft;
  said: (field: RewardField) => string | undefined;
}) {
  const { currency } = useShow();
  const words = MADE_HERE_WORDS[kind];
  const text = (label: string, field: "perMember" | "inAll" | "on" | "until", helpText: string) => (
    <TextField
      label={label}
      helpText={helpText}
      value={typed[field]}
      onChange={(value) => change({ [field]: value })}
      {...(field === "on" || field === "until"
        ? { type: "date" as const }
        : { inputMode: "numeric" as const })}
      autoComplete="off"
      error={said(field)}
    />
  );
  return (
    <BlockStack gap="400">
      <TextField
        label={words.word}
        helpText={words.help}
        value={typed.word}
        onChange={(word) => change({ word })}
        maxLength={REWARD_BOUNDS.wordLetters.most}
        autoComplete="off"
        error={said("word")}
      />
      <TextField
        label={words.value}
        suffix={currency}
        helpText={
          kind === "donation" ? undefined : "It counts as the programme’s cost. Leave it empty for nothing."
        }
        value={typed.value}
        onChange={(value) => change({ value })}
        inputMode="decimal"
        autoComplete="off"
        error={said("value")}
      />
      {kind === "event" && (
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
          {text("Day of the event", "on", "A day of your shop.")}
          {text("Last day", "until", "Until then a place can be had and given back.")}
        </InlineGrid>
      )}
      {(kind === "event" || kind === "partner-code") && (
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
          {kind === "event"
            ? text("Places", "inAll", "Never fewer than are taken.")
            : text("At most in all", "inAll", "Leave it empty for all codes that you upload.")}
          {text("At most for a member", "perMember", "Leave it empty for any number.")}
        </InlineGrid>
      )}
      {kind === "partner-code" && (
        <Text as="p" tone="subdued">
          Save the reward, then upload its codes here. It is offered as long as there is one.
        </Text>
      )}
    </BlockStack>
  );
}

const FAULT_ID = "product-fault";

function ProductChoice({
  chosen,
  name,
  fault,
  onChosen,
}: {
  chosen: number | null;
  name: string | undefined;
  fault: string | undefined;
  onChosen: (id: number, name: string) => void;
}) {
  const pick = async () => {
    try {
      const picked = await pickVariant(chosen);
      if (picked) onChosen(picked.id, picked.name);
    } catch {
      showToast("Shopify’s list of products could not be opened", { isError: true });
    }
  };
  return (
    <BlockStack gap="200">
      <Text as="p">{chosen === null ? "No product is chosen." : `Product: ${name ?? String(chosen)}`}</Text>
      <InlineStack>
        <Button onClick={() => void pick()} {...(fault === undefined ? {} : { ariaDescribedBy: FAULT_ID })}>
          {chosen === null ? "Choose a product" : "Choose another product"}
        </Button>
      </InlineStack>
      {fault !== undefined && (
        <div id={FAULT_ID}>
          <InlineError message={fault} fieldID={FAULT_ID} />
        </div>
      )}
      <Text as="p" tone="subdued">
        One unit of it for one code: the code takes off what the product costs when it is redeemed.
      </Text>
    </BlockStack>
  );
}
