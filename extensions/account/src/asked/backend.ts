/** What only Perennial knows, or can do: the ledger, rewards, the customer's own data. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { ask, type Answer } from "../../../shared/ask.ts";

interface PointsOfDay {
  points: number;
  /** When they expire. */
  at: string;
}

export interface Redeemed {
  redemption: string;
  name: string;
  kind: string;
  status: string;
  code: string | null;
  last4: string | null;
  /** Who takes the code, who gets the money, what is brought, or where it is. */
  about?: string | null;
  /** A day of the shop's. */
  until: string;
  canGiveBack: boolean;
}

export interface Account {
  member: boolean;
  points: number;
  pending: number;
  debt: number;
  expiring: PointsOfDay[];
  codes: Redeemed[];
  /** Who came by the member's link, the latest first: when, and whether it counts. */
  friends: { at: string; outcome: "counts" | "waiting" | "not" }[];
}

export interface Line {
  kind: string;
  at: string;
  points: number;
  pending: number;
  owed: number;
  balance: { available: number; pending: number; owed: number };
  orderName: string | null;
  order: number | null;
  reward: string | null;
  reason: string | null;
  ripensAt: string | null;
  expiresAt: string | null;
}

export interface Statement {
  lines: Line[];
  next: string | null;
}

export type Ask = <Facts>(action: string, body?: Readonly<Record<string, unknown>>) => Promise<Answer<Facts>>;

export function askingAt(api: string | null): Ask {
  return (action, body = {}) =>
    ask(
      { api, locale: shopify.localization.language.value.isoCode, sessionToken: shopify.sessionToken },
      action,
      body,
    );
}

/** Asks Perennial, and knows what the page does when something has changed there. */
export interface Backend {
  ask: Ask;
  /** How often points or codes have become others while the page was open. */
  changes: number;
  /** They have once more. */
  changed: () => void;
  /** Looks whether what is being made is there; `null`: nothing is, or the page looks by itself. */
  lookAgain: (() => void) | null;
}

const BackendContext = createContext<Backend | null>(null);
export const BackendProvider = BackendContext.Provider;

export function useBackend(): Backend {
  const backend = useContext(BackendContext);
  if (!backend) throw new Error("a part of the page stands outside of it");
  return backend;
}
