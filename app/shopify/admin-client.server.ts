/**
 * The one way to Shopify's Admin API: operations are the string constants in operations/ and typed by them, requests keep
 * to the shop's bucket and are repeated where that is safe, and every failure is a ShopifyError.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ClientError, GraphQLClient } from "graphql-request";
import { z } from "zod";
import { failpoint } from "../observability/failpoint.ts";
import { ADMIN_API_VERSION } from "./api-version.ts";
import { bucketOf, type Bucket, type Priority } from "./bucket.ts";
import type { GeneratedMutationTypes, GeneratedQueryTypes } from "./generated/admin.generated.d.ts";
import { ShopifyError } from "./shopify-error.ts";
import { shopifyFetch, type Fetch } from "./shopify-fetch.server.ts";

type Operations = GeneratedQueryTypes & GeneratedMutationTypes;
type VariablesOf<Operation extends keyof Operations> = Operations[Operation]["variables"];
type AnswerOf<Operation extends keyof Operations> = Operations[Operation]["return"];

/** Variables may be left out where the operation takes none. */
type VariableArguments<Operation extends keyof Operations> =
  VariablesOf<Operation> extends Record<string, never>
    ? [variables?: VariablesOf<Operation>]
    : [variables: VariablesOf<Operation>];

export interface AdminClient {
  readonly shopDomain: string;
  request<Operation extends keyof Operations>(
    operation: Operation,
    ...variables: VariableArguments<Operation>
  ): Promise<AnswerOf<Operation>>;
}

/** Gives a valid token; `refused` is one that Shopify did not take. */
export type TokenSource = (refused?: string) => Promise<string>;

export interface AdminClientOptions {
  shopDomain: string;
  accessToken: string | TokenSource;
  /** Pages are served before background work. */
  priority?: Priority;
  fetch?: Fetch;
  /** Ends waiting and requests. */
  signal?: AbortSignal | undefined;
  /** Of one attempt. */
  timeoutMs?: number;
  bucket?: Bucket;
}

const ATTEMPTS = 6;
const TIMEOUT_MS = 30_000;
/** A page does not wait longer than this for points. */
const PAGE_PATIENCE_MS = 10_000;
/** Assumed until an operation's first answer tells. */
const UNKNOWN_COST = 50;

/** What the process did at Shopify since it started, for metrics. */
export const shopifyCounters = { requests: 0, retries: 0, throttled: 0, failed: 0, points: 0, waitedMs: 0 };

/** Requested points of each operation at each size, as Shopify last told. */
const knownCosts = new Map<string, number>();

export function createAdminClient(options: AdminClientOptions): AdminClient {
  const { shopDomain, accessToken, priority = "background", timeoutMs = TIMEOUT_MS, signal } = options;
  const tokens: TokenSource = typeof accessToken === "string" ? async () => accessToken : accessToken;
  const bucket = options.bucket ?? bucketOf(shopDomain);
  const client = new GraphQLClient(`https://${shopDomain}/admin/api/${ADMIN_API_VERSION}/graphql.json`, {
    fetch: options.fetch ?? shopifyFetch,
    errorPolicy: "all",
    excludeOperationName: true,
  });

  /** One attempt: waits for points, asks, and settles what it cost. */
  async function attempt(operation: string, variables: object, token: string): Promise<unknown> {
    const costKey = costKeyOf(operation, variables);
    const cost = knownCosts.get(costKey) ?? UNKNOWN_COST;
    const patience = priority === "interactive" ? AbortSignal.timeout(PAGE_PATIENCE_MS) : undefined;
    shopifyCounters.waitedMs += await bucket
      .take(cost, priority, anySignal(signal, patience))
      .catch((error: unknown) => {
        if (patience?.aborted)
          throw new ShopifyError("throttled", "The shop's points are used up.", { cause: error });
        throw error;
      });
    let extensions: Extensions = {};
    try {
      failpoint("shopify:before-request");
      shopifyCounters.requests += 1;
      const answer = await client.rawRequest<unknown>({
        query: operation,
        variables,
        requestHeaders: { "X-Shopify-Access-Token": token, Accept: "application/json" },
        signal: anySignal(signal, AbortSignal.timeout(timeoutMs)),
      } as Parameters<typeof client.rawRequest>[0]);
      failpoint("shopify:after-request");
      extensions = parseExtensions(answer.extensions);
      const failure = failureOf(answer.errors ?? [], extensions);
      if (failure) throw failure;
      if (answer.data === undefined || answer.data === null)
        throw new ShopifyError("cut-answer", "Shopify answered without data.");
      return answer.data;
    } catch (error) {
      if (signal?.aborted) throw error;
      const failure = asShopifyError(error);
      extensions = extensionsOfError(error) ?? extensions;
      throw failure;
    } finally {
      const told = extensions.cost;
      if (told) {
        knownCosts.set(costKey, told.requestedQueryCost);
        shopifyCounters.points += told.actualQueryCost ?? 0;
      }
      bucket.settle(cost, told?.throttleStatus ?? null);
    }
  }

  /** Repeats what may be repeated. A mutation whose answer was lost may have been done: its caller must look first. */
  async function request(operation: string, variables: object = {}): Promise<unknown> {
    const isMutation = /^\s*mutation\b/m.test(operation);
    let token = await tokens();
    let refusedOnce = false;
    for (let failures = 0; ;) {
      try {
        return await attempt(operation, variables, token);
      } catch (error) {
        if (!(error instanceof ShopifyError)) throw error;
        if (error.kind === "unauthorized" && !refusedOnce) {
          refusedOnce = true;
          token = await tokens(token);
          continue;
        }
        const pause = pauseBefore(error, failures);
        const isThrottle = error.kind === "throttled";
        if (isThrottle) shopifyCounters.throttled += 1;
        else failures += 1;
        const isSafe = isThrottle || !isMutation || wasNeverReceived(error);
        const isPatient = !isThrottle || priority === "background";
        if (error.retry === "never" || !isSafe || !isPatient || failures >= ATTEMPTS) {
          shopifyCounters.failed += 1;
          throw error;
        }
        shopifyCounters.retries += 1;
        if (isThrottle) bucket.pause(pause);
        await sleep(pause, undefined, signal ? { signal } : undefined);
      }
    }
  }

  return { shopDomain, request: request as AdminClient["request"] };
}

