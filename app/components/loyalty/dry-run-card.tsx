/** The last dry run: how far it is, what it would come to, and the question whether to post it. */
import { BlockStack, Button, Card, InlineGrid, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import { useState } from "react";
import type { DryRunReport } from "../../core/loyalty/dry-run-report.ts";
import { Confirm } from "../data/confirm.tsx";
import { useDataAction } from "../data/use-data-action.ts";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { SmallFigure } from "../metrics/small-figure.tsx";
import { signed } from "./line-words.ts";

interface ShownRun {
  id: string;
  kind: "earlier" | "rules";
  state: "counting" | "counted" | "applying" | "applied" | "cancelled" | "undoing" | "undone";
  fromAt: number;
  orders: number;
  done: number;
  report: DryRunReport | null;
  startedAt: number;
  finishedAt: number | null;
  /** What one customer gets at most. */
  mostPoints: number | null;
  /** By which the orders earn. */
  rules: { base: { points: number; perMinor: number }; validFrom: number } | null;
}

export function DryRunCard({
  run,
  liabilityMinor,
  redeemedShare,
}: {
  run: ShownRun;
  liabilityMinor: number | null;
  redeemedShare: number | null;
}) {
  const show = useShow();
  const { send, running } = useDataAction();
  const [asking, setAsking] = useState<"confirm" | "cancel" | "undo" | null>(null);
  const { id, kind, state, report } = run;
  const changesNothing = report !== null && report.orders === 0;
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {TITLES[state]}
          </Text>
          <Text as="p" tone="subdued">
            {aboutRun(run, show)}
          </Text>
        </BlockStack>
        {(state === "counting" || state === "applying" || state === "undoing") && (
          <Progress run={run} show={show} />
        )}
        {report && state !== "counting" && (
          <Report {...{ report, state, liabilityMinor, redeemedShare, show }} />
        )}
        {state === "applied" && kind === "earlier" && (
          <InlineStack>
            <Button onClick={() => setAsking("undo")} loading={running?.intent === "undo"}>
              Take these points back
            </Button>
          </InlineStack>
        )}
        {(state === "counting" || state === "counted" || state === "applying") && (
          <InlineStack gap="200">
            {state === "counted" && (
              <Button
                variant="primary"
                disabled={changesNothing}
                onClick={() => setAsking("confirm")}
                loading={running?.intent === "confirm"}
              >
                Post these points
              </Button>
            )}
            <Button onClick={() => setAsking("cancel")} loading={running?.intent === "cancel"}>
              {state === "applying" ? "Stop" : "Give up"}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
      <Confirm
        open={asking === "confirm"}
        title="Post these points?"
        text={
          report
            ? `${inWords(report, state, show)} ${kind === "earlier" ? "You can take it back here until you count again." : "Nothing here takes it back again."}`
            : ""
        }
        action="Post them"
        onConfirm={() => send({ intent: "confirm", id })}
        onClose={() => setAsking(null)}
      />
      <Confirm
        open={asking === "undo"}
        title="Take these points back?"
        text="Members lose what these orders gave them. What they have spent of it is taken from their other points, and what is missing then is owed and paid by the next points."
        action="Take them back"
        destructive
        onConfirm={() => send({ intent: "undo", id })}
        onClose={() => setAsking(null)}
      />
      <Confirm
        open={asking === "cancel"}
        title={state === "applying" ? "Stop posting?" : "Give this dry run up?"}
        text={
          state === "applying"
            ? "What has been posted stays. A new dry run counts what is left."
            : "Nothing is posted. You can count again at any time."
        }
        action={state === "applying" ? "Stop it" : "Give it up"}
        destructive={state === "applying"}
        onConfirm={() => send({ intent: "cancel", id })}
        onClose={() => setAsking(null)}
      />
    </Card>
  );
}

const TITLES: Readonly<Record<ShownRun["state"], string>> = {
  counting: "Counting",
  counted: "What it would come to",
  applying: "Posting",
  applied: "Posted",
  cancelled: "Given up",
  undoing: "Taking back",
  undone: "Taken back",
};

function aboutRun({ kind, fromAt, startedAt, finishedAt, mostPoints, rules }: ShownRun, show: Show): string {
  const which =
    kind === "earlier"
      ? "Orders from before the programme"
      : "Orders that earned by earlier rules, by today’s";
  const since = fromAt === 0 ? "" : `, placed from ${show.date(fromAt)}`;
  const when = finishedAt === null ? `counted ${show.time(startedAt)}` : `ended ${show.time(finishedAt)}`;
  const rule =
    rules &&
    ` By the rules that hold since ${show.time(rules.validFrom)}: ${show.counted(rules.base.points, "point", "points")} for each ${show.money(rules.base.perMinor)} before multipliers.`;
  const limit =
    mostPoints === null ? "" : ` No customer gets more than ${show.counted(mostPoints, "point", "points")}.`;
  return `${which}${since}; ${when}.${rule ?? ""}${limit}`;
}

function Progress({ run: { state, orders, done }, show }: { run: ShownRun; show: Show }) {
  const share = orders === 0 ? 1 : Math.min(1, done / orders);
  const doing = { counting: "Counted", undoing: "Looked at" }[state as string] ?? "Posted";
  return (
    <BlockStack gap="200">
      <ProgressBar progress={Math.floor(share * 100)} size="small" ariaLabelledBy="dry-run-progress" />
      <div id="dry-run-progress" role="status">
        <Text as="p">{`${doing} ${show.count(done)} of at most ${show.counted(orders, "order", "orders")}`}</Text>
      </div>
    </BlockStack>
  );
}

function Report({
  report,
  state,
  liabilityMinor,
  redeemedShare,
  show,
}: {
  report: DryRunReport;
  state: ShownRun["state"];
  liabilityMinor: number | null;
  redeemedShare: number | null;
  show: Show;
}) {
  const counts = [
    ["dryRunOrders", "Orders that change", report.orders],
    ["dryRunMembers", "Balances that change", report.members],
    ["dryRunGiven", "Points given", report.given],
    ["dryRunTaken", "Points taken back", report.taken],
    ["dryRunMedian", "Median change of a balance", report.medianPoints],
    ["dryRunLargest", "Largest change of a balance", report.largestPoints],
  ] as const;
  return (
    <BlockStack gap="400">
      <div data-figure="dryRunPoints" data-value={String(report.points)}>
        <Text as="p" variant="headingLg">
          {inWords(report, state, show)}
        </Text>
      </div>
      <InlineGrid columns={{ xs: 2, md: 4 }} gap="400">
        {counts.map(([name, label, value]) => (
          <SmallFigure
            key={name}
            name={name}
            label={label}
            value={value}
            shown={show.number(value, value % 1 === 0 ? 0 : 1)}
          />
        ))}
        <SmallFigure
          name="dryRunTop"
          label="Share of the tenth with the largest changes"
          value={report.topTenthShare}
          shown={show.share(report.topTenthShare)}
        />
        <SmallFigure
          name="dryRunLiability"
          label="Worth in rewards, if all is redeemed"
          value={liabilityMinor}
          shown={show.money(liabilityMinor)}
        />
        {redeemedShare !== null && (
          <SmallFigure
            name="dryRunExpected"
            label="Worth of what is expected to be redeemed"
            value={liabilityMinor === null ? null : liabilityMinor * redeemedShare}
            shown={show.estimate(liabilityMinor === null ? null : liabilityMinor * redeemedShare)}
          />
        )}
      </InlineGrid>
    </BlockStack>
  );
}

function inWords(
  { orders, members, points, waitingPoints, capped = 0 }: DryRunReport,
  state: ShownRun["state"],
  show: Show,
): string {
  const isDone = ["applied", "undoing", "undone"].includes(state);
  const change = isDone ? "changed" : state === "applying" ? "changes" : "would change";
  if (orders === 0) return `This ${change} nothing.`;
  const waiting =
    waitingPoints === 0 ? "" : ` Another ${signed(waitingPoints, show)} points wait for customers to join.`;
  const limited =
    capped === 0
      ? ""
      : ` ${show.counted(capped, "customer gets", "customers get")} less than their orders come to.`;
  return `This ${change} ${show.counted(members, "balance", "balances")} by ${signed(points, show)} points.${waiting}${limited}`;
}
