/** What the merchant wants seen, or not, and how many customers are held out to prove that it works. */
import { BlockStack, Button, Card, InlineStack, Layout, Select, Tag, Text } from "@shopify/polaris";
import { useState } from "react";
import {
  HELD_OUT_BASIS_POINTS,
  MARGIN_WEIGHTS,
  MOST_HIDDEN,
  MOST_OF_TYPE,
  MOST_PINNED,
  type Switches,
} from "../../core/recommendations/switches.ts";
import { pickSeveral, showToast } from "../frame/app-bridge.ts";
import { ChangedMeanwhile } from "../frame/changed-meanwhile.tsx";
import { PageSection } from "../frame/page-section.tsx";
import { SaveBar, useLeaveConfirmation } from "../frame/save-bar.tsx";
import { useDraft } from "../frame/use-draft.ts";
import { useShow } from "../frame/use-show.ts";

interface Settings {
  heldOutBasisPoints: number;
  version: number;
  switches: Switches;
}

type ProductNames = Readonly<Record<number, string>>;

const SAVE_BAR = "recommendations-save-bar";
const ANY = "any";
const MARGIN_WORDS: Readonly<Record<(typeof MARGIN_WEIGHTS)[number], string>> = {
  0: "Not at all",
  0.5: "Somewhat",
  1: "Strongly",
};

export function SwitchesForm({ settings, names: told }: { settings: Settings; names: ProductNames }) {
  const show = useShow();
  const [picked, setPicked] = useState<ProductNames>({});
  const { pinned, hidden, marginWeight, mostOfType } = settings.switches;
  const draft = useDraft({
    saved: settings,
    asSaved: {
      heldOutBasisPoints: String(settings.heldOutBasisPoints),
      marginWeight: String(marginWeight),
      mostOfType: mostOfType === null ? ANY : String(mostOfType),
      pinned,
      hidden,
    },
    read: (typed) => ({ ok: true, typed }),
    wish: ({ typed }, base) => ({
      ...typed,
      intent: "save-recommendations",
      version: String(base.version),
      pinned: typed.pinned.join(","),
      hidden: typed.hidden.join(","),
    }),
  });
  const { typed, change } = draft;
  const names = { ...told, ...picked };
  const onNamed = (some: ProductNames) => setPicked({ ...picked, ...some });
  const isNewComparison = typed.heldOutBasisPoints !== String(settings.heldOutBasisPoints);
  useLeaveConfirmation(draft.isChanged);
  return (
    <>
      <SaveBar
        id={SAVE_BAR}
        shown={draft.isChanged}
        busy={draft.isSaving}
        onSave={draft.save}
        onDiscard={draft.discard}
      />
      {draft.isChangedMeanwhile && (
        <Layout.Section variant="fullWidth">
          <ChangedMeanwhile what="these settings" draft={draft} />
        </Layout.Section>
      )}
      <PageSection
        id="goods"
        title="What you want seen"
        description="Pinned products come first in “For you” and among what sells now, for everybody who does not have them yet. Hidden ones are named nowhere. Sold out, unpublished and often returned products and gift cards are left out anyway."
      >
        <Card>
          <BlockStack gap="400">
            <ChosenProducts
              title="Pinned"
              none="No product is pinned."
              most={MOST_PINNED}
              ids={typed.pinned}
              names={names}
              onChange={(ids) => change({ pinned: ids })}
              onNamed={onNamed}
            />
            <ChosenProducts
              title="Hidden"
              none="No product is hidden."
              most={MOST_HIDDEN}
              ids={typed.hidden}
              names={names}
              onChange={(ids) => change({ hidden: ids })}
              onNamed={onNamed}
            />
            <Select
              label="Margin counts"
              options={MARGIN_WEIGHTS.map((weight) => ({
                value: String(weight),
                label: MARGIN_WORDS[weight],
              }))}
              value={typed.marginWeight}
              onChange={(weight) => change({ marginWeight: weight })}
              helpText="Moves products with a margin above the average of your catalogue up, and others down. Needs unit costs in Shopify."
            />
            <Select
              label="At most of one product type in a list"
              options={MOST_OF_TYPE.map((most) => ({
                value: most === null ? ANY : String(most),
                label: most === null ? "Any number" : show.count(most),
              }))}
              value={typed.mostOfType}
              onChange={(most) => change({ mostOfType: most })}
              helpText="As long as there is something else to name. Does not hold for “Buy again”."
            />
          </BlockStack>
        </Card>
      </PageSection>
      <PageSection
        id="proof"
        title="Proof"
        description="Some customers, drawn at random and always the same, see what sells now in place of their own lists. Without them nobody could say what recommendations bring: clicks are no proof."
      >
        <Card>
          <Select
            label="Customers held out"
            options={HELD_OUT_BASIS_POINTS.map((share) => ({
              value: String(share),
              label: share === 0 ? "Nobody: nothing can be proven" : show.shareShort(share / 10_000),
            }))}
            value={typed.heldOutBasisPoints}
            onChange={(share) => change({ heldOutBasisPoints: share })}
            helpText={
              isNewComparison
                ? "Saving this draws the customers anew and begins a new comparison; what was counted so far is no longer shown."
                : "A larger share tells sooner; a change begins a new comparison."
            }
          />
        </Card>
      </PageSection>
    </>
  );
}

function ChosenProducts({
  title,
  none,
  most,
  ids,
  names,
  onChange,
  onNamed,
}: {
  title: string;
  none: string;
  most: number;
  ids: readonly number[];
  names: ProductNames;
  onChange: (ids: readonly number[]) => void;
  onNamed: (names: ProductNames) => void;
}) {
  const pick = async () => {
    try {
      const picked = await pickSeveral("product", ids);
      if (!picked) return;
      if (picked.length > most) showToast(`The first ${most} are taken`, { isError: true });
      const kept = picked.slice(0, most);
      onNamed(Object.fromEntries(kept.map(({ id, name }) => [id, name])));
      onChange(kept.map(({ id }) => id));
    } catch {
      showToast("Shopify’s list of products could not be opened", { isError: true });
    }
  };
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        {title}
      </Text>
      <InlineStack gap="200" blockAlign="center">
        {ids.length === 0 && (
          <Text as="span" tone="subdued">
            {none}
          </Text>
        )}
        {ids.map((id) => (
          <Tag
            key={id}
            accessibilityLabel={`Remove ${names[id] ?? id}`}
            onRemove={() => onChange(ids.filter((one) => one !== id))}
          >
            {names[id] ?? String(id)}
          </Tag>
        ))}
        <Button
          size="slim"
          onClick={() => void pick()}
          accessibilityLabel={`Choose products: ${title.toLowerCase()}`}
        >
          Choose products
        </Button>
      </InlineStack>
    </BlockStack>
  );
}
