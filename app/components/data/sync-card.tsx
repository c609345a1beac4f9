/** Where the sync stands in numbers, and the way to read everything again. */
import { BlockStack, Button, Card, InlineStack } from "@shopify/polaris";
import { useState } from "react";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { SyncProgress, type SyncFacts } from "../sync/sync-progress.tsx";
import { Confirm } from "./confirm.tsx";
import { Facts } from "./facts.tsx";
import { useDataAction } from "./use-data-action.ts";

interface DetailedSync extends SyncFacts {
  startedAt: number | null;
  windowsDone: number;
  windows: number;
  auditedAt: number | null;
  pendingEvents: number;
}

const PHASES: Record<DetailedSync["phase"], string> = {
  waiting: "About to start",
  recent: "Reading the newest orders",
  history: "Reading the history",
  complete: "Complete",
  failed: "Stopped",
};

export function SyncCard({ status }: { status: DetailedSync }) {
  const show = useShow();
  const { send, running } = useDataAction();
  const [asking, setAsking] = useState(false);
  const canRestart = status.phase === "complete" || status.phase === "failed";
  return (
    <BlockStack gap="400">
      {status.phase !== "complete" && <SyncProgress status={{ ...status, readableFromDay: null }} />}
      <Card>
        <BlockStack gap="400">
          <div data-sync-phase={status.phase}>
            <Facts facts={factsOf(status, show)} />
          </div>
          <InlineStack align="end">
            <Button onClick={() => setAsking(true)} disabled={!canRestart} loading={running !== null}>
              Read everything again
            </Button>
          </InlineStack>
        </BlockStack>
      </Card>
      <Confirm
        open={asking}
        title="Read everything again?"
        text="The whole history is asked of Shopify anew, which can take from minutes to hours in a large shop. Nothing is lost: figures keep coming from what is stored, and newer records replace older ones. You only need this when something looks wrong."
        action="Read everything again"
        onConfirm={() => send({ intent: "resync" })}
        onClose={() => setAsking(false)}
      />
    </BlockStack>
  );
}

function factsOf(status: DetailedSync, show: Show): [string, string][] {
  const time = (at: number | null) => (at === null ? "Not yet" : show.time(at));
  // Orders that come after the plan was made are read too.
  const of = (done: number, all: number) =>
    status.phase === "waiting" ? "Not yet" : `${show.count(done)} of ${show.count(Math.max(done, all))}`;
  return [
    ["Phase", PHASES[status.phase]],
    ["Orders read", of(status.ordersApplied, status.ordersExpected)],
    ["Customers read", of(status.customersApplied, status.customersExpected)],
    ["Parts of the history", of(status.windowsDone, status.windows)],
    ["Begun", time(status.phase === "waiting" ? null : status.startedAt)],
    ["Completed", time(status.completedAt)],
    ["Last look for missed changes", time(status.sweptAt)],
    ["Last full comparison", time(status.auditedAt)],
    ["Changes waiting to be read", show.count(status.pendingEvents)],
  ];
}
