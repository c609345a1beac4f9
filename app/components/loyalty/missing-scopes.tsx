/** What Shopify must still allow before a reward can be given, and the way there. */
import { Banner } from "@shopify/polaris";
import { useScopeRequest } from "../frame/use-scope-request.ts";
import { scopesInWords } from "./reward-words.ts";

export function MissingScopes({ scopes, what }: { scopes: readonly string[]; what: string }) {
  const { ask, isAsking } = useScopeRequest(scopes);
  if (scopes.length === 0) return null;
  return (
    <Banner
      tone="warning"
      title={`${what} cannot be redeemed yet`}
      action={{ content: "Allow in Shopify", onAction: ask, loading: isAsking }}
    >
      <p>{`Perennial needs to be allowed to ${scopesInWords(scopes)}. Until then nobody can redeem it, and no points are spent.`}</p>
    </Banner>
  );
}
