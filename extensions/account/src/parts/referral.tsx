/** The member's own link, what both get, and what has become of friends who came by it, of whom nothing else is told. */
import type { MemberFacts, ProgrammeFacts } from "../../../shared/facts.ts";
import type { Account } from "../asked/backend.ts";
import { dayOf, moneyOf, translate, withPoints } from "../words.ts";

interface Props {
  offer: NonNullable<ProgrammeFacts["referral"]>;
  own: NonNullable<MemberFacts["referral"]>;
  /** `null`: Perennial does not answer, or has not yet. */
  friends: Account["friends"] | null;
  shopUrl: string;
  /** The shop's. */
  currency: string;
}

const CLIPBOARD = "referral-link";

export function Referral({ offer, own, friends, shopUrl, currency }: Props) {
  const link = `${shopUrl}${offer.landing}?ref=${own.code}`;
  const { maximumFractionDigits: decimals = 2 } = new Intl.NumberFormat("en", {
    ...{ style: "currency", currency },
  }).resolvedOptions();
  const amount = String((offer.minimumMinor ?? 0) / 10 ** decimals);
  return (
    <s-section heading={translate("referral.title")}>
      <s-stack gap="base">
        <s-stack gap="small-200">
          <s-text>{withPoints("referral.member", offer.points)}</s-text>
          <s-text>
            {offer.reward === null
              ? withPoints("referral.friend", offer.friend)
              : translate("referral.friendReward", { reward: offer.reward })}
          </s-text>
          {offer.minimumMinor !== null && (
            <s-text>
              {translate("referral.minimum", { amount: moneyOf({ amount, currencyCode: currency }) })}
            </s-text>
          )}
          <s-text color="subdued">{translate("referral.when")}</s-text>
        </s-stack>
        <s-stack gap="small-200">
          <s-text>{translate("referral.link")}</s-text>
          <s-text type="strong">{link}</s-text>
          <s-clipboard-item id={CLIPBOARD} text={link} />
          <s-button commandFor={CLIPBOARD} command="--copy">
            {translate("referral.copy")}
          </s-button>
        </s-stack>
        {own.came > 0 && <s-text>{withPoints("referral.came", own.came)}</s-text>}
        {own.waiting > 0 && <s-text>{withPoints("referral.waiting", own.waiting)}</s-text>}
        {own.points > 0 && <s-text>{withPoints("referral.earned", own.points)}</s-text>}
        {friends !== null && friends.length > 0 && <Outcomes friends={friends} />}
      </s-stack>
    </s-section>
  );
}

function Outcomes({ friends }: { friends: Account["friends"] }) {
  return (
    <s-stack gap="small-200">
      <s-heading>{translate("referral.outcomes")}</s-heading>
      <s-unordered-list>
        {friends.map(({ at, outcome }, place) => (
          <s-list-item key={`${at}/${place}`}>
            {`${dayOf(at)}: ${translate(`referral.outcome.${outcome}`)}`}
          </s-list-item>
        ))}
      </s-unordered-list>
    </s-stack>
  );
}
