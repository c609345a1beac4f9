/** What stands where something is not there yet, or did not come. */
import { translate } from "../words.ts";

export function Loading() {
  return <s-spinner accessibilityLabel={translate("waiting.loading")} />;
}

export function Failed({ again }: { again: () => void }) {
  return (
    <s-banner tone="critical" heading={translate("waiting.failed")}>
      <s-button onClick={again}>{translate("waiting.again")}</s-button>
    </s-banner>
  );
}

/** How something that the customer did has gone. */
export interface Outcome {
  ok: boolean;
  text: string;
}

export function Told({ outcome }: { outcome: Outcome | null }) {
  if (!outcome) return null;
  return (
    <s-banner tone={outcome.ok ? "success" : "critical"}>
      <s-text>{outcome.text}</s-text>
    </s-banner>
  );
}
