/** A block of the customer's profile: the balance and the tier, from metafields alone. */
import "@shopify/ui-extensions/preact";
import { render } from "preact";
import { loadFacts } from "./asked/load-facts.ts";
import { useLoaded } from "./asked/use-loaded.ts";
import { Balance } from "./parts/balance.tsx";
import { Tier } from "./parts/tier.tsx";
import { Failed, Loading } from "./parts/waiting.tsx";
import { translate } from "./words.ts";

export default function profile(): void {
  render(<ProfileBlock />, document.body);
}

function ProfileBlock() {
  const [facts, reload] = useLoaded(loadFacts);
  if (facts.state === "loading") return <Loading />;
  if (facts.state === "failed") return <Failed again={reload} />;
  const { programme, member } = facts.value;
  if (!programme) return null;
  return (
    <>
      <s-section heading={translate("points.title")}>
        {member ? (
          <Balance member={member} rewards={programme.rewards} />
        ) : (
          <s-paragraph>{translate("join.why")}</s-paragraph>
        )}
      </s-section>
      {member?.tier && programme.tiers && (
        <Tier tier={member.tier} tiers={programme.tiers} currency={programme.currency} />
      )}
    </>
  );
}
