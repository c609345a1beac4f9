/** The settings with Shopify's save bar: what is changed is saved or discarded as a whole. */
import { useFetcher } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Button,
  Card,
  Checkbox,
  ChoiceList,
  InlineStack,
  Layout,
  Tag,
  Text,
  TextField,
} from "@shopify/polaris";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { PageSection } from "../frame/page-section.tsx";
import { showToast } from "../frame/app-bridge.ts";
import { SaveBar, useLeaveConfirmation } from "../frame/save-bar.tsx";

export interface ShownSettings {
  version: number;
  countsTax: boolean;
  countsShipping: boolean;
  countsGiftCards: boolean;
  refundBasis: string;
  flatMarginBasisPoints: number | null;
  excludedTags: readonly string[];
}

/** What the route answers to a save. */
export interface SettingsAnswer {
  ok: boolean;
  errors?: Partial<Record<string, string>>;
  /** Somebody else saved first. */
  changedMeanwhile?: boolean;
}

interface Draft {
  countsTax: boolean;
  countsShipping: boolean;
  countsGiftCards: boolean;
  refundBasis: string;
  flatMarginPercent: string;
  excludedTags: readonly string[];
}

const SAVE_BAR = "settings-save-bar";

export function SettingsForm({ settings, tagsNote }: { settings: ShownSettings; tagsNote: ReactNode }) {
  const { draft, change, answer, isChanged, save, discard, saveOver, isSaving } = useSettingsDraft(settings);
  const errors = answer?.errors ?? {};
  useLeaveConfirmation(isChanged);
  return (
    <>
      <SaveBar id={SAVE_BAR} shown={isChanged} busy={isSaving} onSave={save} onDiscard={discard} />
      {answer?.changedMeanwhile && (
        <Layout.Section variant="fullWidth">
          <Banner
            tone="warning"
            title="Somebody else changed these settings meanwhile"
            action={{ content: "Save mine over theirs", onAction: saveOver, loading: isSaving }}
            secondaryAction={{ content: "Take theirs", onAction: discard }}
          >
            <p>Nothing of yours was saved yet. Your changes are still in the form below.</p>
          </Banner>
        </Layout.Section>
      )}
      <PageSection
        id="revenue"
        title="What counts as revenue"
        description="Products always count. Tips, duties and fees never do. Every figure follows at once, for past orders, too."
      >
        <Card>
          <BlockStack gap="400">
            <Checkbox
              label="Tax"
              helpText="Sales then include the tax that customers paid."
              checked={draft.countsTax}
              onChange={(countsTax) => change({ countsTax })}
            />
            <Checkbox
              label="Shipping"
              helpText="Sales then include what customers paid for shipping."
              checked={draft.countsShipping}
              onChange={(countsShipping) => change({ countsShipping })}
            />
            <Checkbox
              label="Gift cards sold"
              helpText="What a gift card buys counts in any case: with this on, it counts twice."
              checked={draft.countsGiftCards}
              onChange={(countsGiftCards) => change({ countsGiftCards })}
            />
            <ChoiceList
              title="Refunds lower sales on"
              choices={[
                {
                  label: "The day of the order",
                  value: "order date",
                  helpText:
                    "Each order stands with what it finally brought. Past periods change when something comes back.",
                },
                {
                  label: "The day of the refund",
                  value: "refund date",
                  helpText: "Past periods stay as they are. A quiet month can be negative.",
                },
              ]}
              selected={[draft.refundBasis]}
              onChange={([refundBasis = draft.refundBasis]) => change({ refundBasis })}
              error={errors["refundBasis"]}
            />
          </BlockStack>
        </Card>
      </PageSection>
      <PageSection
        id="margin"
        title="Margin"
        description="Unit costs come from your products in Shopify. This stands in where a product has none."
      >
        <Card>
          <TextField
            label="Flat margin"
            helpText="Leave it empty to count no margin for products without a cost."
            suffix="%"
            inputMode="decimal"
            autoComplete="off"
            value={draft.flatMarginPercent}
            onChange={(flatMarginPercent) => change({ flatMarginPercent })}
            error={errors["flatMarginPercent"]}
          />
        </Card>
      </PageSection>
      <PageSection
        id="excluded"
        title="Customers to leave out"
        description="Customers with one of these tags, such as wholesale or staff, count nowhere: not in orders, sales or rates."
      >
        <Card>
          <BlockStack gap="300">
            <TagField
              tags={draft.excludedTags}
              onChange={(excludedTags) => change({ excludedTags })}
              error={errors["excludedTags"]}
            />
            {tagsNote}
          </BlockStack>
        </Card>
      </PageSection>
    </>
  );
}

