/** Sends what the merchant asked of a page, and says in a toast how it went. */
import { useFetcher } from "@remix-run/react";
import { useEffect } from "react";
import { showToast } from "../frame/app-bridge.ts";

interface Outcome {
  ok: boolean;
  message: string;
}

type Wish = { intent: string } & Readonly<Record<string, string>>;

export function useDataAction(): {
  send: (wish: Wish) => void;
  running: { intent: string; id?: string } | null;
} {
  const fetcher = useFetcher<Outcome>();
  const { data, formData } = fetcher;
  useEffect(() => {
    if (data) showToast(data.message, { isError: !data.ok });
  }, [data]);
  const intent = formData?.get("intent");
  const id = formData?.get("id");
  return {
    send: (wish) => fetcher.submit({ ...wish }, { method: "post" }),
    running: typeof intent === "string" ? { intent, ...(typeof id === "string" ? { id } : {}) } : null,
  };
}
