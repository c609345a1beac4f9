/** Two contexts that Polaris does not export by name. */
declare module "@shopify/polaris/build/esm/utilities/portals/context.js" {
  import type { Context } from "react";
  export const PortalsManagerContext: Context<{ readonly container: HTMLDivElement | null } | undefined>;
}
declare module "@shopify/polaris/build/esm/utilities/media-query/context.js" {
  import type { Context } from "react";
  export const MediaQueryContext: Context<{ readonly isNavigationCollapsed: boolean } | undefined>;
}
