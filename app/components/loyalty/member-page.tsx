/** A customer's points below the name: what there is, every line behind it, and what can be done by hand. */
import { Banner, BlockStack, Button, Card, InlineGrid, Layout, Text } from "@shopify/polaris";
import type { ExplainedLine, MemberSums } from "../../core/loyalty/explain.ts";
import type { Reward } from "../../core/loyalty/reward.ts";
import { useTold } from "../customers/use-told.ts";
import type { OrderNames } from "../customers/order-name.tsx";
import { useDataAction } from "../data/use-data-action.ts";
import { Empty } from "../frame/empty.tsx";
import { useShow } from "../frame/use-show.ts";
import { FigureCard } from "../metrics/figure-card.tsx";
import { useRefresh } from "../sync/use-refresh.ts";
import { AdjustCard } from "./adjust-card.tsx";
import { AboutToExpire, type Reminder } from "./expiry-reminders.tsx";
import { MemberLines } from "./member-lines.tsx";
import { MemberRewards, type ShownRedemption } from "./member-rewards.tsx";
import { ReferralCard, type ShownReferral } from "./referral-card.tsx";
import { RedeemCard } from "./redeem-card.tsx";
import { TierCard, type ShownTier } from "./tier-card.tsx";

const SECONDS_BETWEEN_LOOKS = { making: 2, still: 60 };

interface Account {
  redemptions: readonly ShownRedemption[];
  offered: readonly Reward[];
  /** What redemptions were of, by their ids. */
  redeemed: Readonly<Record<string, string>>;
  isPaused: boolean;
  memberId: number;
  balance: MemberSums;
  lines: readonly (ExplainedLine & { canUndo: boolean })[];
  older: string | null;
  reminders: readonly Reminder[];
  isFirstPage: boolean;
  orderNames: Promise<OrderNames>;
  /** `null`: there are no tiers. */
  tier: ShownTier | null;
  /** `null`: members bring nobody. */
  referral: ShownReferral | null;
}

export function MemberPage({ account, customerId }: { account: Account; customerId: number }) {
  const show = useShow();
  const { value: names } = useTold(account.orderNames);
  const isMaking = account.redemptions.some(({ status }) => status === "reserved");
  useRefresh(isMaking ? SECONDS_BETWEEN_LOOKS.making : SECONDS_BETWEEN_LOOKS.still);
  const { available, pending, owed } = account.balance;
  const figures = [
    ["pointsAvailable", "Available", available],
    ["pointsPending", "Pending", pending],
    ["pointsOwed", "Owed", owed],
  ] as const;
  return (
    <BlockStack gap="400">
      {owed > 0 && (
        <Banner tone="info" title={`This customer owes ${show.counted(owed, "point", "points")}`}>
          <p>They were spent before the order that had earned them came back. New points pay them first.</p>
        </Banner>
      )}
      <Text as="h2" visuallyHidden>
        Balance
      </Text>
      <InlineGrid columns={{ xs: 1, sm: 3 }} gap="300">
        {figures.map(([name, label, value]) => (
          <FigureCard key={name} name={name} label={label} value={value} shown={show.count(value)} />
        ))}
      </InlineGrid>
      <AboutToExpire reminders={account.reminders} />
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <MemberLines account={account} names={names} />
            <MemberRewards redemptions={account.redemptions} names={names} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <RedeemCard offered={account.offered} available={available} isPaused={account.isPaused} />
            {account.tier && <TierCard tier={account.tier} />}
            {account.referral && <ReferralCard referral={account.referral} customerId={customerId} />}
            <AdjustCard />
          </BlockStack>
        </Layout.Section>
      </Layout>
    </BlockStack>
  );
}

export function NoMember({ hasProgramme }: { hasProgramme: boolean }) {
  const { send, running } = useDataAction();
  if (!hasProgramme) {
    return (
      <Card>
        <Empty heading="There is no points programme yet">
          <p>Set one up on the page of loyalty, and customers earn points for what they buy.</p>
        </Empty>
      </Card>
    );
  }
  return (
    <Card>
      <Empty heading="Not a member">
        <BlockStack gap="300" inlineAlign="center">
          <p>A member gets the points of the orders that were placed since the programme’s start.</p>
          <Button
            variant="primary"
            onClick={() => send({ intent: "join" })}
            loading={running?.intent === "join"}
          >
            Make a member
          </Button>
        </BlockStack>
      </Empty>
    </Card>
  );
}
