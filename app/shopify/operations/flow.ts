/** What Shopify Flow is told. */

export const TRIGGER_FLOW = `#graphql
  mutation TriggerFlow($handle: String!, $payload: JSON!) {
    flowTriggerReceive(handle: $handle, payload: $payload) {
      userErrors {
        field
        message
      }
    }
  }
` as const;
