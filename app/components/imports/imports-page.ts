/** What the page of imports is about. */
import type { FileRead } from "../../core/loyalty/import-file.ts";
import type { ImportReport } from "../../core/loyalty/import-report.ts";
import type { SpentPoints } from "../../core/loyalty/undo-import.ts";
import type { ChosenFile } from "./chosen-file.ts";

interface ShownImport {
  id: string;
  state: "asking" | "reading" | "counted" | "applying" | "applied" | "undoing" | "undone" | "cancelled";
  report: ImportReport | null;
  rows: number;
  done: number;
  startedAt: number;
  finishedAt: number | null;
  spentPoints: SpentPoints | null;
  takenPoints: number;
  birthdaysOutcome: { written: number; kept: number; refused: number } | { failed: string } | null;
  hasBirthdays: boolean;
}

export interface ImportsPage {
  /** Minor units for one point; `null`: nobody knows. */
  pointMinor: number | null;
  tiers: readonly { id: string; name: string }[];
  expiryMonths: number | null;
  profilePoints: number;
  mayWriteCustomers: boolean;
  current: ShownImport | null;
  /** Shopify's list of them; `null`: nobody needs it now. */
  customers: { state: "ready" | "gone" | "unknown" } | { state: "waiting"; customers: number } | null;
  undo: { id: string; given: number; available: number; expired: number } | null;
  past: readonly ShownImport[];
}

/** What was read of a file lasts as long as the page: it names lines that nobody else is to know. */
export interface ReadFile extends FileRead {
  of: ChosenFile;
}
