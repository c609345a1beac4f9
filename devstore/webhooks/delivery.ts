/**
 * Carries events to the apps as Shopify does: signed, five seconds to answer, at least once, retried eight times over
 * four hours with the original body, and in no certain order. Chaos makes it worse. What is on its way is part of the
 * world, so a saved and loaded world delivers it still.
 */
import { randomUUID } from "node:crypto";
import { draw, strikes } from "../state/chaos.ts";
import { listen, type ShopEvent } from "../state/events.ts";
import type { DeliveryState, World } from "../state/model.ts";
import { fail, succeed, type Result } from "../state/result.ts";
import { runScheduled } from "../state/shop-actions.ts";
import { newId, now } from "../state/world.ts";
import { signWebhook } from "./signing.ts";
import {
  ofInstallation,
  pickFields,
  readSubscriptions,
  type Subscriptions,
  type WebhookApp,
} from "./subscriptions.ts";

/** Minutes between one attempt and the next: eight retries over four hours. */
const RETRY_MINUTES = [1, 2, 4, 8, 16, 32, 64, 113] as const;
/** Finished deliveries that the log keeps at least. */
const LOG_LENGTH = 1000;
/** Without these topics' being sent to shops that no longer have the app, it could not learn of its end. */
const SENT_WITHOUT_APP = new Set([
  "app/uninstalled",
  "customers/data_request",
  "customers/redact",
  "shop/redact",
]);

export interface DeliveryOptions {
  /** Shortens the waits between attempts: 0.001 makes four hours fourteen seconds. */
  retryScale?: number;
  timeoutMs?: number;
  /** Requests on their way at one time. */
  concurrency?: number;
  /** How long a reordered webhook waits, in real time, for a later one to overtake it. */
  reorderWaitMs?: number;
}

export interface Webhooks {
  /** Sends a delivery of the log again, with its ids and body. */
  redeliver(deliveryId: number): Result<DeliveryState>;
  /** Resolves when nothing is on its way but what waits for a retry. */
  idle(): Promise<void>;
  /** Lets requests on their way end, and starts no others. */
  stop(): Promise<void>;
}

interface Target extends Subscriptions {
  app: WebhookApp;
}

export function startWebhooks(
  world: World,
  apps: readonly WebhookApp[],
  options: DeliveryOptions = {},
): Webhooks {
  const { retryScale = 1, timeoutMs = 5000, concurrency = 20, reorderWaitMs = 2000 } = options;
  const targets: Target[] = apps.map((app) => ({ app, ...readSubscriptions(app) }));
  const ready: DeliveryState[] = [];
  const later = new Set<DeliveryState>();
  const onTheWay = new Set<Promise<void>>();
  let idlers: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** World time for which the timer is set. */
  let wakeAt = Infinity;
  let stopped = false;

  function take(event: ShopEvent): void {
    for (const target of targets) {
      if (!event.shop.installation && !SENT_WITHOUT_APP.has(event.topic)) continue;
      const wanted = [
        ...target.subscriptions.filter(({ topic }) => topic === event.topic),
        ...ofInstallation(event, target.app),
      ];
      if (wanted.length === 0) continue;
      const payload = event.payload();
      for (const { url, includeFields } of wanted) {
        const body = JSON.stringify(pickFields(payload, includeFields));
        accept(newDelivery(world, target, event, url, body));
      }
    }
    for (const { dueAt } of world.scheduled) planWake(dueAt);
  }

  function accept(delivery: DeliveryState): void {
    world.deliveries.set(delivery.id, delivery);
    const lost = delivery.topic === "bulk_operations/finish" && strikes(world, "loseBulkFinishWebhook");
    if (lost || strikes(world, "dropWebhook")) {
      delivery.chaos.push("dropped");
      finish(delivery, "DROPPED");
      return;
    }
    if (strikes(world, "duplicateWebhook")) {
      const twin: DeliveryState = {
        ...delivery,
        id: newId(world, "delivery"),
        attempts: [],
        chaos: ["duplicate"],
      };
      world.deliveries.set(twin.id, twin);
      ready.push(twin);
    }
    if (strikes(world, "delayWebhook")) {
      delivery.chaos.push("delayed");
      putLater(delivery, Math.ceil(draw(world) * world.chaos.webhookDelayMs));
    } else if (strikes(world, "reorderWebhook")) {
      delivery.chaos.push("reordered");
      delivery.status = "HELD";
      putLater(delivery, reorderWaitMs);
    } else ready.push(delivery);
    pump();
  }

  function pump(): void {
    while (!stopped && ready.length > 0 && onTheWay.size < concurrency) {
      const delivery = ready.shift();
      if (!delivery || delivery.status === "DELIVERED") continue;
      const sending = attempt(delivery).finally(() => {
        onTheWay.delete(sending);
        pump();
      });
      onTheWay.add(sending);
    }
    if (idlers.length > 0 && isIdle()) {
      for (const resolve of idlers) resolve();
      idlers = [];
    }
  }

  async function attempt(delivery: DeliveryState): Promise<void> {
    const app = targets.find((target) => target.app.clientId === delivery.clientId)?.app;
    if (!app) return finish(delivery, "GIVEN_UP");
    const startedAt = performance.now();
    const outcome = await send(app, delivery, timeoutMs);
    const tookMs = Math.round(performance.now() - startedAt);
    // Another world was loaded meanwhile: it knows nothing of this delivery, or will send its own.
    if (world.deliveries.get(delivery.id) !== delivery) return;
    delivery.attempts.push({ at: now(world), ...outcome, tookMs });
    if (outcome.error === null) finish(delivery, "DELIVERED");
    else {
      const minutes = RETRY_MINUTES[delivery.attempts.length - 1];
      if (minutes === undefined) return finish(delivery, "GIVEN_UP");
      putLater(delivery, minutes * 60_000 * retryScale);
    }
  }

  function finish(delivery: DeliveryState, status: DeliveryState["status"]): void {
    delivery.status = status;
    if (status === "DELIVERED") releaseHeld(delivery);
    trimLog(world, ready.length + later.size + onTheWay.size);
  }

  /** A held webhook goes out once a later one of its shop has arrived. */
  function releaseHeld(arrived: DeliveryState): void {
    for (const held of later) {
      if (held.status !== "HELD" || held.shopDomain !== arrived.shopDomain || held.id > arrived.id) continue;
      held.dueAt = now(world);
      planWake(held.dueAt);
    }
  }

  function putLater(delivery: DeliveryState, waitMs: number): void {
    delivery.dueAt = now(world) + waitMs;
    later.add(delivery);
    planWake(delivery.dueAt);
  }

  function planWake(dueAt: number): void {
    if (stopped || dueAt >= wakeAt) return;
    wakeAt = dueAt;
    clearTimeout(timer);
    timer = setTimeout(wake, Math.min(Math.max(dueAt - now(world), 0), 2_000_000_000));
    timer.unref();
  }

  /** Does what is due, and sets the timer for what is due next. */
  function wake(): void {
    if (stopped) return;
    wakeAt = Infinity;
    runScheduled(world);
    const at = now(world);
    for (const delivery of later) {
      if (delivery.dueAt > at) {
        planWake(delivery.dueAt);
        continue;
      }
      later.delete(delivery);
      delivery.status = "WAITING";
      ready.push(delivery);
    }
    for (const { dueAt } of world.scheduled) planWake(dueAt);
    pump();
  }

  function isIdle(): boolean {
    if (ready.length > 0 || onTheWay.size > 0) return false;
    for (const { attempts, dueAt } of later) if (attempts.length === 0 || dueAt <= now(world)) return false;
    return true;
  }

  /** Takes up what a loaded world has on its way. */
  function resume(): void {
    ready.length = 0;
    later.clear();
    for (const delivery of world.deliveries.values())
      if (delivery.status === "WAITING" || delivery.status === "HELD") later.add(delivery);
    wake();
  }

  const unlisten = listen(world, { event: take, clockMoved: wake, replaced: resume });
  resume();

  return {
    redeliver(deliveryId) {
      const delivery = world.deliveries.get(deliveryId);
      if (!delivery) return fail("not-found", "The delivery does not exist.", ["deliveryId"]);
      const again: DeliveryState = {
        ...delivery,
        id: newId(world, "delivery"),
        status: "WAITING",
        attempts: [],
        chaos: [],
        dueAt: now(world),
      };
      world.deliveries.set(again.id, again);
      ready.push(again);
      pump();
      return succeed(again);
    },
    idle() {
      return new Promise((resolve) => {
        idlers.push(resolve);
        pump();
      });
    },
    async stop() {
      stopped = true;
      unlisten();
      clearTimeout(timer);
      await Promise.all(onTheWay);
      for (const resolve of idlers) resolve();
    },
  };
}

