/** What the processes of the sync benchmark tell each other. */

export interface ServedShop {
  domain: string;
  token: string;
  /** The app's environment beside this local Shopify. */
  env: Record<string, string>;
}

export interface SyncResult {
  /** From install to the sync's completion. */
  seconds: number;
  /** The process's own peak. */
  peakBytes: number;
  orders: number;
  /** Orders, lines and refunds. */
  rows: number;
  /** Share of the writing transactions that took longer than 50 ms; null where none was counted, as on PostgreSQL. */
  longTransactions: number | null;
}

export interface FloorResult {
  seconds: number;
  rows: number;
}
