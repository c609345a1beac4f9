/**
 * Where shoppers' pages ask: `/customer/api/VERSION/graphql` for who is logged in, and `/api/VERSION/graphql.json` for anybody. An
 * extension's host carries its questions there, with the shopper's cookies in the place of the token that Shopify would add.
 */
import express, { Router, type Request, type Response } from "express";
import { graphqlBody } from "../admin-api/endpoint.ts";
import type { AppSettings } from "../auth/app-settings.ts";
import type { CustomerState, ShopState, World } from "../state/model.ts";
import { marketsOf } from "../storefront/markets.ts";
import type { ShopperSchema } from "../../scripts/shopify-schema.ts";
import { answerShopper } from "./execute.ts";
import { customerAccountTables } from "./customer-account.ts";
import type { ShopperTables } from "./shopper-context.ts";
import { storefrontTables } from "./storefront.ts";

const VERSION = "2026-07";

interface Api {
  path: string;
  schema: ShopperSchema;
  tables: ShopperTables;
  needsCustomer: boolean;
}

const APIS: readonly Api[] = [
  {
    path: "/customer/api/:version/graphql",
    schema: "customer_2026-07",
    tables: customerAccountTables,
    needsCustomer: true,
  },
  {
    path: "/api/:version/graphql.json",
    schema: "storefront-graphql_2026-07",
    tables: storefrontTables,
    needsCustomer: false,
  },
];

export function shopperApis(
  world: World,
  app: AppSettings,
  shopOf: (request: Request) => ShopState | undefined,
  customerIdOf: (shop: ShopState, request: Request) => number | null,
): Router {
  const router = Router();
  for (const api of APIS) {
    router.post(api.path, express.json({ limit: "1mb" }), (request, response, next) => {
      const shop = shopOf(request);
      const customerId = shop && customerIdOf(shop, request);
      const customer = (customerId && shop?.customers.get(customerId)) || null;
      answer(api, { world, app, shop, customer }, request, response).catch(next);
    });
  }
  return router;
}

interface Asker {
  world: World;
  app: AppSettings;
  shop: ShopState | undefined;
  customer: CustomerState | null;
}

async function answer(
  { schema, tables, needsCustomer }: Api,
  { world, app, shop, customer }: Asker,
  request: Request,
  response: Response,
): Promise<void> {
  if (!shop || request.params["version"] !== VERSION) {
    response.status(404).json({ errors: "Not Found" });
    return;
  }
  if (needsCustomer && !customer) {
    response.status(401).json({ errors: [{ message: "Invalid token, expected an access token" }] });
    return;
  }
  const parsed = graphqlBody.safeParse(request.body);
  if (!parsed.success) {
    response.status(400).json({ errors: [{ message: "Required parameter missing or invalid" }] });
    return;
  }
  const context = {
    ...{ world, shop, app, customer },
    market: marketsOf(shop)[0],
    origin: `${request.protocol}://${request.header("host") ?? shop.domain}`,
    scopes: new Set(shop.installation?.scopes ?? []),
  };
  response.json(await answerShopper(schema, tables, parsed.data, context));
}
