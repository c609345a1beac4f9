/** In the order summary of checkout: the balance, and rewards to use for this order. */
import "@shopify/ui-extensions/preact";
import { untracked, useSignalEffect } from "@preact/signals";
import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { currencyDecimals } from "../../../app/core/money.ts";
import { ask } from "../../shared/ask.ts";
import { factsOf, type MemberFacts, type ProgrammeFacts, type RewardFacts } from "../../shared/facts.ts";
import { createHold, type Hold, type HoldView, type Notice } from "./hold.ts";
import { reachOf, rewardsFor } from "./rewards.ts";
import { momentIn, moneyIn, pointsIn, worthIn, type I18n } from "./words.ts";

export default function redeem(): void {
  render(<Redeem />, document.body);
}

/** The checkout may stay open for long: a hold ends an hour after the last sign of it. */
const SIGN_MS = 5 * 60_000;

function Redeem() {
  const hold = useMemo(holdOfCheckout, []);
  useEffect(() => {
    void hold.resume();
    const timer = setInterval(() => void hold.touch(), SIGN_MS);
    return () => clearInterval(timer);
  }, [hold]);
  useSignalEffect(() => {
    void shopify.lines.value;
    untracked(() => void hold.touch());
  });
  useSignalEffect(() => {
    void shopify.discountCodes.value;
    // The codes of a checkout that is paid are the order's.
    if (!shopify.buyerJourney.completed.value) untracked(() => void hold.noticeCodes());
  });

  const { programme, member } = factsOf(shopify.appMetafields.value);
  const i18n = shopify.i18n as I18n;
  const { translate } = i18n;
  if (!programme) return null;
  if (!member) {
    if (programme.rewards.length === 0) return null;
    return (
      <s-section heading={translate("heading")}>
        <s-text>{translate("redeem.guest")}</s-text>
      </s-section>
    );
  }
  const balance = hold.points.value ?? member.points;
  return (
    <s-section heading={translate("heading")}>
      <s-stack gap="base">
        <s-text>{translate("balance", { points: pointsIn(i18n, balance) })}</s-text>
        <Told hold={hold} programme={programme} />
        <Step hold={hold} programme={programme} member={{ ...member, points: balance }} />
      </s-stack>
    </s-section>
  );
}

function holdOfCheckout(): Hold {
  const facts = () => factsOf(shopify.appMetafields.value);
  return createHold({
    storageName: `hold:${shopify.checkoutToken.value ?? ""}`,
    storage: shopify.storage,
    ask: (action, body) =>
      ask(
        {
          api: facts().programme?.api ?? null,
          locale: shopify.localization.extensionLanguage.value.isoCode,
          sessionToken: shopify.sessionToken,
        },
        action,
        body,
      ),
    currency: () => shopify.localization.currency.value.isoCode,
    codes: () => shopify.discountCodes.value.map(({ code }) => code),
    cart: (rewardId) => {
      const currency = shopify.localization.currency.value.isoCode;
      const { programme } = facts();
      const reward = programme?.rewards.find(({ id }) => id === rewardId);
      return {
        codes: shopify.discountCodes.value.length,
        hasOtherDiscounts: shopify.discountAllocations.value.length > 0,
        isLocked: !shopify.instructions.value.discounts.canUpdateDiscountCodes,
        minimumMinor: currency === programme?.currency ? (reward?.minimumMinor ?? null) : null,
        subtotalMinor: Math.round(
          shopify.cost.subtotalAmount.value.amount * 10 ** currencyDecimals(currency),
        ),
      };
    },
    change: (type, code) => shopify.applyDiscountCodeChange({ type, code }),
    known: () => {
      const codes = new Set(shopify.discountCodes.value.map(({ code }) => code.toLowerCase()));
      const own = facts().member?.codes.find(({ code }) => codes.has(code.toLowerCase()));
      return own ? { redemption: own.id, reward: own.reward, code: own.code } : null;
    },
  });
}

interface StepProps {
  hold: Hold;
  programme: ProgrammeFacts;
  member: MemberFacts;
}

function Step({ hold, programme, member }: StepProps) {
  const i18n = shopify.i18n as I18n;
  const { translate } = i18n;
  const view = hold.view.value;
  switch (view.phase) {
    case "looking":
      return <s-spinner accessibilityLabel={translate("redeem.asking")} />;
    case "none":
      return <Choice hold={hold} programme={programme} member={member} />;
    case "unsure":
      return (
        <s-stack gap="base">
          <s-banner tone="warning">{translate("redeem.unsure")}</s-banner>
          <s-button onClick={() => void hold.retry()}>{translate("redeem.tryAgain")}</s-button>
          <s-button variant="secondary" onClick={() => void hold.giveUp()}>
            {translate("redeem.leave")}
          </s-button>
        </s-stack>
      );
    case "ending":
      return (
        <s-stack gap="base">
          <s-banner tone="warning">{endingIn(i18n, view.until)}</s-banner>
          <s-button onClick={() => void hold.retry()}>{translate("redeem.tryAgain")}</s-button>
        </s-stack>
      );
    case "applied":
      return <Applied hold={hold} view={view} programme={programme} />;
    default:
      return (
        <s-stack direction="inline" gap="small">
          <s-spinner accessibilityLabel={translate(`redeem.${view.phase}`)} />
          <s-text>{translate(`redeem.${view.phase}`)}</s-text>
        </s-stack>
      );
  }
}

