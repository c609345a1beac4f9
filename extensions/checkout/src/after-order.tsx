/** What the pages after an order have in common: what it brought, joining, and the survey. */
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { ask, isSilent, type Asking } from "../../shared/ask.ts";
import { factsOf, tierOf, type MetafieldEntry } from "../../shared/facts.ts";
import { useOrderPoints, type OrderState } from "./order-points.ts";
import { Survey } from "./survey.tsx";
import { momentIn, pointsIn, type I18n } from "./words.ts";

/** Of the thank-you page and of the order status page alike. */
export interface AfterOrderApi {
  appMetafields: { value: readonly MetafieldEntry[] };
  localization: { extensionLanguage: { value: { isoCode: string } } };
  sessionToken: { get(): Promise<string> };
  storage: {
    read<T>(key: string): Promise<T | null>;
    write(key: string, value: unknown): Promise<void>;
  };
  i18n: unknown;
}

export function AfterOrder({
  api,
  orderId,
  isGuest,
  estimate,
  logIn,
}: {
  api: AfterOrderApi;
  /** Shopify's number; `null`: it is not known yet. */
  orderId: string | null;
  /** Nobody is logged in. */
  isGuest: boolean;
  /** What can be said before the backend knows the order. */
  estimate: ComponentChildren;
  logIn: ComponentChildren;
}) {
  const i18n = api.i18n as I18n;
  const { translate } = i18n;
  const { programme, member } = factsOf(api.appMetafields.value);
  const address = programme?.api ?? null;
  const locale = api.localization.extensionLanguage.value.isoCode;
  const { sessionToken } = api;
  const asking = useMemo<Asking>(
    () => ({ api: address, locale, sessionToken }),
    [address, locale, sessionToken],
  );
  const [hasJoined, join] = useState(false);
  const isMember = member !== null || hasJoined;
  const { state, retry } = useOrderPoints(programme && isMember ? asking : null, orderId);
  if (!programme) return null;
  const tier = tierOf(programme, member);
  return (
    <s-section heading={translate("heading")}>
      <s-stack gap="base">
        {member && <s-text>{translate("balance", { points: pointsIn(i18n, member.points) })}</s-text>}
        {tier && <s-text>{translate("tier", { tier: tier.name })}</s-text>}
        {isMember ? <Brought i18n={i18n} state={state} estimate={estimate} retry={retry} /> : estimate}
        {!isMember && (isGuest ? logIn : <Join i18n={i18n} asking={asking} onJoined={() => join(true)} />)}
        {programme.survey && orderId !== null && !isGuest && (
          <Survey
            i18n={i18n}
            asking={asking}
            storage={api.storage}
            orderId={orderId}
            points={programme.survey.points}
          />
        )}
      </s-stack>
    </s-section>
  );
}

interface BroughtProps {
  i18n: I18n;
  state: OrderState;
  estimate: ComponentChildren;
  retry: () => void;
}

function Brought({ i18n, state, estimate, retry }: BroughtProps) {
  const { translate } = i18n;
  if (state.known === "no") return <s-skeleton-paragraph />;
  if (state.known === "not-yet")
    return (
      <s-stack gap="small">
        {estimate}
        <s-text>{translate("order.soon")}</s-text>
      </s-stack>
    );
  if (state.known === "silent")
    return (
      <s-stack gap="small">
        {estimate}
        <s-banner tone="info">{translate("order.silent")}</s-banner>
        <s-button variant="secondary" onClick={retry}>
          {translate("redeem.tryAgain")}
        </s-button>
      </s-stack>
    );
  const { points, pending, ripensAt } = state.order;
  if (points === 0) return <s-text>{translate("order.nothing")}</s-text>;
  return (
    <s-stack gap="small">
      <s-text>{translate("order.brought", { points: pointsIn(i18n, points) })}</s-text>
      {pending > 0 && ripensAt !== null && (
        <s-text>
          {translate("order.pending", {
            points: pointsIn(i18n, pending),
            day: momentIn(i18n, ripensAt, { dateStyle: "long" }),
          })}
        </s-text>
      )}
    </s-stack>
  );
}

function Join({ i18n, asking, onJoined }: { i18n: I18n; asking: Asking; onJoined: () => void }) {
  const { translate } = i18n;
  const [isBusy, setBusy] = useState(false);
  const [fault, say] = useState<string | null>(null);
  const join = async () => {
    setBusy(true);
    const answer = await ask(asking, "join", {});
    setBusy(false);
    if (answer.ok) return onJoined();
    say(isSilent(answer) ? translate("order.silent") : (answer.message ?? translate("redeem.later")));
  };
  return (
    <s-stack gap="small">
      <s-text>{translate("join.why")}</s-text>
      {fault !== null && <s-banner tone="warning">{fault}</s-banner>}
      <s-button loading={isBusy} onClick={() => void join()}>
        {translate("join.join")}
      </s-button>
    </s-stack>
  );
}
