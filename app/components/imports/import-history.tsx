/** Imports that were given, and those that were undone. */
import { useFetcher } from "@remix-run/react";
import {
  Badge,
  BlockStack,
  Button,
  Card,
  ChoiceList,
  InlineStack,
  Modal,
  Spinner,
  Text,
} from "@shopify/polaris";
import { useState } from "react";
import type { SpentPoints } from "../../core/loyalty/undo-import.ts";
import { useDataAction } from "../data/use-data-action.ts";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import type { ImportsPage } from "./imports-page.ts";

type Past = ImportsPage["past"][number];

export function ImportHistory({ past, tiers }: Pick<ImportsPage, "past" | "tiers">) {
  const show = useShow();
  const { send } = useDataAction();
  const [undoing, setUndoing] = useState<Past | null>(null);
  const listed = past.filter(({ state }) => state === "applied" || state === "undone");
  if (listed.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Imports so far
        </Text>
        <BlockStack as="ul" gap="400">
          {listed.map((run) => (
            <li key={run.id} style={{ listStyle: "none" }}>
              <InlineStack align="space-between" blockAlign="center" gap="300">
                <BlockStack gap="100">
                  <InlineStack gap="200" blockAlign="center" align="start">
                    <Text as="h3" variant="headingSm">
                      {show.time(run.finishedAt ?? run.startedAt)}
                    </Text>
                    {run.state === "undone" && <Badge>Undone</Badge>}
                  </InlineStack>
                  {linesOf(run, tiers.length > 0, show).map((line) => (
                    <Text key={line} as="p" tone="subdued">
                      {line}
                    </Text>
                  ))}
                </BlockStack>
                <InlineStack gap="200">
                  <Button
                    url={`/app/loyalty/import/members?import=${run.id}`}
                    accessibilityLabel={`Members of ${show.time(run.finishedAt ?? run.startedAt)}`}
                  >
                    Members
                  </Button>
                  {run.state === "applied" && <Button onClick={() => setUndoing(run)}>Undo</Button>}
                </InlineStack>
              </InlineStack>
            </li>
          ))}
        </BlockStack>
      </BlockStack>
      {undoing && (
        <UndoDialog
          run={undoing}
          onUndo={(spent) => send({ intent: "undo", id: undoing.id, spent })}
          onClose={() => setUndoing(null)}
        />
      )}
    </Card>
  );
}

function linesOf(
  { report, state, takenPoints, birthdaysOutcome, hasBirthdays }: Past,
  hasTiers: boolean,
  show: Show,
) {
  const lines: string[] = [];
  if (report) {
    const { matched, newMembers, tiers } = report;
    lines.push(
      `${show.counted(matched.points, "point", "points")} to ${show.counted(matched.rows, "customer", "customers")}, ${show.count(newMembers)} of them new as members.`,
    );
    const given = Object.values(tiers).reduce((sum, members) => sum + members, 0);
    if (hasTiers && given > 0) lines.push(`${show.counted(given, "tier", "tiers")} given.`);
  }
  if (state === "undone") lines.push(`${show.counted(takenPoints, "point was", "points were")} taken back.`);
  if (birthdaysOutcome && "failed" in birthdaysOutcome) lines.push(birthdaysOutcome.failed);
  else if (birthdaysOutcome) {
    const { written, kept, refused } = birthdaysOutcome;
    lines.push(
      `${show.counted(written, "birthday", "birthdays")} brought to Shopify; ${show.count(kept)} left as customers told them; ${show.count(refused)} refused.`,
    );
  } else if (hasBirthdays) lines.push("Birthdays are on their way to Shopify.");
  return lines;
}

function UndoDialog({
  run,
  onUndo,
  onClose,
}: {
  run: Past;
  onUndo: (spent: SpentPoints) => void;
  onClose: () => void;
}) {
  const show = useShow();
  const [spent, setSpent] = useState<SpentPoints>("left");
  const asked = useFetcher<{ page: ImportsPage | null }>();
  if (asked.state === "idle" && !asked.data) asked.load(`/app/loyalty/import?undo=${run.id}`);
  const found = asked.data?.page?.undo;
  const spentPoints = found ? found.given - found.available - found.expired : 0;
  return (
    <Modal
      open
      onClose={onClose}
      title="Undo this import?"
      primaryAction={{
        content: "Undo it",
        destructive: true,
        disabled: !found,
        onAction: () => {
          onUndo(spent);
          onClose();
        },
      }}
      secondaryActions={[{ content: "Cancel", onAction: onClose }]}
    >
      <Modal.Section>
        {found ? (
          <BlockStack gap="400">
            <Text as="p">
              {`Of ${show.counted(found.given, "point", "points")} that it gave, ${show.count(found.available)} are still there and are taken back; ${show.count(found.expired)} have expired; ${show.count(spentPoints)} were spent.`}
            </Text>
            <Text as="p" tone="subdued">
              Tiers that it gave end. Who became a member stays one, and birthdays stay with the customers.
            </Text>
            <ChoiceList
              title="Points that were spent"
              choices={[
                {
                  label: "Leave them",
                  value: "left",
                  helpText: "Members keep what they got for them and owe nothing.",
                },
                {
                  label: "Take them back, too",
                  value: "owed",
                  helpText:
                    "From other points of the member first; what is missing is owed and paid by the next points.",
                },
              ]}
              selected={[spent]}
              onChange={([value]) => setSpent(value === "owed" ? "owed" : "left")}
            />
          </BlockStack>
        ) : (
          <Spinner size="small" accessibilityLabel="Looking at what became of its points" />
        )}
      </Modal.Section>
    </Modal>
  );
}
