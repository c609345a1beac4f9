/** What the tiers that are being typed would do to the members there are, counted some thousand at a time. Nothing is changed by it. */
import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import type { TierRules } from "../../core/loyalty/tiers.ts";
import type { TiersCount } from "../../core/loyalty/tiers-count.ts";
import { useShow } from "../frame/use-show.ts";

interface Sums {
  up: number;
  down: number;
  same: number;
  byTier: Record<string, number>;
}

const NOTHING: Sums = { up: 0, down: 0, same: 0, byTier: {} };

/** Of the tiers that were counted: what is typed since needs another count. */
interface Run {
  asked: string;
  sums: Sums;
  isDone: boolean;
}

export function TiersDryRun({ tiers }: { tiers: TierRules | null }) {
  const show = useShow();
  const fetcher = useFetcher<TiersCount | { ok: false; message: string }>();
  const [run, setRun] = useState<Run | null>(null);
  const [counted, setCounted] = useState<unknown>(null);
  const asked = tiers && JSON.stringify(tiers);
  const { data, state } = fetcher;
  if (run && !run.isDone && data && data !== counted && state === "idle") {
    setCounted(data);
    setRun(data.ok ? added(run, data) : null);
  }
  const after = data?.ok && data === counted ? data.after : null;
  const submit = fetcher.submit;
  const isGoingOn = run !== null && !run.isDone && state === "idle" && after !== null;
  useEffect(() => {
    if (!isGoingOn || run === null) return;
    submit({ intent: "count-tiers", tiers: run.asked, after: String(after) }, { method: "post" });
  }, [isGoingOn, after, run, submit]);
  const begin = () => {
    if (asked === null) return;
    setCounted(data);
    setRun({ asked, sums: NOTHING, isDone: false });
    submit({ intent: "count-tiers", tiers: asked, after: "0" }, { method: "post" });
  };
  const isShown = run !== null && run.asked === asked;
  const isCounting = run !== null && !run.isDone;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          What it would do
        </Text>
        <div aria-live="polite">
          {isShown ? (
            <BlockStack gap="100">
              <Text as="p">
                {isCounting
                  ? `${show.counted(total(run.sums), "member", "members")} counted so far…`
                  : inWords(run.sums, show.counted)}
              </Text>
              {tiers?.ladder.map(({ id, name }) => (
                <Text key={id} as="p" tone="subdued">
                  {`${name}: ${show.counted(run.sums.byTier[id] ?? 0, "member", "members")}`}
                </Text>
              ))}
            </BlockStack>
          ) : (
            <Text as="p" tone="subdued">
              Count the members whom these tiers would move before you save them.
            </Text>
          )}
        </div>
        <InlineStack>
          <Button onClick={begin} disabled={asked === null} loading={isCounting}>
            Count
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

function added({ asked, sums }: Run, { up, down, same, byTier, after }: TiersCount): Run {
  const all = { ...sums.byTier };
  for (const [id, members] of Object.entries(byTier)) all[id] = (all[id] ?? 0) + members;
  return {
    asked,
    sums: { up: sums.up + up, down: sums.down + down, same: sums.same + same, byTier: all },
    isDone: after === null,
  };
}

const total = ({ up, down, same }: Sums) => up + down + same;

function inWords({ up, down }: Sums, counted: (value: number, one: string, many: string) => string): string {
  if (up + down === 0) return "This would move nobody.";
  return `This would move ${counted(up, "member", "members")} up and ${counted(down, "member", "members")} down.`;
}