function endingIn(i18n: I18n, until: string | null): string {
  if (until === null) return i18n.translate("redeem.ending");
  return i18n.translate("redeem.endingBy", { time: momentIn(i18n, until, { timeStyle: "short" }) });
}

function Choice({ hold, programme, member }: StepProps) {
  const i18n = shopify.i18n as I18n;
  const { translate } = i18n;
  const currency = shopify.localization.currency.value.isoCode;
  const { within, next } = reachOf(rewardsFor(programme, currency), member);
  const [asked, choose] = useState<string | null>(null);
  if (programme.state === "paused") return <s-text>{translate("redeem.paused")}</s-text>;
  if (within.length === 0) return next && <Progress {...next} />;
  if (!shopify.instructions.value.discounts.canUpdateDiscountCodes)
    return <s-text>{translate("refused.locked")}</s-text>;
  const chosen = within.find(({ id }) => id === asked) ?? within[within.length - 1];
  return (
    <s-stack gap="base">
      <s-choice-list
        label={translate("redeem.choose")}
        name="reward"
        values={chosen ? [chosen.id] : []}
        onChange={(event) =>
          choose((event.currentTarget as unknown as { values?: string[] }).values?.[0] ?? null)
        }
      >
        {within.map((reward) => (
          <s-choice key={reward.id} value={reward.id} selected={reward.id === chosen?.id}>
            {reward.name}
            <s-text slot="details">{detailsOf(i18n, reward, currency, programme.currency)}</s-text>
          </s-choice>
        ))}
      </s-choice-list>
      <s-button onClick={() => chosen && void hold.apply(chosen.id)}>{translate("redeem.apply")}</s-button>
    </s-stack>
  );
}

function detailsOf(i18n: I18n, reward: RewardFacts, currency: string, own: string): string {
  const { minimumMinor, cost } = reward;
  const parts = [pointsIn(i18n, cost), worthIn(i18n, reward, currency, own)];
  if (minimumMinor !== null) {
    parts.push(i18n.translate("redeem.minimum", { minimum: moneyIn(i18n, minimumMinor, own) }));
  }
  return parts.join(" · ");
}

function Progress({ reward, missing }: { reward: RewardFacts; missing: number }) {
  const i18n = shopify.i18n as I18n;
  const said = i18n.translate("goal", { points: pointsIn(i18n, missing), reward: reward.name });
  return (
    <s-stack gap="small">
      <s-text>{said}</s-text>
      <s-progress accessibilityLabel={said} value={Math.max(0, reward.cost - missing)} max={reward.cost} />
    </s-stack>
  );
}

function Applied({
  hold,
  view: { reward, spent, until },
  programme,
}: {
  hold: Hold;
  view: Extract<HoldView, { phase: "applied" }>;
  programme: ProgrammeFacts;
}) {
  const i18n = shopify.i18n as I18n;
  const { translate } = i18n;
  const name = programme.rewards.find(({ id }) => id === reward)?.name ?? translate("heading");
  return (
    <s-stack gap="base">
      <s-text>{translate("redeem.applied", { reward: name })}</s-text>
      {spent !== null && <s-text>{translate("redeem.reserved", { points: pointsIn(i18n, spent) })}</s-text>}
      {until !== null && (
        <s-text>{translate("redeem.until", { time: momentIn(i18n, until, { timeStyle: "short" }) })}</s-text>
      )}
      <s-button variant="secondary" onClick={() => void hold.remove()}>
        {translate("redeem.remove")}
      </s-button>
    </s-stack>
  );
}

/** What became of the last wish. */
function Told({ hold, programme }: { hold: Hold; programme: ProgrammeFacts }) {
  const i18n = shopify.i18n as I18n;
  const notice = hold.notice.value;
  if (!notice) return null;
  const sentences = [noticeIn(i18n, notice, programme), pointsOf(i18n, notice)];
  const isBad = notice.kind !== "removed";
  return (
    <s-banner tone={isBad ? "warning" : "info"}>{sentences.filter((each) => each !== "").join(" ")}</s-banner>
  );
}

function noticeIn(i18n: I18n, { kind, why, reward, message }: Notice, programme: ProgrammeFacts): string {
  if (kind === "said") return message ?? i18n.translate("redeem.later");
  if (kind !== "refused") return i18n.translate(`redeem.${kind}`);
  const minimum = programme.rewards.find(({ id }) => id === reward)?.minimumMinor ?? null;
  if (why === "minimum" && minimum !== null) {
    return i18n.translate("refused.minimum", { minimum: moneyIn(i18n, minimum, programme.currency) });
  }
  return i18n.translate(`refused.${why === "minimum" ? "below" : (why ?? "unknown")}`);
}

function pointsOf(i18n: I18n, { points }: Notice): string {
  if (points === undefined) return "";
  if (points === "on-their-way") return i18n.translate("redeem.returning");
  const { returned } = points;
  if (returned === null) return "";
  return i18n.translate("redeem.returned", { points: pointsIn(i18n, returned) });
}
