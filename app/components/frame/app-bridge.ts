/** The parts of App Bridge that pages call, typed as they are used here. In the browser only. */

interface AppBridge {
  toast: { show(message: string, options?: { isError?: boolean; duration?: number }): string };
  saveBar: {
    show(id: string): Promise<void>;
    hide(id: string): Promise<void>;
    leaveConfirmation(): Promise<void>;
  };
  scopes: { request(scopes: string[]): Promise<unknown> };
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

/** Asks the merchant for an optional scope of shopify.app.toml. What came of it, the server asks Shopify. */
export async function requestScope(scope: string): Promise<void> {
  await appBridge().scopes.request([scope]);
}
