/** A member's tier: why, until when, what is next, and how the merchant gives one by hand. */
import { useFetcher } from "@remix-run/react";
import {
  BlockStack,
  Button,
  Card,
  InlineStack,
  ProgressBar,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useEffect, useState } from "react";
import type { Standing } from "../../core/loyalty/tier-standing.ts";
import { TIER_BOUNDS, type TierRules } from "../../core/loyalty/tiers.ts";
import { Confirm } from "../data/confirm.tsx";
import { useDataAction } from "../data/use-data-action.ts";
import { showToast } from "../frame/app-bridge.ts";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { wholeNumberSaid } from "./typed-rules.ts";

export interface ShownTier {
  by: TierRules["by"];
  period: TierRules["period"];
  ladder: readonly { id: string; name: string; threshold: number | null }[];
  standing: Standing;
  since: number | null;
  /** What entries will bring. */
  waiting: readonly { tierId: string; at: number }[];
  grants: readonly {
    id: string;
    tierId: string;
    fromAt: number;
    untilAt: number | null;
    reason: string;
    endedAt: number | null;
  }[];
}

const BECAUSE: Readonly<Record<NonNullable<Standing["because"]>, string>> = {
  amount: "held by what counts now",
  grace: "kept for the days of grace",
  bought: "bought as a membership",
  given: "given by hand",
};

const PROGRESS_ID = "tier-progress";

export function TierCard({ tier }: { tier: ShownTier }) {
  const show = useShow();
  const { standing, ladder, since } = tier;
  const nameOf = (id: string | null) =>
    id === null ? "no tier" : (ladder.find((each) => each.id === id)?.name ?? id);
  const goal = ladder.find(({ id }) => id === standing.goal?.tierId);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Tier
        </Text>
        <div data-figure="tier" data-value={standing.tierId ?? ""}>
          <Text as="p" variant="headingLg">
            {standing.tierId === null ? "None" : nameOf(standing.tierId)}
          </Text>
        </div>
        <BlockStack gap="100">
          {standing.because && (
            <Text as="p">
              {`${since === null ? "" : `Since ${show.date(since)}, `}${BECAUSE[standing.because]}.`}
            </Text>
          )}
          <Text
            as="p"
            tone="subdued"
          >{`${amountOf(standing.amount, tier.by, show)} ${PERIODS[tier.period]}`}</Text>
          {standing.next && (
            <Text as="p">
              {`Without another order: ${nameOf(standing.next.tierId)} from ${show.date(standing.next.at)}.`}
            </Text>
          )}
          {tier.waiting.map(({ tierId, at }) => (
            <Text
              key={tierId}
              as="p"
            >{`What entering ${nameOf(tierId)} brings comes on ${show.date(at)}.`}</Text>
          ))}
        </BlockStack>
        {goal && standing.goal && (
          <BlockStack gap="100">
            <ProgressBar
              size="small"
              progress={Math.floor((standing.amount * 100) / Math.max(1, goal.threshold ?? 1))}
              ariaLabelledBy={PROGRESS_ID}
            />
            <div id={PROGRESS_ID}>
              <Text as="p" tone="subdued">
                {`${amountOf(standing.goal.missing, tier.by, show)} to ${goal.name}`}
              </Text>
            </div>
          </BlockStack>
        )}
        <Grants tier={tier} nameOf={nameOf} />
        <GiveTier ladder={ladder} />
      </BlockStack>
    </Card>
  );
}

const PERIODS: Readonly<Record<TierRules["period"], string>> = {
  "rolling-year": "in the last twelve months",
  "calendar-year": "in this calendar year",
  lifetime: "altogether",
};

function amountOf(amount: number, by: TierRules["by"], show: Show): string {
  if (by === "spend") return show.money(amount);
  return by === "points" ? show.counted(amount, "point", "points") : show.counted(amount, "order", "orders");
}

