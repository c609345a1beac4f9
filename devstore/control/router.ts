/** The control API: makes things happen at the shops, moves time, brings chaos, and tells what became of it. */
import path from "node:path";
import { json, Router, type Request, type Response } from "express";
import { z } from "zod";
import type { AppSettings } from "../auth/app-settings.ts";
import { flowAt, runAction, useTrigger } from "../flow/workflows.ts";
import { FAULTS, freshChaos } from "../state/chaos.ts";
import type { Chance, DeliveryState, OrderState, ShopState, World } from "../state/model.ts";
import { loadWorld, replaceWorld, saveWorld } from "../state/persistence.ts";
import { fail, succeed, type Result } from "../state/result.ts";
import { uninstallApp } from "../state/shop-actions.ts";
import { financialStatus, orderTotals } from "../state/totals.ts";
import { createShop, moveClock, now } from "../state/world.ts";
import type { Webhooks } from "../webhooks/delivery.ts";
import { DEEDS } from "./deeds.ts";
import { controlPage } from "./page.ts";

export interface ControlOptions {
  world: World;
  /** Whose triggers and actions Flow knows. */
  app: Pick<AppSettings, "clientSecret">;
  webhooks: Webhooks;
  /** Installs the app as opening it in the admin does. */
  install: (shop: ShopState) => void;
  /** Where save and load keep the world; without it they are refused. */
  file: string | null;
}

const LISTS = [
  "orders",
  "customers",
  "products",
  "variants",
  "collections",
  "checkouts",
  "disputes",
  "discounts",
  "giftCards",
  "storeCreditAccounts",
] as const;
const HTTP_STATUS = {
  invalid: 400,
  "not-found": 404,
  taken: 409,
  "wrong-state": 409,
  exceeds: 409,
  stale: 409,
};

const newShop = z.strictObject({
  domain: z.string(),
  name: z.string().min(1).optional(),
  email: z.string().min(1).optional(),
  currency: z.string().optional(),
  timeZone: z.string().optional(),
  countryCode: z.string().length(2).optional(),
  locale: z.string().min(2).optional(),
  plan: z.enum(["basic", "grow", "advanced", "plus"]).optional(),
  taxesIncluded: z.boolean().optional(),
});
const clock = z
  .strictObject({
    byMs: z.number().optional(),
    bySeconds: z.number().optional(),
    byDays: z.number().optional(),
  })
  .refine((moves) => Object.keys(moves).length === 1, "Name one of byMs, bySeconds and byDays.");
const chance = z.union([
  z
    .number()
    .min(0)
    .max(1)
    .transform((probability) => ({ probability, next: 0 })),
  z.strictObject({ probability: z.number().min(0).max(1).default(0), next: z.int().min(0).default(0) }),
]);
const chaos = z.strictObject({
  seed: z.int().optional(),
  webhookDelayMs: z.int().min(0).max(86_400_000).optional(),
  faults: z.partialRecord(z.enum(FAULTS), chance).default({}),
});
const place = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9-]+$/, "A name is made of a-z, 0-9 and hyphens.")
    .optional(),
});
const triggerUse = z.strictObject({ trigger: z.string(), on: z.boolean() });
const actionRun = z.strictObject({
  action: z.string(),
  properties: z.record(z.string(), z.unknown()),
  runId: z.string().min(1).optional(),
});
const listing = z.object({
  limit: z.coerce.number().int().min(1).max(250).default(50),
  before: z.coerce.number().int().optional(),
});
const log = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  shop: z.string().optional(),
  topic: z.string().optional(),
});

