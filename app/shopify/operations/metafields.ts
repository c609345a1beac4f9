/** Metafields: written up to 25 at a time, all or none, where they still are what they were; read with their digests; deleted. */

/** The owner stands in the answer, because the lines of a bulk mutation are told by nothing else. */
export const SET_METAFIELDS = `#graphql
  mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) {
      metafields {
        key
        value
        compareDigest
        owner {
          ... on Node {
            id
          }
        }
      }
      userErrors {
        code
        field
        message
      }
    }
  }
` as const;

export const DELETE_METAFIELDS = `#graphql
  mutation DeleteMetafields($metafields: [MetafieldIdentifierInput!]!) {
    metafieldsDelete(metafields: $metafields) {
      deletedMetafields {
        key
        ownerId
      }
      userErrors {
        field
        message
      }
    }
  }
` as const;

const METAFIELD_STATE = `#graphql
  fragment MetafieldState on Metafield {
    key
    value
    compareDigest
  }
` as const;

export const METAFIELDS_BY_OWNER = `#graphql
  ${METAFIELD_STATE}
  query MetafieldsByOwner($ids: [ID!]!, $namespace: String!) {
    nodes(ids: $ids) {
      ... on Customer {
        id
        metafields(first: 20, namespace: $namespace) {
          nodes {
            ...MetafieldState
          }
        }
      }
      ... on Product {
        id
        metafields(first: 20, namespace: $namespace) {
          nodes {
            ...MetafieldState
          }
        }
      }
      ... on Shop {
        id
        metafields(first: 20, namespace: $namespace) {
          nodes {
            ...MetafieldState
          }
        }
      }
      ... on AppInstallation {
        id
        metafields(first: 20, namespace: $namespace) {
          nodes {
            ...MetafieldState
          }
        }
      }
    }
  }
` as const;

/** The shop, and the app's installation there. */
export const OWN_PLACES = `#graphql
  query OwnPlaces {
    shop {
      id
    }
    currentAppInstallation {
      id
    }
  }
` as const;