function Grants({ tier: { grants }, nameOf }: { tier: ShownTier; nameOf: (id: string) => string }) {
  const show = useShow();
  const { send, running } = useDataAction();
  if (grants.length === 0) return null;
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        Given by hand
      </Text>
      {grants.map(({ id, tierId, fromAt, untilAt, reason, endedAt }) => (
        <InlineStack key={id} align="space-between" blockAlign="center" gap="200">
          <Text as="p">
            {`${nameOf(tierId)}, ${show.date(fromAt)}${untilAt === null ? "" : ` to ${show.date(untilAt - 1)}`}: ${reason}`}
            {endedAt !== null && ` (taken back ${show.date(endedAt)})`}
          </Text>
          {endedAt === null && (
            <Button
              size="slim"
              onClick={() => send({ intent: "take-tier-back", id })}
              loading={running?.id === id}
              accessibilityLabel={`Take ${nameOf(tierId)} back, given ${show.date(fromAt)}`}
            >
              Take back
            </Button>
          )}
        </InlineStack>
      ))}
    </BlockStack>
  );
}

interface Outcome {
  ok: boolean;
  message: string;
}

interface Form {
  tierId: string;
  months: string;
  reason: string;
  /** Made before anything is asked: the same wish twice is one tier. */
  key: string | null;
  wasTried: boolean;
}

function GiveTier({ ladder }: Pick<ShownTier, "ladder">) {
  const fetcher = useFetcher<Outcome>();
  const { data } = fetcher;
  const fresh: Form = { tierId: ladder.at(-1)?.id ?? "", months: "", reason: "", key: null, wasTried: false };
  /** What is being filled in, and the answer to an earlier wish, which says nothing of this one. */
  const [begun, setBegun] = useState<{ form: Form; earlier: Outcome | undefined } | null>(null);
  const [isAsking, setAsking] = useState(false);
  const isDone = begun !== null && data !== begun.earlier && data?.ok === true;
  const form = begun && !isDone ? begun.form : fresh;
  const change = (part: Partial<Form>) =>
    setBegun({ form: { ...form, ...part }, earlier: begun && !isDone ? begun.earlier : data });
  const isMonthsRead = form.months.trim() === "" || isMonths(form.months);
  const isReady = form.reason.trim() !== "" && isMonthsRead;
  useEffect(() => {
    if (data) showToast(data.message, { isError: !data.ok });
  }, [data]);
  const send = () => {
    const key = form.key ?? crypto.randomUUID();
    setBegun({ form: { ...form, key }, earlier: data });
    const { tierId, months, reason } = form;
    const wish = { intent: "give-tier", key, tierId, months: months.trim(), reason: reason.trim() };
    fetcher.submit(wish, { method: "post" });
  };
  const name = ladder.find(({ id }) => id === form.tierId)?.name ?? "";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change({ wasTried: true });
        if (isReady) setAsking(true);
      }}
    >
      <BlockStack gap="300">
        <Text as="h3" variant="headingSm">
          Give a tier
        </Text>
        <Select
          label="At least"
          options={ladder.map(({ id, name: label }) => ({ value: id, label }))}
          value={form.tierId}
          onChange={(tierId) => change({ tierId, key: null })}
        />
        <TextField
          label="For so many months"
          helpText="Empty: until you take it back."
          value={form.months}
          onChange={(months) => change({ months, key: null })}
          inputMode="numeric"
          autoComplete="off"
          error={isMonthsRead ? undefined : wholeNumberSaid(TIER_BOUNDS.months)}
        />
        <TextField
          label="Reason for the tier"
          helpText="Leave out names and addresses."
          value={form.reason}
          onChange={(reason) => change({ reason, key: null })}
          maxLength={200}
          autoComplete="off"
          error={form.wasTried && form.reason.trim() === "" ? "Say why" : undefined}
        />
        <InlineStack>
          <Button submit loading={fetcher.state !== "idle"}>
            Give
          </Button>
        </InlineStack>
      </BlockStack>
      <Confirm
        open={isAsking}
        title={`Give ${name}?`}
        text="The customer is at least in this tier as long as it lasts. You can take it back."
        action="Give it"
        onConfirm={send}
        onClose={() => setAsking(false)}
      />
    </form>
  );
}

function isMonths(text: string): boolean {
  const { least, most } = TIER_BOUNDS.months;
  return /^\d{1,3}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
}
