/** All about points. Where Perennial does not answer, what metafields know is shown, and said so. */
import type { MemberFacts, ProgrammeFacts } from "../../../shared/facts.ts";
import type { Account } from "../asked/backend.ts";
import type { AccountFacts } from "../asked/load-facts.ts";
import type { Loaded } from "../asked/use-loaded.ts";
import { useBackend } from "../asked/backend.ts";
import { dayOf, translate, withPoints } from "../words.ts";
import { Balance } from "./balance.tsx";
import { Codes } from "./codes.tsx";
import { Join } from "./join.tsx";
import { Referral } from "./referral.tsx";
import { Rewards } from "./rewards.tsx";
import { StatementList } from "./statement-list.tsx";
import { Tier } from "./tier.tsx";

interface Props {
  programme: ProgrammeFacts;
  facts: AccountFacts;
  account: Loaded<Account>;
  joined: () => void;
}

export function Points({ programme, facts, account, joined }: Props) {
  const fresh = account.state === "ready" && account.value.member ? account.value : null;
  const member = fresh ? refreshed(facts.member, fresh) : facts.member;
  if (!member) return <Join joined={joined} />;
  return (
    <>
      {account.state === "failed" && <Silent />}
      <s-section heading={translate("points.title")}>
        <Balance member={member} rewards={programme.rewards} />
      </s-section>
      {member.tier && programme.tiers && (
        <Tier tier={member.tier} tiers={programme.tiers} currency={programme.currency} />
      )}
      {member.referral && programme.referral && (
        <Referral
          offer={programme.referral}
          own={member.referral}
          friends={fresh?.friends ?? null}
          shopUrl={facts.shopUrl}
          currency={programme.currency}
        />
      )}
      {fresh && fresh.expiring.length > 1 && <Expiring account={fresh} />}
      <Rewards programme={programme} points={member.points} isReachable={account.state !== "failed"} />
      <Codes codes={fresh ? fresh.codes : knownCodes(member, programme)} shopUrl={facts.shopUrl} />
      {account.state !== "failed" && <StatementList />}
    </>
  );
}

function Silent() {
  const { changed } = useBackend();
  return (
    <s-banner tone="warning" heading={translate("silent.title")}>
      <s-paragraph>{translate("silent.text")}</s-paragraph>
      <s-button onClick={changed}>{translate("waiting.again")}</s-button>
    </s-banner>
  );
}

/** The numbers of this moment; days and goals of which metafields tell stay where these are the same. */
function refreshed(known: MemberFacts | null, { points, pending, debt }: Account): MemberFacts {
  const nothing = {
    points: 0,
    pending: 0,
    debt: 0,
    next: null,
    expiry: null,
    goal: null,
    codes: [],
    tier: null,
    referral: null,
  };
  const before = known ?? nothing;
  const isSame = before.points === points && before.pending === pending && before.debt === debt;
  return isSame ? before : { ...before, ...{ points, pending, debt, next: null, expiry: null, goal: null } };
}

function knownCodes({ codes }: MemberFacts, { rewards }: ProgrammeFacts): Account["codes"] {
  return codes.map(({ id, reward, code, until }) => {
    const offered = rewards.find((each) => each.id === reward);
    // Of a gift card only the end is known without us.
    const isWhole = !code.startsWith("…");
    return {
      ...{ redemption: id, name: offered?.name ?? "", kind: offered?.kind ?? "", status: "issued", until },
      code: isWhole ? code : null,
      last4: code.slice(-4),
      canGiveBack: false,
    };
  });
}

function Expiring({ account: { expiring } }: { account: Account }) {
  return (
    <s-section heading={translate("expiring.title")}>
      <s-unordered-list>
        {expiring.map(({ points, at }) => (
          <s-list-item key={at}>{withPoints("points.expiry", points, { date: dayOf(at) })}</s-list-item>
        ))}
      </s-unordered-list>
    </s-section>
  );
}
