/** Background tasks that used up their attempts, each to be run again or given up. */
import { BlockStack, Box, Button, ButtonGroup, Card, IndexTable, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import type { JobKind } from "../../core/job.ts";
import { ExportButton } from "../frame/export-button.tsx";
import { useShow } from "../frame/use-show.ts";
import { Confirm } from "./confirm.tsx";
import { useDataAction } from "./use-data-action.ts";

interface FailedTask {
  id: string;
  kind: JobKind;
  attempts: number;
  error: string;
  deadAt: number;
}

const TASKS: Record<JobKind, string> = {
  "start-sync": "Begin the sync",
  "plan-backfill": "Plan the reading of the history",
  "backfill-window": "Read a part of the history",
  "sync-orders": "Read changed orders",
  "process-events": "Work off what Shopify told",
  "sweep-shop": "Look for missed changes",
  "audit-shop": "Compare everything with Shopify",
  "sweep-all-shops": "Plan the looks for missed changes",
  "audit-all-shops": "Plan the full comparisons",
  "fit-value": "Learn what customers are worth",
  "fit-all-shops": "Plan the learning of all shops",
  "subscribe-disputes": "Have Shopify tell of disputed payments",
  "recost-orders": "Give orders their unit costs",
  "rebuild-days": "Count days in the new time zone",
  "retag-customers": "Telling apart the customers you leave out",
  "tag-segment": "Tag the customers of a segment",
  "accrue-orders": "Give orders their points",
  "count-dry-run": "Count what a dry run would come to",
  "apply-dry-run": "Post what a dry run showed",
  "advance-points": "Write what points ripened and expired",
  "advance-all-points": "Plan the writing of points that fall due",
  "judge-tiers": "Tell who is in which tier",
  "judge-all-tiers": "Tell who is in which tier",
  "apply-import": "Give the points of an import",
  "undo-import": "Take back the points of an import",
  "import-birthdays": "Bring birthdays of an import to Shopify",
  "find-deeds": "Find birthdays and other deeds that earn",
  "find-all-deeds": "Find birthdays and other deeds that earn",
  "check-referrals": "Compare referrals",
  "sum-points": "Add points up by month",
  "sum-all-points": "Plan the adding up of points",
  "remind-expiry": "Note whose points are about to expire",
  "remind-all-expiry": "Plan the reminders before points expire",
  "deliver-events": "Tell Shopify Flow or your own address of events",
  "issue-redemption": "Make a reward at Shopify",
  "cancel-redemption": "Take a reward back",
  "end-hold": "Let go of a reward that a checkout held",
  "expire-redemptions": "End rewards whose time is over",
  "expire-all-redemptions": "Plan the ending of rewards",
  "redact-shop": "Erase the shop's data",
  "publish-profiles": "Publishing what customers see of themselves in the storefront",
  "publish-products": "Publishing what goes with each product to the storefront",
  "publish-in-bulk": "Publishing many customers to the storefront",
  "republish-shop": "Looking through all that is published to the storefront",
  "republish-all-shops": "Plan the nightly publishing",
  "publish-programme": "Publishing the loyalty programme to the storefront",
  "expire-records": "Erase what is kept no longer",
};

export function FailedTasksCard({
  tasks,
  total,
  running: active,
  waiting,
}: {
  tasks: readonly FailedTask[];
  total: number;
  running: number;
  waiting: number;
}) {
  const show = useShow();
  const { send, running } = useDataAction();
  const [givingUp, setGivingUp] = useState<FailedTask | null>(null);
  const isRunning = (intent: string, id?: string) => running?.intent === intent && running.id === id;
  return (
    <Card padding="0">
      <Box padding="400">
        <InlineStack align="space-between" blockAlign="center" gap="300">
          <BlockStack gap="100">
            <div data-figure="deadJobs" data-value={String(total)}>
              <Text as="p" variant="headingLg">
                {total === 0 ? "None" : show.count(total)}
              </Text>
            </div>
            <Text as="p" tone="subdued">
              {`failed for good. ${show.count(active)} under way, ${show.count(waiting)} waiting.`}
            </Text>
          </BlockStack>
          {total > 0 && (
            <InlineStack gap="200">
              <ExportButton table="failed-tasks" />
              <Button
                onClick={() => send({ intent: "retry-all-jobs" })}
                loading={isRunning("retry-all-jobs")}
              >
                Retry all
              </Button>
            </InlineStack>
          )}
        </InlineStack>
      </Box>
      {tasks.length > 0 && (
        <IndexTable
          itemCount={tasks.length}
          selectable={false}
          resourceName={{ singular: "failed task", plural: "failed tasks" }}
          headings={[{ title: "Task" }, { title: "Failed" }, { title: "Attempts" }, { title: "What to do" }]}
        >
          {tasks.map((task, position) => (
            <IndexTable.Row id={task.id} key={task.id} position={position}>
              <IndexTable.Cell>
                <div style={{ minWidth: "12rem", whiteSpace: "normal", overflowWrap: "anywhere" }}>
                  <Text as="span" fontWeight="medium">
                    {TASKS[task.kind]}
                  </Text>
                  <br />
                  <Text as="span" variant="bodySm" tone="subdued">
                    {task.error || "No reason was told"}
                  </Text>
                </div>
              </IndexTable.Cell>
              <IndexTable.Cell>{show.time(task.deadAt)}</IndexTable.Cell>
              <IndexTable.Cell>{show.count(task.attempts)}</IndexTable.Cell>
              <IndexTable.Cell>
                <ButtonGroup>
                  <Button
                    onClick={() => send({ intent: "retry-job", id: task.id })}
                    loading={isRunning("retry-job", task.id)}
                    accessibilityLabel={`Retry: ${TASKS[task.kind]}, failed ${show.time(task.deadAt)}`}
                  >
                    Retry
                  </Button>
                  <Button
                    tone="critical"
                    variant="plain"
                    onClick={() => setGivingUp(task)}
                    loading={isRunning("discard-job", task.id)}
                    accessibilityLabel={`Give up: ${TASKS[task.kind]}, failed ${show.time(task.deadAt)}`}
                  >
                    Give up
                  </Button>
                </ButtonGroup>
              </IndexTable.Cell>
            </IndexTable.Row>
          ))}
        </IndexTable>
      )}
      <Confirm
        open={givingUp !== null}
        title="Give up this task?"
        text="It is removed and cannot be brought back. What it should have brought from Shopify comes with the next look for missed changes or the next full comparison."
        action="Give up"
        destructive
        onConfirm={() => givingUp && send({ intent: "discard-job", id: givingUp.id })}
        onClose={() => setGivingUp(null)}
      />
    </Card>
  );
}
