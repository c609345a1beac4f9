/** The API's own description (OpenAPI 3.1), made from the table of operations. */
import { z } from "zod";
import { MOST_OF_A_KEY } from "./limits.server.ts";
import { OPERATIONS, type Operation } from "./operations.server.ts";
import { PROBLEM_KINDS, problemStatus, problemTitle, problemType, type ProblemKind } from "./problem.ts";
import { API_SCOPES } from "./scopes.ts";

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: "input" | "output"): Json => {
  const made = z.toJSONSchema(schema, { target: "draft-2020-12", io }) as Json;
  delete made["$schema"];
  return made;
};

const problem = z
  .strictObject({
    type: z.enum(PROBLEM_KINDS.map(problemType) as [string, ...string[]]),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z.array(z.strictObject({ at: z.string(), message: z.string() })).optional(),
  })
  .describe("RFC 9457");

const LIMIT_HEADERS = {
  "RateLimit-Limit": { schema: { type: "integer" }, description: "Requests of this key in a minute" },
  "RateLimit-Remaining": { schema: { type: "integer" } },
  "RateLimit-Reset": {
    schema: { type: "integer" },
    description: "Seconds until all of them are there again",
  },
};

const documents = new Map<string, Json>();

/** `address`: of the API, without a slash at its end. */
export function openApiDocument(address: string): Json {
  let known = documents.get(address);
  if (!known) documents.set(address, (known = make(address)));
  return known;
}

function make(address: string): Json {
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS)
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describe(operation),
    };
  return {
    openapi: "3.1.0",
    info: {
      title: "Perennial",
      version: "1.0.0",
      description: `Points of a shop's customers. ${MOST_OF_A_KEY} requests a minute for each key. What is here keeps its meaning; new fields, kinds and operations may be added.`,
    },
    servers: [{ url: address }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: {
        key: {
          type: "http",
          scheme: "bearer",
          description: `A key from the page "Developers". Scopes: ${API_SCOPES.join(", ")}.`,
        },
      },
      schemas: { Problem: schemaOf(problem, "output") },
    },
  };
}

function describe(operation: Operation): Json {
  const { id, summary, scope, params, query, body, status, content, problems } = operation;
  const kinds: ProblemKind[] = ["not-understood", "no-valid-key", "too-often", ...problems];
  if (scope !== null) kinds.push("scope-missing");
  if (body) kinds.push("too-large", "not-json");
  const responses: Record<string, Json> = {
    [status]: {
      description: summary,
      headers: LIMIT_HEADERS,
      ...(status !== 204 && { content: { "application/json": { schema: schemaOf(content, "output") } } }),
    },
  };
  for (const [code, of] of Map.groupBy(kinds, problemStatus))
    responses[code] = {
      description: of.map(problemTitle).join("; "),
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      ...(code === 429 && { headers: { ...LIMIT_HEADERS, "Retry-After": { schema: { type: "integer" } } } }),
    };
  return {
    ...{ operationId: id, summary },
    ...(scope !== null && { description: `Scope: ${scope}` }),
    parameters: [
      ...parametersOf(schemaOf(params, "input"), "path"),
      ...parametersOf(schemaOf(query, "input"), "query"),
      ...(body ? [IDEMPOTENCY] : []),
    ],
    ...(body && {
      requestBody: { required: true, content: { "application/json": { schema: schemaOf(body, "input") } } },
    }),
    responses,
  };
}

const IDEMPOTENCY = {
  name: "Idempotency-Key",
  in: "header",
  required: true,
  schema: { type: "string", pattern: "^[\\x21-\\x7e]{8,128}$" },
  description:
    "Made by you, one for each thing that is to be done: sent again with the same request it does nothing more and is answered as before (for 7 days); with another request it is refused.",
};

function parametersOf({ properties = {}, required = [] }: Json, where: "path" | "query"): Json[] {
  return Object.entries(properties as Record<string, Json>).map(([name, { description, ...schema }]) => ({
    ...{ name, in: where, required: (required as string[]).includes(name), schema },
    ...(description !== undefined && { description }),
  }));
}
