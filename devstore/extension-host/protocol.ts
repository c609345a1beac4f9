/** What a page and the worker of an extension tell each other, and how functions cross between them. */
import type { RemoteMutationRecord } from "@remote-dom/core";
import type { ExtensionTexts } from "./declared.ts";
import type { Surface } from "./surface.ts";

/** One mounted target: what its worker has to know before it runs. */
export interface Boot {
  script: string;
  surface: Surface;
  /** By path, `cost.totalAmount`: what signals hold at the start, and values. Members that are missing here are not simulated. */
  signals: Readonly<Record<string, unknown>>;
  values: Readonly<Record<string, unknown>>;
  functions: readonly string[];
  texts: ExtensionTexts;
  language: string;
  currency: string;
  capabilities: readonly string[];
}

export type ToWorker =
  | { kind: "boot"; boot: Boot }
  | { kind: "signal"; path: string; value: unknown }
  /** A listener that the extension gave. */
  | { kind: "invoke"; id: number; args: unknown[] }
  | { kind: "answer"; id: number; ok: true; value: unknown }
  | { kind: "answer"; id: number; ok: false; message: string };

export type ToPage =
  | { kind: "mutate"; records: RemoteMutationRecord[] }
  | { kind: "call"; id: number; path: string; args: unknown[] }
  | { kind: "rendered" }
  | { kind: "failed"; message: string };

/** Beside the API's own functions: an address of Shopify's own that the extension fetches. */
export const FETCH = "fetch";

interface PackedFunction {
  $function: number;
}

/** Functions become numbers; `keep` remembers which. */
export function packed(value: unknown, keep: (given: (...args: unknown[]) => unknown) => number): unknown {
  if (typeof value === "function") {
    const kept: PackedFunction = { $function: keep(value as (...args: unknown[]) => unknown) };
    return kept;
  }
  if (Array.isArray(value)) return value.map((each) => packed(each, keep));
  if (isPlain(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, packed(each, keep)]));
  return value;
}

export function unpacked(value: unknown, invoke: (id: number, args: unknown[]) => void): unknown {
  if (Array.isArray(value)) return value.map((each) => unpacked(each, invoke));
  if (!isPlain(value)) return value;
  const { $function: id } = value;
  if (typeof id === "number") return (...args: unknown[]) => invoke(id, args);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unpacked(each, invoke)]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
