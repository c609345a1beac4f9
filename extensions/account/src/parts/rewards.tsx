/** What can be had for points. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ProgrammeFacts, RewardFacts } from "../../../shared/facts.ts";
import { isSilent } from "../../../shared/ask.ts";
import { useBackend, type Ask } from "../asked/backend.ts";
import { dayOf, sentenceOf, translate, withPoints } from "../words.ts";
import { Told, type Outcome } from "./waiting.tsx";

interface Props {
  programme: ProgrammeFacts;
  points: number;
  isReachable: boolean;
}

export function Rewards({ programme: { rewards, state }, points, isReachable }: Props) {
  const today = new Date().toISOString().slice(0, 10);
  const open = rewards.filter(({ until }) => until === undefined || until >= today);
  if (open.length === 0) return null;
  const byCost = [...open].sort((a, b) => a.cost - b.cost);
  return (
    <s-section heading={translate("rewards.title")}>
      <s-stack gap="base">
        {state === "paused" && <s-paragraph>{translate("rewards.paused")}</s-paragraph>}
        {byCost.map((reward) => (
          <Offer
            key={reward.id}
            reward={reward}
            missing={Math.max(0, reward.cost - points)}
            canRedeem={state === "on" && isReachable}
          />
        ))}
      </s-stack>
    </s-section>
  );
}

interface OfferProps {
  reward: RewardFacts;
  missing: number;
  canRedeem: boolean;
}

function Offer({ reward: { id, name, cost, about, on }, missing, canRedeem }: OfferProps) {
  const { ask, changed, changes } = useBackend();
  const [isAsking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  // A press that is repeated because nothing came back is the same one.
  const keyRef = useRef<string | null>(null);
  // What was said of a code is over once something else has happened: it was given back, or is there by now.
  const isOwnChangeRef = useRef(false);
  useEffect(() => {
    if (!isOwnChangeRef.current) setOutcome(null);
    isOwnChangeRef.current = false;
  }, [changes]);
  const redeem = async () => {
    setAsking(true);
    keyRef.current ??= crypto.randomUUID();
    const answer = await redeemed(ask, id, keyRef.current);
    if (!isSilent(answer)) keyRef.current = null;
    setAsking(false);
    setOutcome({ ok: answer.ok, text: sentenceOf(answer) });
    if (!answer.ok) return;
    isOwnChangeRef.current = true;
    changed();
  };
  return (
    <s-stack gap="small-200">
      <s-stack direction="inline" gap="base" alignItems="center" justifyContent="space-between">
        <s-stack gap="none">
          <s-text type="strong">{name}</s-text>
          <s-text color="subdued">{withPoints("points.amount", cost)}</s-text>
          {about !== undefined && <s-text color="subdued">{about}</s-text>}
          {on !== undefined && (
            <s-text color="subdued">{translate("rewards.on", { date: dayOf(on) })}</s-text>
          )}
        </s-stack>
        {missing === 0 ? (
          <s-button
            loading={isAsking}
            disabled={!canRedeem}
            accessibilityLabel={translate("rewards.redeemOne", { reward: name })}
            onClick={() => void redeem()}
          >
            {translate("rewards.redeem")}
          </s-button>
        ) : (
          <s-text color="subdued">{withPoints("rewards.missing", missing)}</s-text>
        )}
      </s-stack>
      <Told outcome={outcome} />
    </s-stack>
  );
}

/** The first answer comes before Shopify has made the code; whoever asks again with the same key waits for it. */
async function redeemed(ask: Ask, reward: string, key: string) {
  const first = await ask<{ code?: string | null; pending?: boolean }>("redeem", { reward, key });
  if (!first.ok || first.code) return first;
  const second = await ask<{ code?: string | null; pending?: boolean }>("redeem", { reward, key });
  return second.ok ? second : first;
}
