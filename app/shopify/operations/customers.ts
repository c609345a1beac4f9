/** Everything that Perennial asks about customers: ids, times, state and tags. Never a name or an address. */

const CUSTOMER_FACTS = `#graphql
  fragment CustomerFacts on Customer {
    id
    createdAt
    updatedAt
    state
    tags
  }
` as const;

export const CUSTOMERS_PAGE = `#graphql
  ${CUSTOMER_FACTS}
  query CustomersPage($first: Int!, $after: String, $query: String, $sortKey: CustomerSortKeys!, $reverse: Boolean!) {
    customers(first: $first, after: $after, query: $query, sortKey: $sortKey, reverse: $reverse) {
      nodes {
        ...CustomerFacts
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
` as const;

export const CUSTOMERS_BY_ID = `#graphql
  ${CUSTOMER_FACTS}
  query CustomersById($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Customer {
        ...CustomerFacts
      }
    }
  }
` as const;

export const CUSTOMERS_COUNT = `#graphql
  query CustomersCount($query: String) {
    customersCount(query: $query, limit: null) {
      count
      precision
    }
  }
` as const;
