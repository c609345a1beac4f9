/** What segments ask of Shopify: whom an advertisement may be shown, and tags that come and go. */

/** Handed on hashed, and kept nowhere. */
export const CUSTOMER_CONSENTS = `#graphql
  query CustomerConsents($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Customer {
        id
        defaultEmailAddress {
          emailAddress
          marketingState
        }
      }
    }
  }
` as const;

export const TAG_CUSTOMER = `#graphql
  mutation TagCustomer($id: ID!, $tags: [String!]!) {
    changed: tagsAdd(id: $id, tags: $tags) {
      node {
        id
      }
      userErrors {
        field
        message
      }
    }
  }
` as const;

export const UNTAG_CUSTOMER = `#graphql
  mutation UntagCustomer($id: ID!, $tags: [String!]!) {
    changed: tagsRemove(id: $id, tags: $tags) {
      node {
        id
      }
      userErrors {
        field
        message
      }
    }
  }
` as const;
