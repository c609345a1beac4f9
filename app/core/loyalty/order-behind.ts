/** Which order or redemption a line of the ledger is about, so that it can be named and opened. */
import type { TransactionKind } from "./ledger.ts";

export interface LineSource {
  kind: TransactionKind;
  sourceId: string;
}

/** `null`: none. What ripens or expires is a lot, which has the name of the transaction that opened it. */
export function orderBehind({ kind, sourceId }: LineSource): number | null {
  if (kind === "earn" || kind === "survey" || kind === "claw-back") return numberOf(sourceId);
  if (kind !== "ripen" && kind !== "expire") return null;
  const [opened, source = ""] = sourceId.split("/");
  return opened === "earn" || opened === "survey" ? numberOf(source) : null;
}

/** The redemption that a line is about; `null`: none. */
export function redemptionBehind({ kind, sourceId }: LineSource): string | null {
  return kind === "redeem" || kind === "restore" || kind === "return-spent" ? sourceId : null;
}

function numberOf(text: string): number | null {
  return /^\d{1,16}$/.test(text) ? Number(text) : null;
}
