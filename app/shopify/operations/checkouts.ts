/** Everything that Perennial asks about abandoned checkouts: who left one, when, and whether it was completed after all. */

const CHECKOUT_FACTS = `#graphql
  fragment CheckoutFacts on AbandonedCheckout {
    id
    createdAt
    updatedAt
    completedAt
    customer {
      id
    }
  }
` as const;

export const CHECKOUTS_PAGE = `#graphql
  ${CHECKOUT_FACTS}
  query CheckoutsPage($first: Int!, $after: String, $query: String, $sortKey: AbandonedCheckoutSortKeys!, $reverse: Boolean!) {
    abandonedCheckouts(first: $first, after: $after, query: $query, sortKey: $sortKey, reverse: $reverse) {
      nodes {
        ...CheckoutFacts
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
` as const;

export const CHECKOUTS_COUNT = `#graphql
  query CheckoutsCount($query: String) {
    abandonedCheckoutsCount(query: $query, limit: null) {
      count
      precision
    }
  }
` as const;

export const CHECKOUTS_BY_ID = `#graphql
  ${CHECKOUT_FACTS}
  query CheckoutsById($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on AbandonedCheckout {
        ...CheckoutFacts
      }
    }
  }
` as const;
