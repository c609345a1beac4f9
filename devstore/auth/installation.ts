/** Managed installation: opening an app in the admin grants what its toml asks for. */
import type { ShopState, World } from "../state/model.ts";
import { now } from "../state/world.ts";
import type { AppSettings } from "./app-settings.ts";

/** Records the grant of the app's scopes; an installed app is brought up to what its toml asks now. */
export function ensureInstalled(world: World, shop: ShopState, app: AppSettings): void {
  const { installation } = shop;
  if (!installation) {
    shop.installation = {
      installedAt: now(world),
      scopes: [...app.scopes],
      accessTokens: new Map(),
      refreshTokens: new Map(),
    };
    return;
  }
  const optional = installation.scopes.filter((scope) => app.optionalScopes.includes(scope));
  installation.scopes = [...new Set([...app.scopes, ...optional])];
}

export interface ScopesDetail {
  granted: readonly string[];
  required: readonly string[];
  optional: readonly string[];
}

/** App Bridge's scopes: the merchant of the local Shopify grants what is asked, within what the toml declares. */
export function changeOptionalScopes(
  shop: ShopState,
  app: AppSettings,
  action: "query" | "request" | "revoke",
  scopes: readonly string[],
): ScopesDetail | { result: "granted-all"; detail: ScopesDetail } | { detail: ScopesDetail } {
  const { installation } = shop;
  if (!installation) throw new Error("The app is not installed.");
  const unknown = scopes.find((scope) => !app.optionalScopes.includes(scope));
  if (unknown !== undefined) throw new Error(`${unknown} is not among the toml's optional scopes.`);
  if (action === "request") installation.scopes = [...new Set([...installation.scopes, ...scopes])];
  if (action === "revoke")
    installation.scopes = installation.scopes.filter((scope) => !scopes.includes(scope));
  const detail = { granted: installation.scopes, required: app.scopes, optional: app.optionalScopes };
  if (action === "query") return detail;
  return action === "request" ? { result: "granted-all", detail } : { detail };
}
