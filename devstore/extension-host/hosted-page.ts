/** The parts of a page in which extensions draw: a container for each, what they need to know, and the script that mounts them. */
import type { AppSettings } from "../auth/app-settings.ts";
import type { ShopState } from "../state/model.ts";
import type { ApiState } from "./checkout-state.ts";
import { placedOn, type Owners, type PlacedExtension } from "./hosted.ts";

/** As the page's script reads it. */
export interface PageData {
  kind: "account" | "checkout" | "order";
  language: string;
  currency: string;
  /** By the number of their container. */
  extensions: PlacedExtension[];
  signals: Record<string, unknown>;
  values: Record<string, unknown>;
  /** Where changes of discount codes go. */
  changeUrl?: string;
}

interface Hosting extends Pick<PageData, "changeUrl" | "currency" | "kind" | "language"> {
  /** Targets, in the order of the page. */
  places: readonly string[];
  state: ApiState;
  owners: Owners;
}

export function hostedPage(
  apps: readonly AppSettings[],
  shop: ShopState,
  { places, state, owners, ...rest }: Hosting,
): { places: string[]; script: string } {
  const extensions: PlacedExtension[] = [];
  const containers = places.map((target) =>
    placedOn(target, apps, shop, owners)
      .map((extension) => {
        extensions.push({ ...extension, ...stateJson(extension) });
        return `<div data-extension="${extensions.length - 1}"></div>`;
      })
      .join(""),
  );
  if (extensions.length === 0) return { places: containers, script: "" };
  const data: PageData = { ...rest, extensions, ...stateJson(state) };
  const text = JSON.stringify(data).replaceAll("<", "\\u003c");
  return {
    places: containers,
    script: `<script type="application/json" id="extensions">${text}</script><script type="module" src="/extension-host/page.js"></script>`,
  };
}

/** JSON has no `undefined`: what holds nothing is null on its way. */
export function stateJson({ signals, values }: ApiState): ApiState {
  const all = (given: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(given).map(([path, value]) => [path, value ?? null]));
  return { signals: all(signals), values: all(values) };
}
