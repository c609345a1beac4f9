/** What a member who brings a friend gets, and the friend, with how both read it. */
import {
  BlockStack,
  Box,
  Card,
  Checkbox,
  ChoiceList,
  InlineGrid,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { codeOfMember } from "../../core/referrals/referral-code.ts";
import { REFERRAL_PARAMETER, type ReferralRules } from "../../core/referrals/referral-rules.ts";
import { PageSection } from "../frame/page-section.tsx";
import { useShow } from "../frame/use-show.ts";
import type { TypedReferrals } from "./typed-referrals.ts";
import type { ReferralsDraft } from "./use-referrals-draft.ts";

interface Offered {
  id: string;
  name: string;
}

export function OfferSection({
  draft: { typed, faults, change },
  rewards,
}: {
  draft: ReferralsDraft;
  rewards: readonly Offered[];
}) {
  return (
    <PageSection
      id="offer"
      title="What both get"
      description="Once the return window of the friend’s first order has passed. A change holds for friends who order from then on."
    >
      <Card>
        <BlockStack gap="400">
          <Checkbox
            label="Members can bring friends"
            helpText="Each member has a link and a code. Switched off, friends who have ordered already still count."
            checked={typed.isOn}
            onChange={(isOn) => change({ isOn })}
          />
          <TextField
            label="Points for the member"
            value={typed.memberPoints}
            onChange={(memberPoints) => change({ memberPoints })}
            inputMode="numeric"
            autoComplete="off"
            error={faults.memberPoints}
          />
          <ChoiceList
            title="For the friend"
            choices={[
              { value: "points", label: "Points" },
              { value: "reward", label: "A reward, as a code", disabled: rewards.length === 0 },
            ]}
            selected={[typed.friendGets]}
            onChange={([gets]) => change({ friendGets: gets as TypedReferrals["friendGets"] })}
          />
          {typed.friendGets === "points" ? (
            <TextField
              label="Points for the friend"
              value={typed.friendPoints}
              onChange={(friendPoints) => change({ friendPoints })}
              inputMode="numeric"
              autoComplete="off"
              error={faults.friendPoints}
            />
          ) : (
            <Select
              label="Reward for the friend"
              options={rewards.map(({ id, name }) => ({ value: id, label: name }))}
              placeholder="Choose a reward"
              value={typed.rewardId}
              onChange={(rewardId) => change({ rewardId })}
              error={faults.rewardId}
            />
          )}
        </BlockStack>
      </Card>
    </PageSection>
  );
}

const PERIODS: { value: ReferralRules["per"]; label: string }[] = [
  { value: "ever", label: "ever" },
  { value: "year", label: "a year" },
  { value: "month", label: "a month" },
];

export function ConditionsSection({
  draft: { typed, faults, change },
  currency,
}: {
  draft: ReferralsDraft;
  currency: string;
}) {
  return (
    <PageSection
      id="conditions"
      title="Conditions"
      description="Who brings themselves, by another e-mail address, the same card or the same connection, is found out whatever you choose here."
    >
      <Card>
        <BlockStack gap="400">
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            <TextField
              label="Friend’s order of at least"
              helpText="Products after discounts and refunds. Empty: any order."
              suffix={currency}
              value={typed.minimum}
              onChange={(minimum) => change({ minimum })}
              inputMode="decimal"
              autoComplete="off"
              error={faults.minimum}
            />
            <TextField
              label="Page that the link leads to"
              helpText="Of your storefront."
              value={typed.landing}
              onChange={(landing) => change({ landing })}
              autoComplete="off"
              error={faults.landing}
            />
            <TextField
              label="Friends who earn a member points"
              helpText="Empty: any number. Friends beyond still get theirs."
              value={typed.most}
              onChange={(most) => change({ most })}
              inputMode="numeric"
              autoComplete="off"
              error={faults.most}
            />
            <Select
              label="Counted"
              options={PERIODS}
              value={typed.per}
              onChange={(per) => change({ per: per as ReferralRules["per"] })}
            />
          </InlineGrid>
          <Checkbox
            label="Take it back when the order is returned later"
            helpText="Before the return window has passed nothing is given at all. After a chargeback it is taken back in any case."
            checked={typed.isReversed}
            onChange={(isReversed) => change({ isReversed })}
          />
        </BlockStack>
      </Card>
    </PageSection>
  );
}

/** As the storefront tells it, in English, with a made-up code. */
export function ReferralPreview({
  rules,
  domain,
  rewards,
}: {
  rules: ReferralRules | null;
  domain: string;
  rewards: readonly Offered[];
}) {
  const show = useShow();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          What a member sees
        </Text>
        {rules === null && (
          <Text as="p" tone="subdued">
            It appears here once every field makes sense.
          </Text>
        )}
        {rules?.isOn === false && <Text as="p">Nothing: referrals are switched off.</Text>}
        {rules?.isOn && (
          <BlockStack gap="200">
            <Text as="p">{`You get ${show.counted(rules.memberPoints, "point", "points")} for each friend.`}</Text>
            <Text as="p">{`Your friend gets ${friendWords(rules, rewards, show)}.`}</Text>
            {rules.minimumMinor !== null && (
              <Text as="p">{`For a first order of ${show.money(rules.minimumMinor)} or more.`}</Text>
            )}
            <Box overflowX="scroll">
              <Text as="p" fontWeight="semibold" breakWord>
                {`https://${domain}${rules.landing}?${REFERRAL_PARAMETER}=${codeOfMember(1, "preview")}`}
              </Text>
            </Box>
          </BlockStack>
        )}
      </BlockStack>
    </Card>
  );
}

function friendWords(
  { friend }: Pick<ReferralRules, "friend">,
  rewards: readonly Offered[],
  show: ReturnType<typeof useShow>,
): string {
  if (friend.kind === "points") return show.counted(friend.points, "point", "points");
  return rewards.find(({ id }) => id === friend.rewardId)?.name ?? "a reward";
}
