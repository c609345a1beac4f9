/** What a page needs to host the extensions of a target: what they declare, what was built of them, and who they speak for. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Router, json, type Request } from "express";
import type { AppSettings } from "../auth/app-settings.ts";
import { mintExtensionToken } from "../auth/session-token.ts";
import type { MetafieldState, ShopState } from "../state/model.ts";
import { textsIn, uiExtensionsIn, type UiExtension, type UiTarget } from "./declared.ts";
import type { HostedExtension } from "./page/mount-extension.ts";
import type { Surface } from "./surface.ts";

/** One for each extension that declares the target, with what `shopify` holds for it alone. */
export interface PlacedExtension extends HostedExtension {
  signals: Record<string, unknown>;
  values: Record<string, unknown>;
}

/** The resources whose metafields a page's extensions may see, as `shopify.appMetafields` names them. */
export type Owners = readonly { type: string; id: number }[];

const GLOBAL_TYPES: Readonly<Record<string, string>> = {
  customer: "Customer",
  order: "Order",
  product: "Product",
  shop: "Shop",
  variant: "ProductVariant",
};

/** Every extension of the apps that declares the target: a shop here has them all, without a merchant who places them. */
export function placedOn(
  target: string,
  apps: readonly AppSettings[],
  shop: ShopState,
  owners: Owners,
): PlacedExtension[] {
  if (!shop.installation) return [];
  return apps.flatMap((app) => {
    const folder = path.dirname(path.resolve(app.tomlPath));
    return uiExtensionsIn(folder).flatMap((extension) => {
      const placed = extension.targets.find((each) => each.target === target);
      return placed ? [place(app, folder, extension, placed, shop, owners)] : [];
    });
  });
}

function place(
  app: AppSettings,
  folder: string,
  extension: UiExtension,
  { target, metafields }: UiTarget,
  shop: ShopState,
  owners: Owners,
): PlacedExtension {
  const { handle, apiVersion, capabilities } = extension;
  const scriptUrl = `/extension-host/bundles/${app.clientId}/${handle}.js`;
  return {
    handle,
    scriptUrl,
    surface: surfaceOf(folder, target),
    texts: textsIn(extension.folder),
    capabilities,
    signals: {
      appMetafields: owners.flatMap((owner) => appMetafields(app, shop, owner, metafields)),
      "extension.capabilities": capabilities,
      "extension.rendered": true,
      settings: {},
    },
    values: {
      "extension.apiVersion": apiVersion,
      "extension.editor": undefined,
      "extension.scriptUrl": scriptUrl,
      "extension.target": target,
      "extension.version": undefined,
      extensionPoint: target,
      version: apiVersion,
    },
  };
}

function surfaceOf(folder: string, target: string): Surface {
  const file = path.join(folder, "build/extensions/surfaces", `${target}.json`);
  if (!existsSync(file)) throw new Error(`${target} has not been built: npm run build`);
  return JSON.parse(readFileSync(file, "utf8")) as Surface;
}

function appMetafields(
  app: AppSettings,
  shop: ShopState,
  { type, id }: Owners[number],
  wanted: UiTarget["metafields"],
) {
  const ofOwner = shop.metafields.get(`gid://shopify/${GLOBAL_TYPES[type]}/${id}`);
  return wanted.flatMap(({ namespace, key }) => {
    const full = namespace.replace(/^\$app(:|$)/, (_, more) => `app--${app.numericId}${more ? "--" : ""}`);
    const found = ofOwner?.get(`${full}.${key}`);
    return found ? [{ target: { type, id: String(id) }, metafield: shown(found, namespace) }] : [];
  });
}

const VALUE_TYPES: Readonly<Record<string, string>> = {
  boolean: "boolean",
  json: "json_string",
  number_decimal: "float",
  number_integer: "integer",
};

const shown = ({ key, type, value }: MetafieldState, namespace: string) => ({
  namespace,
  key,
  type,
  value,
  valueType: VALUE_TYPES[type] ?? (type.startsWith("list.") ? "json_string" : "string"),
});

/** Where the local Shopify's own scripts for pages and workers are built to. */
const OWN_SCRIPTS = path.resolve(import.meta.dirname, "../../build/extension-host");

/** Scripts, and the tokens by which extensions tell their app whom they speak for. */
export function extensionHostRouter(
  apps: readonly AppSettings[],
  shopOf: (request: Request) => ShopState | undefined,
  customerIdOf: (shop: ShopState, request: Request) => number | null,
): Router {
  const router = Router();
  const send = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : null);
  router.get("/extension-host/:script(page|worker).js", (request, response) => {
    const script = send(path.join(OWN_SCRIPTS, `${request.params["script"]}.js`));
    if (script === null) response.status(404).type("text").send("It has not been built: npm run build");
    else response.type("text/javascript").send(script);
  });
  router.get("/extension-host/bundles/:clientId/:handle([a-z0-9-]+).js", (request, response) => {
    const app = apps.find(({ clientId }) => clientId === request.params["clientId"]);
    const folder = app && path.join(path.dirname(path.resolve(app.tomlPath)), "build/extensions");
    const script = folder ? send(path.join(folder, `${request.params["handle"]}.js`)) : null;
    if (script === null) response.status(404).type("text").send("It has not been built: npm run build");
    else response.type("text/javascript").send(script);
  });
  router.post("/extension-host/session-token", json(), (request, response) => {
    const shop = shopOf(request);
    const { handle } = request.body as { handle?: unknown };
    const app = apps.find(({ tomlPath }) =>
      uiExtensionsIn(path.dirname(path.resolve(tomlPath))).some((each) => each.handle === handle),
    );
    if (!shop?.installation || !app) return void response.status(404).json({ error: "no such extension" });
    response.json({ token: mintExtensionToken(app, shop.domain, customerIdOf(shop, request)) });
  });
  return router;
}
