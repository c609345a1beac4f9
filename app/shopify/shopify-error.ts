/** The one error for everything that Shopify or the way to it can do wrong: it says what happened and whether to retry. */

export type ShopifyErrorKind =
  /** The bucket was empty for longer than the caller would wait. */
  | "throttled"
  /** No answer: refused, reset, unresolved. */
  | "network"
  | "timeout"
  /** The answer ended early or was no JSON; the work may have been done. */
  | "cut-answer"
  /** 5xx, or an internal error inside a 200. */
  | "server"
  /** The token is not or no longer valid. */
  | "unauthorized"
  /** A scope is missing, or the shop is frozen or closed. */
  | "forbidden"
  /** The query asks for more points than one query may cost. */
  | "too-costly"
  /** Shopify refused the input of a mutation (userErrors). */
  | "refused"
  /** Shopify could not read the operation: ours is wrong. */
  | "invalid"
  /** A bulk operation failed, expired or was cancelled, or its result is not whole. */
  | "bulk";

/** `now`: at once again; `later`: with backoff; `never`: the same request cannot succeed. */
export type Retry = "now" | "later" | "never";

const RETRY: Readonly<Record<ShopifyErrorKind, Retry>> = {
  throttled: "later",
  network: "later",
  timeout: "later",
  "cut-answer": "later",
  server: "later",
  unauthorized: "never",
  forbidden: "never",
  "too-costly": "never",
  refused: "never",
  invalid: "never",
  bulk: "later",
};

export interface ShopifyErrorFacts {
  retry?: Retry;
  status?: number;
  /** Codes inside the answer, such as ACCESS_DENIED or a userError's code. */
  codes?: readonly string[];
  /** What the query would have cost. */
  cost?: number;
  /** Not before this many milliseconds, where Shopify said so. */
  retryAfterMs?: number;
  cause?: unknown;
}

export class ShopifyError extends Error {
  readonly kind: ShopifyErrorKind;
  readonly retry: Retry;
  readonly status: number | undefined;
  readonly codes: readonly string[];
  readonly cost: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(kind: ShopifyErrorKind, message: string, facts: ShopifyErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "ShopifyError";
    this.kind = kind;
    this.retry = facts.retry ?? RETRY[kind];
    this.status = facts.status;
    this.codes = facts.codes ?? [];
    this.cost = facts.cost;
    this.retryAfterMs = facts.retryAfterMs;
  }
}
