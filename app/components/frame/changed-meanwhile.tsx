/** Tells who saves a form that somebody else saved it first, and asks whose is to hold. */
import { Banner } from "@shopify/polaris";

export function ChangedMeanwhile({
  what,
  draft: { isSaving, saveOver, discard },
}: {
  /** "these rules" */
  what: string;
  draft: { isSaving: boolean; saveOver: () => void; discard: () => void };
}) {
  return (
    <Banner
      tone="warning"
      title={`Somebody else changed ${what} meanwhile`}
      action={{ content: "Save mine over theirs", onAction: saveOver, loading: isSaving }}
      secondaryAction={{ content: "Take theirs", onAction: discard }}
    >
      <p>Nothing of yours was saved yet. Your changes are still in the form below.</p>
    </Banner>
  );
}
