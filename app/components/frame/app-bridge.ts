/** The parts of App Bridge that pages call, typed as they are used here. In the browser only. */

interface AppBridge {
  toast: { show(message: string, options?: { isError?: boolean; duration?: number }): string };
  saveBar: {
    show(id: string): Promise<void>;
    hide(id: string): Promise<void>;
    leaveConfirmation(): Promise<void>;
  };
  scopes: { request(scopes: string[]): Promise<unknown> };
  resourcePicker(options: {
    type: "product" | "variant" | "collection";
    action: "select";
    multiple: boolean;
    selectionIds: { id: string }[];
  }): Promise<readonly PickedResource[] | undefined>;
}

interface PickedResource {
  id: string;
  title: string;
  /** Of a variant, with its product's. */
  displayName?: string;
}

function appBridge(): AppBridge {
  return (window as unknown as { shopify: AppBridge }).shopify;
}

/** A short message over the page; Polaris' own toast cannot be closed by everybody. */
export function showToast(message: string, options: { isError?: boolean } = {}): void {
  appBridge().toast.show(message, options);
}

export function saveBar(): AppBridge["saveBar"] {
  return appBridge().saveBar;
}

/** Asks the merchant for optional scopes of shopify.app.toml. What came of it, the server asks Shopify. */
export async function requestScopes(scopes: readonly string[]): Promise<void> {
  await appBridge().scopes.request([...scopes]);
}

/** Shopify's own dialog to choose one of its resources. `null`: nothing was chosen. */
export async function pickVariant(chosen: number | null): Promise<{ id: number; name: string } | null> {
  const picked = await appBridge().resourcePicker({
    type: "variant",
    action: "select",
    multiple: false,
    selectionIds: chosen === null ? [] : [{ id: `gid://shopify/ProductVariant/${chosen}` }],
  });
  const [first] = picked ?? [];
  return first ? { id: Number(first.id.split("/").at(-1)), name: first.displayName ?? first.title } : null;
}

export interface PickedName {
  id: number;
  name: string;
}

/** The same for several of them, those that were chosen before among them. */
export async function pickSeveral(
  type: "product" | "collection",
  chosen: readonly number[],
): Promise<PickedName[] | null> {
  const of = { product: "Product", collection: "Collection" }[type];
  const selectionIds = chosen.map((id) => ({ id: `gid://shopify/${of}/${id}` }));
  const picked = await appBridge().resourcePicker({ type, action: "select", multiple: true, selectionIds });
  return picked ? picked.map(({ id, title }) => ({ id: Number(id.split("/").at(-1)), name: title })) : null;
}