/** To be mounted at /_control. */
export function controlRouter(options: ControlOptions): Router {
  const { world, app, webhooks, install } = options;
  const router = Router();
  // Only JSON is taken, so that no other site's form can reach this API.
  router.use("/api", json({ limit: "4mb" }));

  const answer =
    (work: (request: Request) => Result<unknown> | Promise<Result<unknown>>) =>
    (request: Request, response: Response, next: (error: unknown) => void) => {
      Promise.resolve(request)
        .then(work)
        .then((result) => {
          if (result.ok) response.json(result.value);
          else response.status(HTTP_STATUS[result.reason]).json({ error: withoutOk(result) });
        })
        .catch(next);
    };
  const atShop = (work: (shop: ShopState, request: Request) => Result<unknown> | Promise<Result<unknown>>) =>
    answer((request) => {
      const shop = world.shops.get(request.params["domain"] ?? "");
      return shop ? work(shop, request) : fail("not-found", "There is no such shop.", ["domain"]);
    });

  router.get("/", (request, response) => {
    const named = request.query["shop"];
    response.type("html").send(controlPage(world, typeof named === "string" ? named : null));
  });

  router.get(
    "/api/state",
    answer(() => succeed(stateOf(world))),
  );
  router.post(
    "/api/shops",
    answer((request) => parsed(newShop, request.body, (input) => newShopOf(world, input))),
  );
  router.get(
    "/api/shops/:domain",
    atShop((shop) => succeed(summaryOf(shop))),
  );
  for (const list of LISTS)
    router.get(
      `/api/shops/:domain/${list}`,
      atShop((shop, request) =>
        parsed(listing, request.query, ({ limit, before }) => {
          const found = newest<{ id: number }>(shop[list], limit, before);
          return succeed(list === "orders" ? (found as OrderState[]).map(shownOrder) : found);
        }),
      ),
    );
  router.get(
    "/api/shops/:domain/flow",
    atShop((shop) => succeed(flowAt(shop))),
  );
  router.post(
    "/api/shops/:domain/flow/triggers",
    atShop((shop, request) => parsed(triggerUse, request.body, (wish) => useTrigger(world, app, shop, wish))),
  );
  router.post(
    "/api/shops/:domain/flow/actions",
    atShop((shop, request) => parsed(actionRun, request.body, (wish) => runAction(world, app, shop, wish))),
  );
  router.get(
    "/api/shops/:domain/orders/:id",
    atShop((shop, request) => {
      const order = shop.orders.get(Number(request.params["id"]));
      return order ? succeed(shownOrder(order)) : fail("not-found", "The order does not exist.");
    }),
  );
  router.post(
    "/api/shops/:domain/actions/:action",
    atShop((shop, request) => {
      const deed = DEEDS.get(request.params["action"] ?? "");
      return deed
        ? deed.perform(world, shop, request.body)
        : fail("not-found", `There is no such action; there are ${[...DEEDS.keys()].join(", ")}.`);
    }),
  );
  router.post(
    "/api/shops/:domain/install",
    atShop((shop) => {
      install(shop);
      return succeed(summaryOf(shop));
    }),
  );
  router.post(
    "/api/shops/:domain/uninstall",
    atShop((shop) => mapped(uninstallApp(world, shop), summaryOf)),
  );

  router.post(
    "/api/clock",
    answer((request) =>
      parsed(clock, request.body, ({ byMs = 0, bySeconds = 0, byDays = 0 }) =>
        mapped(moveClock(world, byMs + bySeconds * 1000 + byDays * 86_400_000), () => stateOf(world)),
      ),
    ),
  );
  router.put(
    "/api/chaos",
    answer((request) =>
      parsed(chaos, request.body, ({ seed, webhookDelayMs, faults }) => {
        if (seed !== undefined) Object.assign(world.chaos, { seed, drawn: 0 });
        if (webhookDelayMs !== undefined) world.chaos.webhookDelayMs = webhookDelayMs;
        const named: Partial<Record<string, Chance>> = faults;
        Object.assign(world.chaos, named);
        return succeed(world.chaos);
      }),
    ),
  );
  router.delete(
    "/api/chaos",
    answer(() => {
      world.chaos = freshChaos(world.chaos.seed);
      return succeed(world.chaos);
    }),
  );

  router.get(
    "/api/webhooks",
    answer((request) =>
      parsed(log, request.query, ({ limit, shop, topic }) =>
        succeed(
          [...world.deliveries.values()]
            .filter((each) => shop === undefined || each.shopDomain === shop)
            .filter((each) => topic === undefined || each.topic === topic)
            .slice(-limit)
            .reverse()
            .map(shownDelivery),
        ),
      ),
    ),
  );
  router.get(
    "/api/webhooks/:id",
    answer((request) => {
      const delivery = world.deliveries.get(Number(request.params["id"]));
      return delivery ? succeed(delivery) : fail("not-found", "The delivery does not exist.");
    }),
  );
  router.post(
    "/api/webhooks/:id/redeliver",
    answer((request) => mapped(webhooks.redeliver(Number(request.params["id"])), shownDelivery)),
  );

  const atFile = (work: (file: string) => Promise<Result<unknown>>) =>
    answer((request) =>
      parsed(place, request.body ?? {}, ({ name }) => {
        if (options.file === null)
          return fail("wrong-state", "The local Shopify was started without a file to save to.");
        const file = name === undefined ? options.file : sibling(options.file, name);
        return work(file);
      }),
    );
  router.post(
    "/api/save",
    atFile(async (file) => {
      await saveWorld(world, file);
      return succeed({ file: path.basename(file) });
    }),
  );
  router.post(
    "/api/load",
    atFile(async (file) => {
      try {
        replaceWorld(world, await loadWorld(file));
      } catch (error) {
        return fail("not-found", `The world could not be loaded: ${String(error)}`);
      }
      return succeed(stateOf(world));
    }),
  );

  router.use("/api", (_request, response) => {
    response.status(404).json({ error: { reason: "not-found", message: "There is no such address." } });
  });
  router.use(
    "/api",
    (error: unknown, _request: Request, response: Response, next: (error: unknown) => void) => {
      if (!isBadJson(error)) return next(error);
      response.status(400).json({ error: { reason: "invalid", message: "The body is not JSON." } });
    },
  );
  return router;
}

