/** Sends what the merchant asked; a secret in the answer is there until it is put away, and what is wrong with a field stands at the field. */
import { useFetcher } from "@remix-run/react";
import { useEffect, useState } from "react";
import { showToast } from "../frame/app-bridge.ts";

interface Answer {
  ok: boolean;
  message: string;
  secret?: string;
  field?: string;
}

export function useSecretAction() {
  const fetcher = useFetcher<Answer>();
  /** Since which answer the form is open; it closes by itself with the next good one. */
  const [adding, setAdding] = useState<{ since: Answer | undefined } | null>(null);
  const [putAway, setPutAway] = useState<Answer | undefined>(undefined);
  const { data, formData } = fetcher;
  useEffect(() => {
    if (data && data.field === undefined) showToast(data.message, { isError: !data.ok });
  }, [data]);
  const isNew = data !== adding?.since;
  return {
    send: (wish: Record<string, string>) => fetcher.submit(wish, { method: "post" }),
    isRunning: (intent: string, id?: string) =>
      formData?.get("intent") === intent && (id === undefined || formData.get("id") === id),
    isAdding: adding !== null && !(data?.ok === true && isNew),
    openForm: () => setAdding({ since: data }),
    closeForm: () => setAdding(null),
    fault: (field: string) =>
      isNew && data?.ok === false && data.field === field && !formData ? data.message : undefined,
    secret: data === putAway ? undefined : data?.secret,
    putSecretAway: () => setPutAway(data),
  };
}
