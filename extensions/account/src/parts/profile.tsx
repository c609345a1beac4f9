/** What the customer tells the shop: a birthday, and whether it may write. */
import { useState } from "preact/hooks";
import { askShopify } from "../asked/ask-shopify.ts";
import { useBackend } from "../asked/backend.ts";
import type { AccountFacts, MarketingState } from "../asked/load-facts.ts";
import { SUBSCRIBE, UNSUBSCRIBE } from "../asked/operations.ts";
import { sentenceOf, translate, valueOf } from "../words.ts";
import { Told, type Outcome } from "./waiting.tsx";

export function Profile({ facts, reload }: { facts: AccountFacts; reload: () => void }) {
  const { programme, birthday, marketing } = facts;
  const canTell = programme !== null;
  if (!canTell && marketing === null) return null;
  return (
    <s-section heading={translate("profile.title")}>
      <s-stack gap="large">
        {canTell && <Birthday key={birthday} birthday={birthday} />}
        {marketing !== null && <Marketing state={marketing} changed={reload} />}
      </s-stack>
    </s-section>
  );
}

const MONTHS = Array.from({ length: 12 }, (_, month) => month + 1);
const DAYS = Array.from({ length: 31 }, (_, day) => day + 1);
const twoDigits = (number: number) => String(number).padStart(2, "0");

function Birthday({ birthday }: { birthday: string | null }) {
  const { ask } = useBackend();
  const [month, setMonth] = useState(birthday?.slice(0, 2) ?? "");
  const [day, setDay] = useState(birthday?.slice(3, 5) ?? "");
  const [isAsking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const save = async () => {
    if (!isDay(month, day)) return setOutcome({ ok: false, text: translate("profile.noSuchDay") });
    setAsking(true);
    const answer = await ask("profile", { birthday: `${month}-${day}`, key: crypto.randomUUID() });
    setAsking(false);
    setOutcome({ ok: answer.ok, text: sentenceOf(answer) });
  };
  const monthName = (number: number) =>
    shopify.i18n.formatDate(new Date(Date.UTC(2000, number - 1, 1)), { month: "long", timeZone: "UTC" });
  return (
    <s-form onSubmit={() => void save()}>
      <s-stack gap="base">
        <s-paragraph>{translate("profile.birthday")}</s-paragraph>
        <s-stack direction="inline" gap="base">
          <s-select
            label={translate("profile.month")}
            value={month}
            onChange={(event) => setMonth(valueOf(event))}
          >
            {MONTHS.map((each) => (
              <s-option key={each} value={twoDigits(each)}>
                {monthName(each)}
              </s-option>
            ))}
          </s-select>
          <s-select label={translate("profile.day")} value={day} onChange={(event) => setDay(valueOf(event))}>
            {DAYS.map((each) => (
              <s-option key={each} value={twoDigits(each)}>
                {String(each)}
              </s-option>
            ))}
          </s-select>
        </s-stack>
        <Told outcome={outcome} />
        <s-button type="submit" variant="secondary" loading={isAsking}>
          {translate("profile.save")}
        </s-button>
      </s-stack>
    </s-form>
  );
}

/** Of a leap year, too. */
function isDay(month: string, day: string): boolean {
  const date = new Date(`2000-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCMonth() + 1 === Number(month);
}

interface Changed {
  changed: { emailAddress: { marketingState: MarketingState } | null; userErrors: { message: string }[] };
}

function Marketing({ state, changed }: { state: MarketingState; changed: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const isOn = state === "SUBSCRIBED" || state === "PENDING";
  const change = async (wanted: boolean) => {
    setAsking(true);
    const answer = await askShopify<Changed>(wanted ? SUBSCRIBE : UNSUBSCRIBE).catch(() => null);
    setAsking(false);
    const refused = answer?.changed.userErrors.map(({ message }) => message).join(" ");
    const text = answer ? refused || translate("profile.saved") : translate("waiting.failed");
    setOutcome({ ok: answer !== null && !refused, text });
    changed();
  };
  return (
    <s-stack gap="small-200">
      <s-checkbox
        label={translate("profile.marketing")}
        checked={isOn}
        disabled={isAsking}
        onChange={() => void change(!isOn)}
      />
      {state === "PENDING" && <s-text color="subdued">{translate("profile.pending")}</s-text>}
      <Told outcome={outcome} />
    </s-stack>
  );
}
