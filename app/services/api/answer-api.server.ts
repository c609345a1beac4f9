/**
 * Answers programs at /api/v1. Who asks is looked at first, then how often, what they may, and what they ask; nothing is written before all of
 * that is in order. What a POST does is done once under its Idempotency-Key: reserved, done by a service that knows the key, and its answer kept.
 */
import { createHash } from "node:crypto";
import type { z } from "zod";
import { seal, unseal } from "../../db/seal.server.ts";
import { sealingKeys } from "../../db/sealing-keys.server.ts";
import {
  releaseAnswer,
  reserveAnswer,
  settleAnswer,
  type AnswerKey,
} from "../../db/stores/api-answers.server.ts";
import { changeApiKey, findApiKey, type ApiKey } from "../../db/stores/api-keys.server.ts";
import { findShopById, type Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { isKey, readKey } from "./key-text.ts";
import { countKey, countStranger, limitHeaders } from "./limits.server.ts";
import { openApiDocument } from "./open-api.server.ts";
import { OPERATIONS, type Asked, type Operation } from "./operations.server.ts";
import { problemResponse, type Fault, type Problem } from "./problem.ts";

const LARGEST_BODY = 16 * 1024;
/** So that asking writes little. */
const NOTED_EVERY_MS = 3_600_000;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{8,128}$/;

export interface ApiRequest {
  method: string;
  url: string;
  headers: Headers;
  /** At most so many bytes; `null`: it has more. */
  read: (largest: number) => Promise<Buffer | null>;
  address: string | null;
}

export async function answerApi(db: Database, request: ApiRequest): Promise<Response> {
  const { pathname } = new URL(request.url);
  const path = pathname.replace(/^\/api\/v1/, "");
  if (path === "/openapi.json" && request.method === "GET") return documentResponse(request.url);
  const caller = await callerOf(db, request);
  if (caller instanceof Response) return caller;
  const counted = await countKey(db, caller.shop.id, caller.key.id);
  const headers = limitHeaders(counted);
  if (counted.isOver) return problemResponse({ kind: "too-often" }, headers);
  await noteUse(db, caller.shop.id, caller.key);
  const answered = await answerCaller(db, caller, request, path);
  if ("kind" in answered) return problemResponse(answered, { ...headers, ...answered.headers });
  const { status, content, isReplayed } = answered;
  return new Response(content, {
    status,
    headers: {
      ...{ "Cache-Control": "no-store", ...headers },
      ...(content !== null && { "Content-Type": "application/json" }),
      ...(isReplayed && { "Idempotency-Replayed": "true" }),
    },
  });
}

function documentResponse(url: string): Response {
  return Response.json(openApiDocument(new URL("/api/v1", url).href), {
    headers: { "Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*" },
  });
}

interface Caller {
  shop: Shop;
  key: ApiKey;
}

async function callerOf(db: Database, { headers, address }: ApiRequest): Promise<Caller | Response> {
  const [, text = ""] = /^Bearer ([\w-]+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  const named = readKey(text);
  const key = named && (await findApiKey(db, named.shopId, named.id));
  if (named && key && isKey(text, key, Date.now())) {
    const shop = await findShopById(db, named.shopId);
    if (shop && shop.installedAt !== null && shop.uninstalledAt === null) return { shop, key };
  }
  const counted = await countStranger(db, address);
  if (counted.isOver) return problemResponse({ kind: "too-often" }, limitHeaders(counted));
  const detail = "Send a key of this shop's as `Authorization: Bearer prn_...`.";
  return problemResponse(
    { kind: "no-valid-key", detail },
    { "WWW-Authenticate": 'Bearer realm="perennial"' },
  );
}

async function noteUse(db: Database, shopId: number, { id, lastUsedAt }: ApiKey): Promise<void> {
  const now = Date.now();
  if (lastUsedAt !== null && now - lastUsedAt < NOTED_EVERY_MS) return;
  await db.write((tx) => changeApiKey(tx, shopId, id, { lastUsedAt: now }));
}

interface Answered {
  status: number;
  content: string | null;
  isReplayed: boolean;
}

type Refused = Problem & { headers?: Record<string, string> };

async function answerCaller(
  db: Database,
  { shop, key }: Caller,
  request: ApiRequest,
  path: string,
): Promise<Answered | Refused> {
  const here = OPERATIONS.flatMap((operation) => {
    const params = paramsOf(operation.path, path);
    return params ? [{ operation, params }] : [];
  });
  const found = here.find(({ operation }) => operation.method === request.method);
  if (!found && here.length > 0) {
    const allow = here.map(({ operation }) => operation.method).join(", ");
    return { kind: "method-not-allowed", headers: { Allow: allow } };
  }
  if (!found) return { kind: "not-found", detail: "There is nothing at this address." };
  const { operation, params } = found;
  if (operation.scope !== null && !key.scopes.includes(operation.scope))
    return { kind: "scope-missing", detail: `It needs the scope ${operation.scope}.` };
  const asked = await parseAsked(operation, params, request);
  if ("kind" in asked) return asked;
  const program = { db, shop };
  if (asked.requestKey === null) {
    const answer = await operation.answer(program, { ...asked, sourceId: "" });
    return answer.ok ? answered(operation, answer.content) : answer;
  }
  return doOnce(db, { shop, key }, operation, { ...asked, requestKey: asked.requestKey });
}

function answered({ status }: Operation, content: unknown): Answered {
  return { status, content: status === 204 ? null : JSON.stringify(content), isReplayed: false };
}

/** `null`: another path. */
function paramsOf(template: string, path: string): Record<string, string> | null {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = decoded(given[index] ?? "");
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? [];
    if (name !== undefined && value !== null) params[name] = value;
    else if (part !== value) return null;
  }
  return params;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

type Parsed = Omit<Asked, "sourceId"> & { requestKey: string | null };

async function parseAsked(
  operation: Operation,
  params: Record<string, string>,
  { url, headers, method, read }: ApiRequest,
): Promise<Parsed | Refused> {
  const faults: Fault[] = [];
  const parse = (schema: z.ZodType, value: unknown, at: string): unknown => {
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    for (const { path, message } of read.error.issues)
      faults.push({ at: [at, ...path.map(String)].filter((part) => part !== "").join("/"), message });
    return undefined;
  };
  const query: Record<string, string> = {};
  for (const [name, value] of new URL(url).searchParams) {
    if (Object.hasOwn(query, name)) faults.push({ at: name, message: "It stands twice" });
    query[name] = value;
  }
  const asked = { params: parse(operation.params, params, ""), query: parse(operation.query, query, "") };
  if (operation.body === null)
    return faults.length > 0 ? misunderstood(faults) : { ...asked, body: null, requestKey: null };
  if (!/^application\/json *(;|$)/i.test(headers.get("content-type") ?? "")) return { kind: "not-json" };
  const raw = await read(LARGEST_BODY);
  if (raw === null) return { kind: "too-large", detail: `At most ${LARGEST_BODY} bytes.` };
  const json = parsedJson(raw);
  if (json === undefined) return { kind: "not-understood", detail: "The body is not JSON." };
  const body = parse(operation.body, json, "");
  const requestKey = headers.get("idempotency-key") ?? "";
  if (method === "POST" && !IDEMPOTENCY_KEY.test(requestKey))
    faults.push({ at: "Idempotency-Key", message: "It has to be 8 to 128 visible characters" });
  return faults.length > 0 ? misunderstood(faults) : { ...asked, body, requestKey };
}

const misunderstood = (errors: readonly Fault[]): Refused => ({ kind: "not-understood", errors });

function parsedJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    return undefined;
  }
}

