/** The balance, and what becomes of it next, as metafields tell it. */
import type { MemberFacts, RewardFacts } from "../../../shared/facts.ts";
import { dayOf, translate, withPoints } from "../words.ts";

interface Props {
  member: MemberFacts;
  rewards: readonly RewardFacts[];
}

export function Balance({ member: { points, pending, debt, next, expiry, goal }, rewards }: Props) {
  const wanted = goal && rewards.find(({ id }) => id === goal.reward);
  return (
    <s-stack gap="small-200">
      <s-heading>{withPoints("points.amount", points)}</s-heading>
      {pending > 0 && <s-text>{withPoints("points.pending", pending)}</s-text>}
      {next && <s-text>{withPoints("points.next", next.points, { date: dayOf(next.on) })}</s-text>}
      {debt > 0 && <s-text>{withPoints("points.debt", debt)}</s-text>}
      {expiry && <s-text>{withPoints("points.expiry", expiry.points, { date: dayOf(expiry.on) })}</s-text>}
      {goal && wanted && <s-text>{withPoints("points.goal", goal.missing, { reward: wanted.name })}</s-text>}
      {points === 0 && pending === 0 && <s-text color="subdued">{translate("points.none")}</s-text>}
    </s-stack>
  );
}
