/** Everything that Perennial asks about products: what they are, what a variant costs the shopper and the shop. */

const PRODUCT_FACTS = `#graphql
  fragment ProductFacts on Product {
    id
    title
    productType
    vendor
    status
    isGiftCard
    publishedAt
    createdAt
    updatedAt
  }
` as const;

const VARIANT_FACTS = `#graphql
  fragment VariantFacts on ProductVariant {
    id
    title
    price
    inventoryItem {
      unitCost {
        amount
      }
    }
  }
` as const;

const WHOLE_PRODUCT = `#graphql
  ${PRODUCT_FACTS}
  ${VARIANT_FACTS}
  fragment WholeProduct on Product {
    ...ProductFacts
    variants(first: 25) {
      nodes {
        ...VariantFacts
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
` as const;

export const PRODUCTS_PAGE = `#graphql
  ${WHOLE_PRODUCT}
  query ProductsPage($first: Int!, $after: String, $query: String, $sortKey: ProductSortKeys!, $reverse: Boolean!) {
    products(first: $first, after: $after, query: $query, sortKey: $sortKey, reverse: $reverse) {
      nodes {
        ...WholeProduct
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
` as const;

export const PRODUCTS_BY_ID = `#graphql
  ${WHOLE_PRODUCT}
  query ProductsById($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Product {
        ...WholeProduct
      }
    }
  }
` as const;

export const MORE_PRODUCT_VARIANTS = `#graphql
  ${VARIANT_FACTS}
  query MoreProductVariants($id: ID!, $after: String) {
    product(id: $id) {
      variants(first: 100, after: $after) {
        nodes {
          ...VariantFacts
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
` as const;

/** A cost belongs to the inventory item, which names the variants that are sold from it. */
const ITEM_PRODUCTS = `#graphql
  fragment ItemProducts on InventoryItem {
    id
    variants(first: 10) {
      nodes {
        product {
          id
        }
      }
    }
  }
` as const;

export const INVENTORY_ITEMS_BY_ID = `#graphql
  ${ITEM_PRODUCTS}
  query InventoryItemsById($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on InventoryItem {
        ...ItemProducts
      }
    }
  }
` as const;

export const INVENTORY_ITEMS_PAGE = `#graphql
  ${ITEM_PRODUCTS}
  query InventoryItemsPage($first: Int!, $after: String, $query: String) {
    inventoryItems(first: $first, after: $after, query: $query) {
      nodes {
        ...ItemProducts
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
` as const;

export const PRODUCTS_COUNT = `#graphql
  query ProductsCount($query: String) {
    productsCount(query: $query, limit: null) {
      count
      precision
    }
  }
` as const;
