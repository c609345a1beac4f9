/** How many are left of what there are only so many of: filling a partner's pool, and saying so where a reward has run out. */
import { Banner, BlockStack, Button, Card, InlineStack, Link, List, Text, TextField } from "@shopify/polaris";
import { useRef, useState } from "react";
import { POOL_BOUNDS } from "../../core/loyalty/pool-codes.ts";
import { isLimited, type Reward } from "../../core/loyalty/reward.ts";
import { useDataAction } from "../data/use-data-action.ts";
import { useShow } from "../frame/use-show.ts";

interface Units {
  free: number;
  taken: number;
}

/** A merchant is told before it is over. */
const FEW = 10;

export function PoolCard({ reward: { id, gives }, units }: { reward: Reward; units: Units | null }) {
  const show = useShow();
  if (!units || !isLimited(gives)) return null;
  const isPool = gives.kind === "partner-code";
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {isPool ? "Codes" : "Places"}
        </Text>
        <div role="status" data-figure="free" data-value={String(units.free)}>
          <Text as="p">
            {`${show.count(units.free)} left, ${show.count(units.taken)} ${isPool ? "handed out" : "taken"}.`}
          </Text>
        </div>
        {units.free === 0 && (
          <Banner tone="warning">
            {isPool
              ? "Members are not offered it until there are codes again."
              : "Members are not offered it until a place is given back or you add some."}
          </Banner>
        )}
        {isPool && <Upload rewardId={id} />}
      </BlockStack>
    </Card>
  );
}

function Upload({ rewardId }: { rewardId: string }) {
  const show = useShow();
  const { send, running } = useDataAction();
  const [codes, setCodes] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const add = () => {
    send({ intent: "add-codes", id: rewardId, codes });
    setCodes("");
  };
  return (
    <BlockStack gap="300">
      <TextField
        label="Add codes"
        helpText={`One to a line, or the first column of a file. Codes that are there already are passed over; a pool holds ${show.count(POOL_BOUNDS.codes)} at most. They are kept sealed, and nobody sees them here again.`}
        value={codes}
        onChange={setCodes}
        multiline={4}
        maxHeight={160}
        autoComplete="off"
      />
      <input
        ref={input}
        type="file"
        accept=".csv,.txt,text/csv,text/plain"
        aria-label="A file with codes"
        hidden
        onChange={({ target }) => {
          void target.files?.[0]?.text().then(setCodes);
          target.value = "";
        }}
      />
      <InlineStack gap="200">
        <Button onClick={() => input.current?.click()}>Read a file</Button>
        <Button onClick={add} disabled={codes.trim() === ""} loading={running?.intent === "add-codes"}>
          Add them
        </Button>
      </InlineStack>
    </BlockStack>
  );
}

/** Those that are offered and cannot be had, or soon not. */
export function GoneRewards({
  rewards,
  units,
}: {
  rewards: readonly Reward[];
  units: Readonly<Record<string, Units>>;
}) {
  const show = useShow();
  const few = rewards.flatMap(({ id, name, isActive }) => {
    const free = units[id]?.free;
    return isActive && free !== undefined && free < FEW ? [{ id, name, free }] : [];
  });
  if (few.length === 0) return null;
  return (
    <Banner tone="warning" title="Some rewards run out">
      <List>
        {few.map(({ id, name, free }) => (
          <List.Item key={id}>
            <Link url={`/app/loyalty/rewards/${id}`}>{name}</Link>
            {free === 0 ? ": none is left, and members are not offered it." : `: ${show.count(free)} left.`}
          </List.Item>
        ))}
      </List>
    </Banner>
  );
}
