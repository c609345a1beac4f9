/** The blocks of the theme app extension, with the place in the theme where each is most at home. */

export interface StorefrontBlock {
  /** Its file's name, which the theme knows it by. */
  handle: string;
  /** A template of the theme, and where in it; `null`: the app embed, which is on every page. */
  place: { template: string; target: "newAppsSection" | "mainSection" } | null;
}

export const STOREFRONT_BLOCKS: readonly StorefrontBlock[] = [
  { handle: "points", place: { template: "index", target: "newAppsSection" } },
  { handle: "earn-badge", place: { template: "product", target: "mainSection" } },
  { handle: "tier-only", place: { template: "product", target: "mainSection" } },
  { handle: "cart-points", place: { template: "cart", target: "mainSection" } },
  { handle: "rewards", place: { template: "page", target: "newAppsSection" } },
  { handle: "recommendations", place: { template: "index", target: "newAppsSection" } },
  { handle: "how-it-works", place: { template: "page", target: "newAppsSection" } },
  { handle: "referral", place: { template: "page", target: "newAppsSection" } },
  { handle: "profile", place: { template: "page", target: "newAppsSection" } },
  { handle: "launcher", place: null },
];

/** A place in Shopify's admin: the theme editor of the theme that shoppers see, about to add the block. */
export function editorAddress(clientId: string, { handle, place }: StorefrontBlock): string {
  const block = `${encodeURIComponent(clientId)}/${handle}`;
  const query = place
    ? `template=${place.template}&addAppBlockId=${block}&target=${place.target}`
    : `context=apps&template=index&activateAppId=${block}`;
  return `shopify://admin/themes/current/editor?${query}`;
}