const hashOf = (...parts: unknown[]) =>
  createHash("sha256").update(JSON.stringify(parts)).digest("base64url");

async function doOnce(
  db: Database,
  { shop, key }: Caller,
  operation: Operation,
  { requestKey: named, ...asked }: Parsed & { requestKey: string },
): Promise<Answered | Refused> {
  // What a program calls its requests may be anything, and is not kept.
  const requestKey = hashOf(named);
  const sourceId = `api-${hashOf(shop.id, key.id, named)}`;
  const fingerprint = hashOf(operation.id, asked.params, asked.body);
  const at: AnswerKey = { keyId: key.id, requestKey };
  const before = await db.write(async (tx) => {
    const reserved = await reserveAnswer(tx, shop.id, at, { fingerprint, at: Date.now() });
    failpoint("answer-api:before-reserve-commit");
    return reserved;
  });
  failpoint("answer-api:after-reserve-commit");
  if (before && before.fingerprint !== fingerprint) return { kind: "key-reused" };
  const kept = before && storedAnswer(shop.id, at, before);
  if (kept) return { ...kept, isReplayed: true };
  const answer = await operation.answer({ db, shop }, { ...asked, sourceId });
  if (!answer.ok) {
    await db.write((tx) => releaseAnswer(tx, shop.id, at));
    return answer;
  }
  const { status, content } = answered(operation, answer.content);
  const sealed = seal(sealingKeys(), content ?? "", contextOf(shop.id, at));
  const settled = await db.write(async (tx) => {
    const first = await settleAnswer(tx, shop.id, at, { status, answer: sealed });
    failpoint("answer-api:before-settle-commit");
    return first;
  });
  failpoint("answer-api:after-settle-commit");
  // Of two that asked at the same time both are told the same.
  const first = settled.answer === sealed ? null : storedAnswer(shop.id, at, settled);
  return first ? { ...first, isReplayed: true } : { status, content, isReplayed: false };
}

/** Answers hold codes that can be paid with: kept sealed. `null`: there is none yet, or its key is gone, and the service is asked again. */
function storedAnswer(
  shopId: number,
  at: AnswerKey,
  { status, answer }: { status: number | null; answer: string | null },
): Omit<Answered, "isReplayed"> | null {
  if (status === null || answer === null) return null;
  try {
    return { status, content: unseal(sealingKeys(), answer, contextOf(shopId, at)) };
  } catch {
    return null;
  }
}

const contextOf = (shopId: number, { keyId, requestKey }: AnswerKey) =>
  `api answer|${shopId}|${keyId}|${requestKey}`;
