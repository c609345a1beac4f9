/** Asks the app's backend to do something for the shopper, and gives up in time: pages go on without it. */

/** `reason` is a word of the backend's, or one of these two: it could not be reached, or says that it is asked too often. */
export type Answer<Facts> =
  ({ ok: true; message?: string } & Facts) | { ok: false; reason: string; message?: string };

export interface Asking {
  /** `https://app.example/ui`; `null`: the app has published no address. */
  api: string | null;
  /** The shopper's language. */
  locale: string;
  sessionToken: { get(): Promise<string> };
}

/** Longer than the backend itself waits for Shopify. */
const PATIENCE_MS = 12_000;

export async function ask<Facts>(
  { api, locale, sessionToken }: Asking,
  action: string,
  body: Readonly<Record<string, unknown>>,
  patienceMs = PATIENCE_MS,
): Promise<Answer<Facts>> {
  if (api === null) return { ok: false, reason: "unreachable" };
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), patienceMs);
  try {
    const request = async () =>
      fetch(`${api}/${action}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${await sessionToken.get()}` },
        body: JSON.stringify({ ...body, locale }),
        signal: giveUp.signal,
      });
    let response = await request();
    // Tokens live for minutes: one that ended on its way is asked for anew, once.
    if (response.status === 401) response = await request();
    if (response.status === 429) return { ok: false, reason: "busy" };
    if (!response.ok) return { ok: false, reason: "unreachable" };
    return (await response.json()) as Answer<Facts>;
  } catch {
    return { ok: false, reason: "unreachable" };
  } finally {
    clearTimeout(timer);
  }
}

/** Whether asking again may help: nothing has been said yet of what was asked. */
export function isSilent(answer: Answer<unknown>): boolean {
  return !answer.ok && (answer.reason === "unreachable" || answer.reason === "busy");
}
