/** Asks the merchant for optional scopes, and has the server read what Shopify allows afterwards. */
import { useFetcher } from "@remix-run/react";
import { useEffect, useState } from "react";
import { requestScopes, showToast } from "./app-bridge.ts";

interface Outcome {
  ok: boolean;
  message: string;
}

export function useScopeRequest(scopes: readonly string[]): { ask: () => void; isAsking: boolean } {
  const fetcher = useFetcher<Outcome>();
  const [isOpen, setOpen] = useState(false);
  const { data, submit } = fetcher;
  useEffect(() => {
    if (data && !data.ok) showToast(data.message, { isError: true });
  }, [data]);
  const ask = async () => {
    setOpen(true);
    try {
      await requestScopes(scopes);
      submit({ intent: "scopes-granted" }, { method: "post" });
    } catch {
      showToast("Shopify could not be asked. Try again.", { isError: true });
    } finally {
      setOpen(false);
    }
  };
  return { ask: () => void ask(), isAsking: isOpen || fetcher.state !== "idle" };
}
