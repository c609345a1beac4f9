/** What merchants do in the online store: publish a theme, and change its JSON files in the editor. */
import type { ShopState, World } from "./model.ts";
import { fail, succeed, type Result } from "./result.ts";

export function publishTheme(_world: World, shop: ShopState, input: { theme: string }): Result<ShopState> {
  if (!/^[a-z-]+$/.test(input.theme)) return fail("invalid", "A theme is named by its folder.", ["theme"]);
  shop.onlineStore.theme = input.theme;
  shop.revision += 1;
  return succeed(shop);
}

/** `content` is the whole file from then on; `null` is the theme's own again. */
export function changeThemeFile(
  _world: World,
  shop: ShopState,
  input: { theme: string; file: string; content: unknown },
): Result<ShopState> {
  if (!/^(config|sections|templates)\/[\w./-]+\.json$/.test(input.file))
    return fail("invalid", "The editor changes templates, groups of sections and settings.", ["file"]);
  const key = `${input.theme}/${input.file}`;
  if (input.content === null) delete shop.onlineStore.files[key];
  else shop.onlineStore.files[key] = structuredClone(input.content);
  shop.revision += 1;
  return succeed(shop);
}
