/** What people are called: asked while a page shows them, handed to that page, and kept nowhere. */

const CUSTOMER_NAME = `#graphql
  fragment CustomerName on Customer {
    id
    displayName
    defaultEmailAddress {
      emailAddress
    }
  }
` as const;

export const CUSTOMER_NAMES = `#graphql
  ${CUSTOMER_NAME}
  query CustomerNames($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Customer {
        ...CustomerName
      }
    }
  }
` as const;

export const CUSTOMERS_FOUND = `#graphql
  ${CUSTOMER_NAME}
  query CustomersFound($first: Int, $last: Int, $after: String, $before: String, $query: String!) {
    customers(first: $first, last: $last, after: $after, before: $before, query: $query, sortKey: RELEVANCE) {
      nodes {
        ...CustomerName
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
` as const;

export const ORDER_NAMES = `#graphql
  query OrderNames($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Order {
        id
        name
      }
    }
  }
` as const;
