/**
 * Shopify Flow at a shop: which of an app's triggers its workflows begin with, what was received of them, and an action that a workflow runs.
 * Workflows themselves are not modelled: a trigger is used or not.
 */
import { randomUUID } from "node:crypto";
import type { AppSettings } from "../auth/app-settings.ts";
import { fail, succeed, type Result } from "../state/result.ts";
import type { FlowState, ShopState, World } from "../state/model.ts";
import { now } from "../state/world.ts";
import { signWebhook } from "../webhooks/signing.ts";
import { flowOf, type FlowField } from "./deployed.ts";

type Signer = Pick<AppSettings, "clientSecret">;

const MOST_BYTES = 50_000;
const KEPT = 500;
/** Flow waits so long for an app. */
const PATIENCE_MS = 10_000;

export function flowAt(shop: ShopState): FlowState {
  return (shop.flow ??= { usedTriggers: [], received: [] });
}

/** Shopify's words where they are known; of single fields they are not published. */
const refused = (message: string) => fail("invalid", `Errors validating schema:\n  ${message}\n`, ["body"]);

export function receiveTrigger(
  world: World,
  shop: ShopState,
  handle: string,
  payload: unknown,
): Result<FlowState["received"][number]> {
  const size = Buffer.byteLength(JSON.stringify(payload));
  if (size > MOST_BYTES) return refused(`Properties size exceeds the limit of ${MOST_BYTES} bytes.`);
  const trigger = flowOf(world).triggers.find((each) => each.handle === handle);
  if (!trigger) return refused(`Invalid handle '${handle}'.`);
  if (typeof payload !== "object" || payload === null || Array.isArray(payload))
    return refused("Properties must be an object.");
  const given = payload as Record<string, unknown>;
  for (const field of trigger.fields) {
    if (given[field.key] === undefined || given[field.key] === null)
      return refused(`Required field missing '${field.key}'.`);
    if (!fits(field, given[field.key])) return refused(`Invalid value for field '${field.key}'.`);
  }
  const unknown = Object.keys(given).find((key) => !trigger.fields.some((field) => field.key === key));
  if (unknown !== undefined) return refused(`Unknown field '${unknown}'.`);
  const flow = flowAt(shop);
  const received = {
    handle,
    payload: given,
    at: now(world),
    startsWorkflow: flow.usedTriggers.includes(handle),
  };
  flow.received = [...flow.received, received].slice(-KEPT);
  return succeed(received);
}

function fits({ type }: FlowField, value: unknown): boolean {
  switch (type) {
    case "customer_reference":
      return /^[1-9]\d*$/.test(String(value));
    case "number_decimal":
    case "number_integer":
      return (
        (typeof value === "number" || typeof value === "string") &&
        value !== "" &&
        !Number.isNaN(Number(value))
      );
    case "boolean":
      return typeof value === "boolean";
    case "single_line_text_field":
      return typeof value === "string" && !/[\r\n]/.test(value);
    default:
      return typeof value === "string";
  }
}

/** A merchant turns workflows on or off that begin with a trigger: only where the app has heard of it. */
export async function useTrigger(
  world: World,
  app: Signer,
  shop: ShopState,
  { trigger: handle, on }: { trigger: string; on: boolean },
): Promise<Result<FlowState>> {
  const { triggers, lifecycleUrl } = flowOf(world);
  const trigger = triggers.find((each) => each.handle === handle);
  if (!trigger) return fail("not-found", "There is no such trigger.", ["trigger"]);
  if (lifecycleUrl !== null) {
    const { status } = await post(app, shop, lifecycleUrl, {
      flow_trigger_definition_id: trigger.name,
      has_enabled_flow: on,
      shop_id: shop.id,
      shopify_domain: shop.domain,
      timestamp: new Date(now(world)).toISOString(),
    });
    if (status < 200 || status >= 300)
      return fail("wrong-state", `The app answered ${status}: the workflow stays as it is.`);
  }
  const flow = flowAt(shop);
  const others = flow.usedTriggers.filter((each) => each !== handle);
  flow.usedTriggers = on ? [...others, handle] : others;
  return succeed(flow);
}

/** A workflow comes to an action. `runId` repeats an earlier run, as Flow does where an app did not answer. */
export async function runAction(
  world: World,
  app: Signer,
  shop: ShopState,
  wish: { action: string; properties: Record<string, unknown>; runId?: string | undefined },
): Promise<Result<{ status: number; body: string; runId: string }>> {
  const action = flowOf(world).actions.find(({ handle }) => handle === wish.action);
  if (!action) return fail("not-found", "There is no such action.", ["action"]);
  const missing = action.fields.find(({ key, required }) => required && wish.properties[key] === undefined);
  if (missing) return fail("invalid", `${missing.key} is required.`, ["properties", missing.key]);
  const runId = wish.runId ?? randomUUID();
  // Flow fills in templates, so numbers arrive as texts.
  const properties = Object.fromEntries(
    Object.entries(wish.properties).map(([key, value]) => [key, key.endsWith("_id") ? value : String(value)]),
  );
  const answer = await post(app, shop, action.runtimeUrl, {
    ...{ shop_id: shop.id, shopify_domain: shop.domain, action_run_id: runId },
    ...{ action_definition_id: action.name, handle: action.handle, properties },
  });
  return succeed({ ...answer, runId });
}

async function post(
  app: Signer,
  shop: ShopState,
  url: string,
  content: object,
): Promise<{ status: number; body: string }> {
  const body = JSON.stringify(content);
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-Shopify-Hmac-Sha256": signWebhook(body, app.clientSecret),
        "X-Shopify-Shop-Domain": shop.domain,
      },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return { status: 0, body: "" };
  }
}
