/** By which e-mail address a customer is found in another app's file: read in memory, and kept nowhere. */

export const EMAILS_PAGE = `#graphql
  query EmailsPage($first: Int!, $after: String) {
    customers(first: $first, after: $after) {
      nodes {
        id
        defaultEmailAddress {
          emailAddress
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
` as const;
