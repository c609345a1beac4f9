/** POST /admin/api/:version/graphql.json: from a request to an answer in Shopify's shape. */
import type { Request, Response } from "express";
import { GraphQLError, type ExecutionResult, type GraphQLFormattedError } from "graphql";
import { z } from "zod";
import { strikes } from "../state/chaos.ts";
import type { ShopState, World } from "../state/model.ts";
import { now } from "../state/world.ts";
import { effectiveScopes } from "./access.ts";
import type { BulkRegistry } from "./bulk/registry.ts";
import { createContext, type AppIdentity, type Context } from "./context.ts";
import { actualCost, MAX_COST, requestedCost } from "./cost.ts";
import { executeOperation, type Tables } from "./execution.ts";
import { adminSchema, isAdminApiVersion, operationOf, prepare } from "./schemas.ts";
import type { Throttle } from "./throttle.ts";

export interface AdminApi {
  world: World;
  app: AppIdentity;
  tables: Tables;
  throttle: Throttle;
  bulk: BulkRegistry;
}

export const graphqlBody = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

export interface Answer {
  data?: unknown;
  errors?: GraphQLFormattedError[] | undefined;
  extensions?: Record<string, unknown>;
}

/** Answers a request of the Admin API for the shop that it names. */
export async function answerAdminRequest(
  api: AdminApi,
  shop: ShopState | undefined,
  request: Request,
  response: Response,
): Promise<void> {
  const version = String(request.params["version"]);
  if (!shop || !isAdminApiVersion(version)) {
    response.status(404).json({ errors: "Not Found" });
    return;
  }
  if (strikes(api.world, "answer429")) {
    response
      .status(429)
      .set("Retry-After", "2.0")
      .json({ errors: "Exceeded 2 calls per second for api client." });
    return;
  }
  if (strikes(api.world, "answer500")) {
    response.status(500).json({ errors: "Internal Server Error" });
    return;
  }
  const token = request.header("X-Shopify-Access-Token") ?? "";
  if (!shop.installation || !isValidToken(shop, token, now(api.world))) {
    response.status(401).json({
      errors: "[API] Invalid API key or access token (unrecognized login or wrong password)",
    });
    return;
  }
  const parsed = graphqlBody.safeParse(request.body);
  if (!parsed.success) {
    response.status(400).json({ errors: { query: "Required parameter missing or invalid" } });
    return;
  }
  response.set("X-Shopify-API-Version", version);
  const { query, variables, operationName } = parsed.data;
  const answer = await answerOperation(api, shop, version, query, variables ?? {}, operationName ?? null);
  if (strikes(api.world, "cutAnswerAfterWork")) {
    response.socket?.destroy();
    return;
  }
  response.json(answer);
}

function isValidToken(shop: ShopState, token: string, at: number): boolean {
  const known = shop.installation?.accessTokens.get(token);
  return known !== undefined && (known.expiresAt === null || known.expiresAt > at);
}

async function answerOperation(
  api: AdminApi,
  shop: ShopState,
  version: "2026-07" | "2026-10",
  query: string,
  variables: Record<string, unknown>,
  operationName: string | null,
): Promise<Answer> {
  const admin = adminSchema(version);
  const prepared = prepare(admin, query);
  if (!prepared.ok) return { errors: prepared.errors.map((error) => error.toJSON()) };
  const { document } = prepared;
  const operation = operationOf(document, operationName);
  if (!operation) return failed("An operation name is required");
  let requested: number;
  try {
    requested = requestedCost(admin.schema, document, operation, variables);
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error.toJSON()] };
    throw error;
  }
  if (requested > MAX_COST) return tooExpensive(requested);
  if (!api.throttle.take(shop, requested)) return throttled(api, shop, requested);
  const { world, app, bulk, tables } = api;
  const scopes = effectiveScopes(shop.installation?.scopes ?? []);
  const context: Context = createContext({ world, shop, app, admin, bulk, scopes }, (inner, innerVariables) =>
    executeOperation({
      admin,
      document: inner,
      operationName: null,
      variables: innerVariables,
      tables,
      context,
    }),
  );
  const result = await executeOperation({
    admin,
    document,
    operationName,
    variables,
    tables,
    context,
  });
  const actual = Math.min(requested, actualCost(admin.schema, document, operation, result.data));
  api.throttle.giveBack(shop, requested - actual);
  return {
    ...shaped(result),
    extensions: {
      cost: {
        requestedQueryCost: requested,
        actualQueryCost: actual,
        throttleStatus: api.throttle.status(shop),
      },
    },
  };
}

/** A bug in the local Shopify is not an answer of Shopify's: it is thrown on. */
export function shaped({ data, errors }: ExecutionResult): Answer {
  if (!errors || errors.length === 0) return { data };
  for (const { originalError } of errors) {
    if (originalError && !(originalError instanceof GraphQLError)) throw originalError;
  }
  return { data: data ?? null, errors: errors.map((error) => error.toJSON()) };
}

function failed(message: string): Answer {
  return { errors: [new GraphQLError(message).toJSON()] };
}

function tooExpensive(cost: number): Answer {
  const error = new GraphQLError(
    `Query cost is ${cost}, which exceeds the single query max cost limit (${MAX_COST}).`,
    {
      extensions: {
        code: "MAX_COST_EXCEEDED",
        cost,
        maxCost: MAX_COST,
        documentation: "https://shopify.dev/api/usage/rate-limits",
      },
    },
  );
  return { errors: [error.toJSON()] };
}

function throttled(api: AdminApi, shop: ShopState, requestedQueryCost: number): Answer {
  const error = new GraphQLError("Throttled", {
    extensions: { code: "THROTTLED", documentation: "https://shopify.dev/api/usage/rate-limits" },
  });
  return {
    errors: [error.toJSON()],
    extensions: {
      cost: { requestedQueryCost, actualQueryCost: null, throttleStatus: api.throttle.status(shop) },
    },
  };
}
