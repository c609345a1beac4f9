/** What the customer has redeemed: codes to copy, to use and to give back, and what became of others. */
import { useState } from "preact/hooks";
import { useBackend, type Redeemed } from "../asked/backend.ts";
import { dayOf, sentenceOf, translate } from "../words.ts";
import { Told, type Outcome } from "./waiting.tsx";

/** Of those that are over. */
const OLD_ONES_SHOWN = 5;

export function Codes({ codes, shopUrl }: { codes: readonly Redeemed[]; shopUrl: string }) {
  const { lookAgain } = useBackend();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const isGood = ({ status }: Redeemed) => ["held", "issued", "reserved"].includes(status);
  const shown = [...codes.filter(isGood), ...codes.filter((code) => !isGood(code)).slice(0, OLD_ONES_SHOWN)];
  return (
    <s-section heading={translate("codes.title")}>
      <s-stack gap="base">
        <Told outcome={outcome} />
        {shown.length === 0 && <s-text color="subdued">{translate("codes.none")}</s-text>}
        {shown.map((code) => (
          <Code key={code.redemption} redeemed={code} shopUrl={shopUrl} told={setOutcome} />
        ))}
        {lookAgain && (
          <s-button variant="secondary" onClick={lookAgain}>
            {translate("codes.look")}
          </s-button>
        )}
      </s-stack>
    </s-section>
  );
}

/** Kinds whose code a cart takes. */
const FOR_CARTS = new Set(["amount-off", "percentage", "free-shipping", "free-product"]);

interface Props {
  redeemed: Redeemed;
  shopUrl: string;
  told: (outcome: Outcome) => void;
}

function Code({ redeemed, shopUrl, told }: Props) {
  const { redemption, name, kind, status, code, last4, about, until, canGiveBack } = redeemed;
  const { ask, changed } = useBackend();
  const [isAsking, setAsking] = useState(false);
  const giveBack = async () => {
    setAsking(true);
    const answer = await ask("give-back", { redemption, key: crypto.randomUUID() });
    setAsking(false);
    told({ ok: answer.ok, text: sentenceOf(answer) });
    changed();
  };
  const clipboard = `code-${redemption}`;
  return (
    <s-stack gap="small-200">
      <s-stack direction="inline" gap="base" alignItems="center">
        <s-text type="strong">{name}</s-text>
        <s-badge tone="neutral">{statusText(status)}</s-badge>
      </s-stack>
      {status === "issued" && (code ?? last4) !== null && <s-text>{code ?? `…${last4}`}</s-text>}
      {status === "issued" && about && <s-text color="subdued">{about}</s-text>}
      {status === "issued" && (
        <s-text color="subdued">{translate("codes.until", { date: dayOf(until) })}</s-text>
      )}
      <s-stack direction="inline" gap="small">
        {code !== null && (
          <>
            <s-clipboard-item id={clipboard} text={code} />
            <s-button variant="secondary" commandFor={clipboard} command="--copy">
              {translate("codes.copy")}
            </s-button>
          </>
        )}
        {code !== null && FOR_CARTS.has(kind) && (
          <s-button
            variant="secondary"
            href={`${shopUrl}/discount/${encodeURIComponent(code)}`}
            target="_blank"
          >
            {translate("codes.use")}
          </s-button>
        )}
        {canGiveBack && (
          <s-button
            variant="secondary"
            loading={isAsking}
            accessibilityLabel={translate("codes.giveBackOne", { reward: name })}
            onClick={() => void giveBack()}
          >
            {translate("codes.giveBack")}
          </s-button>
        )}
      </s-stack>
    </s-stack>
  );
}

const STATUSES = ["reserved", "issued", "held", "used", "cancelled", "expired", "failed"];

function statusText(status: string): string {
  return translate(`codes.status.${STATUSES.includes(status) ? status : "issued"}`);
}