function newDelivery(
  world: World,
  target: Target,
  event: ShopEvent,
  url: string,
  body: string,
): DeliveryState {
  return {
    id: newId(world, "delivery"),
    clientId: target.app.clientId,
    shopDomain: event.shop.domain,
    topic: event.topic,
    url,
    webhookId: randomUUID(),
    eventId: event.eventId,
    apiVersion: target.apiVersion,
    triggeredAt: event.happenedAt,
    body,
    status: "WAITING",
    attempts: [],
    dueAt: now(world),
    chaos: [],
  };
}

async function send(
  app: WebhookApp,
  delivery: DeliveryState,
  timeoutMs: number,
): Promise<{ status: number | null; error: string | null }> {
  try {
    const response = await fetch(delivery.url, {
      method: "POST",
      // Shopify follows no redirects: anything but 2xx is a failure.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      headers: headersOf(app, delivery),
      body: delivery.body,
    });
    await response.body?.cancel();
    const { ok, status } = response;
    return { status, error: ok ? null : `answered ${status}` };
  } catch (error) {
    return { status: null, error: reasonOf(error) };
  }
}

function headersOf(app: WebhookApp, delivery: DeliveryState): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "User-Agent": "Shopify-Captain-Hook",
    "X-Shopify-Topic": delivery.topic,
    "X-Shopify-Hmac-Sha256": signWebhook(delivery.body, app.clientSecret),
    "X-Shopify-Shop-Domain": delivery.shopDomain,
    "X-Shopify-API-Version": delivery.apiVersion,
    "X-Shopify-Webhook-Id": delivery.webhookId,
    "X-Shopify-Event-Id": delivery.eventId,
    "X-Shopify-Triggered-At": new Date(delivery.triggeredAt).toISOString(),
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}

/** Forgets the oldest that are finished, many at a time. */
function trimLog(world: World, unfinished: number): void {
  if (world.deliveries.size <= 2 * LOG_LENGTH + unfinished) return;
  for (const { id, status } of world.deliveries.values()) {
    if (world.deliveries.size <= LOG_LENGTH + unfinished) return;
    if (status !== "WAITING" && status !== "HELD") world.deliveries.delete(id);
  }
}
