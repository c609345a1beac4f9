/** Everything that Perennial asks about collections: which ones a product is in, and what they are called. */

const PRODUCT_COLLECTIONS = `#graphql
  fragment ProductCollections on Product {
    id
    collections(first: 25) {
      nodes {
        id
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
` as const;

export const COLLECTIONS_OF_PRODUCTS = `#graphql
  ${PRODUCT_COLLECTIONS}
  query CollectionsOfProducts($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Product {
        ...ProductCollections
      }
    }
  }
` as const;

export const MORE_PRODUCT_COLLECTIONS = `#graphql
  query MoreProductCollections($id: ID!, $after: String) {
    product(id: $id) {
      collections(first: 100, after: $after) {
        nodes {
          id
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
` as const;

export const COLLECTIONS_FOUND = `#graphql
  query CollectionsFound($first: Int!, $query: String, $sortKey: CollectionSortKeys!) {
    collections(first: $first, query: $query, sortKey: $sortKey) {
      nodes {
        id
        title
      }
    }
  }
` as const;

export const COLLECTION_TITLES = `#graphql
  query CollectionTitles($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Collection {
        id
        title
      }
    }
  }
` as const;
