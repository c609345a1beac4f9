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
