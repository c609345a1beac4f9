/** The member's tier: until when, what comes with it, and what is missing to the next one. */
import { tierOf, type MemberFacts, type ProgrammeFacts } from "../../../shared/facts.ts";
import { dayOf, moneyOf, numberOf, translate, withPoints } from "../words.ts";

interface Props {
  tier: NonNullable<MemberFacts["tier"]>;
  tiers: NonNullable<ProgrammeFacts["tiers"]>;
  /** The shop's. */
  currency: string;
}

export function Tier({ tier, tiers, currency }: Props) {
  const { by, ladder } = tiers;
  const current = tierOf({ tiers }, { tier });
  const goal = tier.goal && ladder.find((each) => each.id === tier.goal?.id);
  if (!current && !goal) return null;
  const missing = tier.goal?.missing ?? 0;
  const decimals = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  const amount = String(missing / 10 ** (decimals.maximumFractionDigits ?? 2));
  return (
    <s-section heading={translate("tier.title")}>
      <s-stack gap="small-200">
        {current && <s-heading>{current.name}</s-heading>}
        {current && tier.lastDay !== null && current.id === tier.id && (
          <s-text>{translate("tier.until", { tier: current.name, date: dayOf(tier.lastDay) })}</s-text>
        )}
        {current && current.factor > 100 && (
          <s-text>{translate("tier.times", { factor: numberOf(current.factor / 100) })}</s-text>
        )}
        {current?.perks.map((perk) => (
          <s-text key={perk}>{perk}</s-text>
        ))}
        {goal && by === "spend" && (
          <s-text>
            {translate("tier.spend", {
              amount: moneyOf({ amount, currencyCode: currency }),
              tier: goal.name,
            })}
          </s-text>
        )}
        {goal && by === "orders" && (
          <s-text>{withPoints("tier.orders", missing, { tier: goal.name })}</s-text>
        )}
        {goal && by === "points" && (
          <s-text>{withPoints("tier.points", missing, { tier: goal.name })}</s-text>
        )}
      </s-stack>
    </s-section>
  );
}
