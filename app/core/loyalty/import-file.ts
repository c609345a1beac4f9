/** What page and server tell each other of another app's file. */
import type { Separator } from "../csv-reader.ts";
import type { ImportReport, NotGiven } from "./import-report.ts";
import type { ImportFormat } from "./import-row.ts";

/** What the merchant says of a file: the first line of what is sent, before the file itself. */
export interface ImportOptions extends ImportFormat {
  /** Of the import. */
  id: string;
  separator: Separator;
  /** By the name that the file gives a tier, in lower case: the programme's tier, or none. */
  tiers: Readonly<Record<string, string | null>>;
  /** A day of the shop, to whose end a tier is given where the file does not say; `null`: until it is taken back. */
  tierUntil: string | null;
  /** Also to members whom an earlier import gave points. */
  again: boolean;
}

/** From and to, both included: rows counted from 1 below the heading. */
export type RowSpan = [number, number];

/** What the page is told, and nobody else: it names lines of the merchant's own file. */
export interface FileRead {
  report: ImportReport;
  /** Rows that are not given: of them the browser, which has the file, makes what is handed back. */
  leftOut: Partial<Record<NotGiven, RowSpan[]>>;
  /** The first rows that cannot be read. */
  faults: { line: number; because: NotGiven }[];
  /** Tiers that the programme does not have, as the file writes them. */
  unknownTiers: { name: string; rows: number }[];
  /** When this very file was applied before. */
  sameFileAt: number | null;
}

export type FileReading = { ok: true; read: FileRead } | { ok: false; message: string };
