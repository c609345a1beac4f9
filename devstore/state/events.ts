/** Tells whoever listens what happened at a shop: the way from a change of state to webhooks. */
import { randomUUID } from "node:crypto";
import type { ShopState, World } from "./model.ts";

/** One event under one topic; a change that has several topics gives them one event id. */
export interface ShopEvent {
  eventId: string;
  /** As in shopify.app.toml: `orders/create`. */
  topic: string;
  shop: ShopState;
  resourceId: number;
  happenedAt: number;
  /** Makes the webhook's body from the state as it is now: call it at once or not at all. */
  payload: () => Record<string, unknown>;
}

export interface Listeners {
  event?: (event: ShopEvent) => void;
  clockMoved?: () => void;
  /** A saved world took the place of this one. */
  replaced?: () => void;
}

// Listeners are no part of the world's data, which is written to files.
const listenersOf = new WeakMap<World, Set<Listeners>>();

/** Starts listening; the answer stops it. */
export function listen(world: World, listeners: Listeners): () => void {
  const all = listenersOf.get(world) ?? new Set();
  listenersOf.set(world, all.add(listeners));
  return () => void all.delete(listeners);
}

export type Topic = Pick<ShopEvent, "topic" | "resourceId" | "payload">;

/** Marks the shop as changed and tells all listeners, in the order given. */
export function emit(world: World, shop: ShopState, happenedAt: number, topics: readonly Topic[]): void {
  shop.revision += 1;
  tell(world, shop, happenedAt, topics);
}

/** Tells all listeners of what changes nothing in the shop itself. */
export function tell(world: World, shop: ShopState, happenedAt: number, topics: readonly Topic[]): void {
  const all = listenersOf.get(world);
  if (!all || all.size === 0) return;
  const eventId = randomUUID();
  for (const topic of topics) for (const { event } of all) event?.({ eventId, shop, happenedAt, ...topic });
}

export function notifyClockMoved(world: World): void {
  for (const { clockMoved } of listenersOf.get(world) ?? []) clockMoved?.();
}

export function notifyReplaced(world: World): void {
  for (const { replaced } of listenersOf.get(world) ?? []) replaced?.();
}