function parsed<Schema extends z.ZodType, T>(
  schema: Schema,
  input: unknown,
  work: (input: z.output<Schema>) => T,
): T | Result<never> {
  const result = schema.safeParse(input);
  if (result.success) return work(result.data);
  const [issue] = result.error.issues;
  return fail("invalid", z.prettifyError(result.error), issue?.path.map(String) ?? null);
}

function mapped<T, U>(result: Result<T>, of: (value: T) => U): Result<U> {
  return result.ok ? succeed(of(result.value)) : result;
}

function withoutOk({ reason, message, field }: Result<never> & { ok: false }) {
  return { reason, message, field };
}

function newShopOf(world: World, input: z.output<typeof newShop>): Result<unknown> {
  return mapped(createShop(world, input), summaryOf);
}

function stateOf(world: World) {
  return {
    now: new Date(now(world)).toISOString(),
    clockOffsetMs: world.clockOffsetMs,
    shops: [...world.shops.values()].map(summaryOf),
    chaos: world.chaos,
    scheduled: world.scheduled,
    deliveries: countByStatus(world),
  };
}

function summaryOf(shop: ShopState) {
  const { id, domain, name, currency, timeZone, plan, taxesIncluded, installation } = shop;
  return {
    ...{ id, domain, name, currency, timeZone, plan, taxesIncluded },
    orders: shop.orders.size,
    customers: shop.customers.size,
    products: shop.products.size,
    checkouts: shop.checkouts.size,
    installed: installation !== null,
    scopes: installation?.scopes ?? [],
  };
}

function shownOrder(order: OrderState) {
  return { ...order, financialStatus: financialStatus(order), totals: orderTotals(order) };
}

/** The body holds personal data and is long: it is shown for one delivery only. */
function shownDelivery({ body, ...delivery }: DeliveryState) {
  return { ...delivery, bytes: Buffer.byteLength(body) };
}

function countByStatus(world: World): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of world.deliveries.values()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function newest<T extends { id: number }>(
  all: ReadonlyMap<number, T>,
  limit: number,
  before = Infinity,
): T[] {
  return [...all.values()]
    .filter(({ id }) => id < before)
    .sort((a, b) => b.id - a.id)
    .slice(0, limit);
}

function sibling(file: string, name: string): string {
  return path.join(path.dirname(file), `${name}.ndjson.gz`);
}

function isBadJson(error: unknown): boolean {
  return (
    typeof error === "object" && error !== null && "type" in error && error.type === "entity.parse.failed"
  );
}
