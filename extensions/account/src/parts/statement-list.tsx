/** The balance line by line: what each came from and what it left, twenty lines at a time. */
import { useCallback, useState } from "preact/hooks";
import { useBackend, type Line, type Statement } from "../asked/backend.ts";
import { useLoaded } from "../asked/use-loaded.ts";
import { dayOf, signed, translate, withPoints } from "../words.ts";
import { Failed, Loading } from "./waiting.tsx";

export function StatementList() {
  const { ask, changes } = useBackend();
  const load = useCallback(async () => {
    const answer = await ask<Statement>("statement");
    if (!answer.ok) throw new Error(answer.reason);
    return answer;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- asked again when the account has changed
  }, [ask, changes]);
  const [first, reload] = useLoaded(load);
  return (
    <s-section heading={translate("statement.title")}>
      {first.state === "loading" && <Loading />}
      {first.state === "failed" && <Failed again={reload} />}
      {first.state === "ready" && <Lines key={first.value.lines[0]?.at} first={first.value} />}
    </s-section>
  );
}

function Lines({ first }: { first: Statement }) {
  const { ask } = useBackend();
  const [older, setOlder] = useState<Statement | null>(null);
  const [asking, setAsking] = useState<"failed" | "no" | "yes">("no");
  const lines = [...first.lines, ...(older?.lines ?? [])];
  const next = older ? older.next : first.next;
  const showOlder = async () => {
    setAsking("yes");
    const answer = await ask<Statement>("statement", { before: next });
    setAsking(answer.ok ? "no" : "failed");
    if (answer.ok) setOlder({ lines: [...(older?.lines ?? []), ...answer.lines], next: answer.next });
  };
  if (lines.length === 0) return <s-text color="subdued">{translate("statement.none")}</s-text>;
  return (
    <s-stack gap="base">
      <s-stack gap="base" accessibilityRole="unordered-list">
        {lines.map((line, index) => (
          <s-stack key={index} gap="none" accessibilityRole="list-item">
            <StatementLine line={line} />
          </s-stack>
        ))}
      </s-stack>
      {asking === "failed" && <Failed again={() => void showOlder()} />}
      {next !== null && asking !== "failed" && (
        <s-button loading={asking === "yes"} onClick={() => void showOlder()}>
          {translate("statement.older")}
        </s-button>
      )}
    </s-stack>
  );
}

const KINDS = [
  ...[
    "earn",
    "survey",
    "activity",
    "tier",
    "referral",
    "claw-back",
    "ripen",
    "expire",
    "redeem",
    "restore",
    "return-spent",
    "adjust",
    "undo",
    "import",
    "undo-import",
    "merge",
  ],
];

/** For something else than orders, which the reason says. */
const GIVEN = ["activity", "tier"];
const DEEDS = ["join", "birthday", "anniversary", "newsletter", "profile"];

function StatementLine({ line }: { line: Line }) {
  const { kind, orderName, reward, at, balance } = line;
  const about = orderName ?? reward;
  const isKnown = KINDS.includes(kind) || GIVEN.includes(kind);
  const what = translate(`statement.kind.${isKnown ? kind : "adjust"}`);
  return (
    <>
      <s-stack direction="inline" gap="base" justifyContent="space-between">
        <s-text type="strong">{about === null ? what : translate("statement.about", { what, about })}</s-text>
        <s-text type="strong">{changeOf(line)}</s-text>
      </s-stack>
      {detailsOf(line).map((detail) => (
        <s-text key={detail}>{detail}</s-text>
      ))}
      <s-text color="subdued">
        {translate("statement.after", {
          date: dayOf(at),
          balance: withPoints("points.amount", balance.available),
        })}
      </s-text>
    </>
  );
}

/** What can be spent changed by so much; else what is on its way, or owed. */
function changeOf({ points, pending, owed }: Line): string {
  if (points !== 0) return signed(points);
  if (pending !== 0) return translate("statement.pending", { points: signed(pending) });
  return owed === 0 ? signed(0) : translate("statement.owed", { points: signed(owed) });
}

const REASONS = [
  ...["test", "business", "excluded", "cancelled", "voided", "unpaid", "disputed", "refunded", "deleted"],
  "reassigned",
];

function detailsOf({ kind, order, points, pending, owed, reason, ripensAt, expiresAt }: Line): string[] {
  const details: string[] = [];
  // A referral's own words are for the merchant: what became of it stands in its section.
  if (reason !== null && kind !== "referral") {
    if (kind === "activity" && DEEDS.includes(reason)) details.push(translate(`statement.deed.${reason}`));
    else if (order === null) details.push(reason);
    else if (REASONS.includes(reason)) details.push(translate(`statement.reason.${reason}`));
  }
  if (points !== 0 && pending !== 0 && kind !== "ripen")
    details.push(translate("statement.pending", { points: signed(pending) }));
  if (owed !== 0 && (points !== 0 || pending !== 0))
    details.push(translate("statement.owed", { points: signed(owed) }));
  if (ripensAt !== null && pending > 0)
    details.push(translate("statement.ripens", { date: dayOf(ripensAt) }));
  if (expiresAt !== null) details.push(translate("statement.expires", { date: dayOf(expiresAt) }));
  return details;
}