/** Backoff doubles from a quarter of a second, with full jitter so that many clients do not return together. */
function pauseBefore(error: ShopifyError, failures: number): number {
  if (error.retryAfterMs !== undefined) return error.retryAfterMs + Math.random() * 250;
  return Math.min(30_000, 250 * 2 ** failures) * (0.5 + Math.random() / 2);
}

function wasNeverReceived(error: ShopifyError): boolean {
  if (error.kind !== "network") return error.status === 429;
  const code = networkCode(error.cause);
  return code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN";
}

function networkCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return undefined;
}

/** Sizes decide what a query costs: `first`, and the number of ids. */
function costKeyOf(operation: string, variables: object): string {
  let size = "";
  if ("first" in variables) size += `first ${String(variables.first)}`;
  if ("ids" in variables && Array.isArray(variables.ids)) size += `ids ${variables.ids.length}`;
  return `${operation}${size}`;
}

const extensionsSchema = z.object({
  cost: z
    .object({
      requestedQueryCost: z.number(),
      actualQueryCost: z.number().nullish(),
      throttleStatus: z.object({
        maximumAvailable: z.number(),
        currentlyAvailable: z.number(),
        restoreRate: z.number().positive(),
      }),
    })
    .optional(),
});
type Extensions = z.infer<typeof extensionsSchema>;

function parseExtensions(extensions: unknown): Extensions {
  const result = extensionsSchema.safeParse(extensions ?? {});
  return result.success ? result.data : {};
}

const graphqlErrorSchema = z.object({
  message: z.string().default(""),
  extensions: z
    .object({ code: z.string().optional(), cost: z.number().optional() })
    .optional()
    .catch(undefined),
});

/** What errors inside an answer mean; `null` where there are none. */
function failureOf(errors: readonly unknown[], extensions: Extensions): ShopifyError | null {
  if (errors.length === 0) return null;
  const parsed = errors.flatMap((error) => graphqlErrorSchema.safeParse(error).data ?? []);
  const codes = parsed.flatMap((error) => error.extensions?.code ?? []);
  const message = parsed.map((error) => error.message).join("; ") || "Shopify answered with an error.";
  const has = (code: string) => codes.includes(code);
  if (has("THROTTLED")) {
    const { requestedQueryCost = 0, throttleStatus } = extensions.cost ?? {};
    const missing = Math.max(0, requestedQueryCost - (throttleStatus?.currentlyAvailable ?? 0));
    return new ShopifyError("throttled", message, {
      codes,
      retryAfterMs: (missing / (throttleStatus?.restoreRate ?? 50)) * 1000 + 50,
    });
  }
  if (has("MAX_COST_EXCEEDED")) {
    const cost = parsed.find((error) => error.extensions?.cost !== undefined)?.extensions?.cost;
    return new ShopifyError("too-costly", message, cost === undefined ? { codes } : { codes, cost });
  }
  if (has("ACCESS_DENIED") || has("SHOP_INACTIVE")) return new ShopifyError("forbidden", message, { codes });
  if (has("INTERNAL_SERVER_ERROR") || has("TIMEOUT")) return new ShopifyError("server", message, { codes });
  return new ShopifyError("invalid", message, { codes });
}

function extensionsOfError(error: unknown): Extensions | null {
  return error instanceof ClientError ? parseExtensions(error.response.extensions) : null;
}

/** Everything that fetch, the body or the status can throw at us. */
function asShopifyError(error: unknown): ShopifyError {
  if (error instanceof ShopifyError) return error;
  if (error instanceof ClientError) return statusError(error);
  if (error instanceof Error) {
    if (error.name === "TimeoutError" || error.name === "AbortError") {
      return new ShopifyError("timeout", "Shopify did not answer in time.", { cause: error });
    }
    if (
      error instanceof SyntaxError ||
      error.message === "terminated" ||
      error.message.startsWith("Invalid execution result")
    ) {
      return new ShopifyError("cut-answer", "Shopify's answer ended early.", { cause: error });
    }
  }
  return new ShopifyError("network", "Shopify could not be reached.", { cause: error });
}

function statusError(error: ClientError): ShopifyError {
  const { status, errors } = error.response;
  const retryAfter = Number(new Headers(error.response.headers).get("retry-after"));
  const facts = {
    status,
    ...(retryAfter > 0 ? { retryAfterMs: retryAfter * 1000 } : {}),
  };
  if (status === 401) return new ShopifyError("unauthorized", "Shopify refused the token.", facts);
  if (status === 402 || status === 403 || status === 404 || status === 423) {
    return new ShopifyError("forbidden", `Shopify refused access (${status}).`, facts);
  }
  if (status === 429) return new ShopifyError("throttled", "Shopify asked to slow down.", facts);
  if (status >= 500) return new ShopifyError("server", `Shopify answered ${status}.`, facts);
  const inner = failureOf(errors ?? [], {});
  return inner ?? new ShopifyError("invalid", `Shopify answered ${status}.`, facts);
}

function anySignal(...signals: (AbortSignal | undefined)[]): AbortSignal | undefined {
  const given = signals.filter((signal) => signal !== undefined);
  return given.length > 1 ? AbortSignal.any(given) : given[0];
}
