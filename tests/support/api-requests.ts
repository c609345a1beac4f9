/** Asks the HTTP API as a merchant's program does. */
import type { Database } from "../../app/db/types.ts";
import { changeApiKey } from "../../app/services/api/change-api-key.server.ts";
import { API_SCOPES } from "../../app/services/api/scopes.ts";

export interface ApiWish {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A text is sent as it is. */
export function askApi(address: string, path: string, key: string, wish: ApiWish = {}): Promise<Response> {
  const { body, headers = {}, method = body === undefined ? "GET" : "POST" } = wish;
  return fetch(new URL(`/api/v1${path}`, address), {
    method,
    headers: {
      ...(key !== "" && { Authorization: `Bearer ${key}` }),
      ...(body !== undefined && {
        "Content-Type": "application/json",
        "Idempotency-Key": crypto.randomUUID(),
      }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    redirect: "manual",
  });
}

export async function makeKey(
  db: Database,
  shopId: number,
  scopes: readonly string[] = API_SCOPES,
): Promise<string> {
  const made = await changeApiKey(db, shopId, { intent: "add-key", name: "Test", scopes: scopes.join(",") });
  if (made?.secret === undefined) throw new Error(made?.message ?? "not understood");
  return made.secret;
}
