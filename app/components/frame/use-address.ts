/** The page's own parameters in its address, without what Shopify's admin adds to it: its tokens must not be carried along. */
import { useNavigate, useSearchParams } from "@remix-run/react";
import { useCallback } from "react";

const OF_THE_ADMIN = ["hmac", "id_token", "session", "timestamp"];

export interface AddressChange {
  [name: string]: string | null;
}

/** The parameters, and a way to change some of them: `null` takes one away, all others stay. */
export function useAddress(): [
  URLSearchParams,
  (change: AddressChange, how?: { replace?: boolean }) => void,
] {
  const [parameters] = useSearchParams();
  const navigate = useNavigate();
  const change = useCallback(
    (values: AddressChange, { replace = false } = {}) =>
      void navigate(`?${changedParameters(parameters, values)}`, { replace, preventScrollReset: true }),
    [navigate, parameters],
  );
  return [parameters, change];
}

export function changedParameters(parameters: URLSearchParams, values: AddressChange): URLSearchParams {
  const changed = new URLSearchParams(parameters);
  for (const name of OF_THE_ADMIN) changed.delete(name);
  for (const [name, value] of Object.entries(values)) {
    if (value === null) changed.delete(name);
    else changed.set(name, value);
  }
  return changed;
}
