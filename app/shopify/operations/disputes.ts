/** Everything that Perennial asks about disputes (Shopify Payments) by themselves; an order tells of its own. */

export const DISPUTED_ORDERS = `#graphql
  query DisputedOrders($first: Int!, $after: String, $query: String) {
    disputes(first: $first, after: $after, query: $query) {
      nodes {
        order {
          id
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
` as const;