/** What is being changed, until it is saved or discarded. */
interface Edit {
  draft: Draft;
  /** The version of the settings that it was begun from. */
  base: number;
  /** The answer to an earlier save, which says nothing of this edit. */
  earlier: SettingsAnswer | undefined;
}

function useSettingsDraft(settings: ShownSettings) {
  const fetcher = useFetcher<SettingsAnswer>();
  const [begun, setBegun] = useState<Edit | null>(null);
  const saved = draftOf(settings);
  const isSaving = fetcher.state !== "idle";
  const answer = begun && fetcher.data !== begun.earlier ? fetcher.data : undefined;
  // Once saved, what is shown is what was saved; where nothing is being changed, also what others save.
  const edit = answer?.ok && !isSaving ? null : begun;
  const draft = edit?.draft ?? saved;
  useToast(fetcher.data, isSaving);

  function submit(version: number) {
    const data = new FormData();
    for (const field of ["countsTax", "countsShipping", "countsGiftCards"] as const) {
      if (draft[field]) data.set(field, "on");
    }
    data.set("refundBasis", draft.refundBasis);
    data.set("flatMarginPercent", draft.flatMarginPercent);
    for (const tag of draft.excludedTags) data.append("excludedTag", tag);
    data.set("version", String(version));
    data.set("intent", "save-settings");
    setBegun({ draft, base: version, earlier: fetcher.data });
    fetcher.submit(data, { method: "post" });
  }

  return {
    draft,
    answer: edit ? answer : undefined,
    isChanged: edit !== null && (answer?.changedMeanwhile === true || !isSame(draft, saved)),
    isSaving,
    change: (changes: Partial<Draft>) => {
      const { base, earlier } = edit ?? { base: settings.version, earlier: fetcher.data };
      setBegun({ draft: { ...draft, ...changes }, base, earlier });
    },
    save: () => submit(edit?.base ?? settings.version),
    saveOver: () => submit(settings.version),
    discard: () => setBegun(null),
  };
}

function useToast(answer: SettingsAnswer | undefined, isSaving: boolean) {
  const told = useRef<SettingsAnswer | undefined>(undefined);
  useEffect(() => {
    if (isSaving || !answer || told.current === answer) return;
    told.current = answer;
    if (answer.ok) showToast("Settings saved");
    else if (!answer.changedMeanwhile) showToast("Some settings need another look", { isError: true });
  }, [answer, isSaving]);
}

function draftOf(settings: ShownSettings): Draft {
  const { countsTax, countsShipping, countsGiftCards, refundBasis, excludedTags } = settings;
  const { flatMarginBasisPoints } = settings;
  const flatMarginPercent = flatMarginBasisPoints === null ? "" : String(flatMarginBasisPoints / 100);
  return { countsTax, countsShipping, countsGiftCards, refundBasis, flatMarginPercent, excludedTags };
}

function isSame(a: Draft, b: Draft): boolean {
  const canonical = (draft: Draft) =>
    JSON.stringify([
      draft.countsTax,
      draft.countsShipping,
      draft.countsGiftCards,
      draft.refundBasis,
      draft.flatMarginPercent,
      draft.excludedTags,
    ]);
  return canonical(a) === canonical(b);
}

function TagField({
  tags,
  onChange,
  error,
}: {
  tags: readonly string[];
  onChange: (tags: readonly string[]) => void;
  error: string | undefined;
}) {
  const [typed, setTyped] = useState("");
  const listId = useId();
  const add = () => {
    const tag = typed.trim();
    const isKnown = tags.some((one) => one.toLowerCase() === tag.toLowerCase());
    if (tag !== "" && !isKnown) onChange([...tags, tag]);
    setTyped("");
  };
  return (
    <BlockStack gap="300">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextField
          label="Customer tag"
          value={typed}
          onChange={setTyped}
          // What was typed and not added would not be saved, and nothing would say so.
          onBlur={add}
          autoComplete="off"
          maxLength={40}
          error={error}
          connectedRight={
            <Button submit disabled={typed.trim() === ""}>
              Add
            </Button>
          }
        />
      </form>
      {tags.length === 0 ? (
        <Text as="p" tone="subdued">
          No tag: every customer counts.
        </Text>
      ) : (
        <div id={listId} role="group" aria-label="Tags of customers to leave out">
          <InlineStack gap="200">
            {tags.map((tag) => (
              <Tag key={tag} onRemove={() => onChange(tags.filter((one) => one !== tag))}>
                {tag}
              </Tag>
            ))}
          </InlineStack>
        </div>
      )}
    </BlockStack>
  );
}
