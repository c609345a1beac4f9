/** What shoppers tell of themselves is written to the customer, where the theme's blocks read it. */

export const SAVE_BIRTHDAY = `#graphql
  mutation SaveBirthday($ownerId: ID!, $value: String!) {
    metafieldsSet(
      metafields: [
        {
          ownerId: $ownerId
          namespace: "$app"
          key: "birthday"
          type: "single_line_text_field"
          value: $value
        }
      ]
    ) {
      userErrors {
        code
      }
    }
  }
` as const;

export const TOLD_CUSTOMERS_PAGE = `#graphql
  query ToldCustomersPage($first: Int!, $after: String) {
    customers(first: $first, after: $after) {
      nodes {
        id
        birthday: metafield(namespace: "$app", key: "birthday") {
          value
        }
        defaultEmailAddress {
          marketingState
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
` as const;
