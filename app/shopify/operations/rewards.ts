/** What rewards ask of Shopify: a discount with a code of its own, a gift card, store credit. Each can be looked for before it is made. */

/** All kinds are looked for by code, because that is known before they are made. */
export const DISCOUNT_BY_CODE = `#graphql
  query DiscountByCode($code: String!) {
    codeDiscountNodeByCode(code: $code) {
      id
      codeDiscount {
        __typename
        ... on DiscountCodeBasic {
          status
          endsAt
          asyncUsageCount
        }
        ... on DiscountCodeFreeShipping {
          status
          endsAt
          asyncUsageCount
        }
        ... on DiscountCodeApp {
          status
          endsAt
          asyncUsageCount
        }
      }
    }
  }
` as const;

export const CREATE_DISCOUNT = `#graphql
  mutation CreateDiscount($discount: DiscountCodeBasicInput!) {
    created: discountCodeBasicCreate(basicCodeDiscount: $discount) {
      codeDiscountNode {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
` as const;

export const CREATE_FREE_SHIPPING = `#graphql
  mutation CreateFreeShipping($discount: DiscountCodeFreeShippingInput!) {
    created: discountCodeFreeShippingCreate(freeShippingCodeDiscount: $discount) {
      codeDiscountNode {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
` as const;

/** Behind it is our function (extensions/points-discount), which reads its metafield. */
export const CREATE_APP_DISCOUNT = `#graphql
  mutation CreateAppDiscount($discount: DiscountCodeAppInput!) {
    created: discountCodeAppCreate(codeAppDiscount: $discount) {
      codeAppDiscount {
        discountId
      }
      userErrors {
        code
        field
        message
      }
    }
  }
` as const;

/** Those of this app that the merchant's shop has, as they were deployed. */
export const DISCOUNT_FUNCTIONS = `#graphql
  query DiscountFunctions {
    shopifyFunctions(first: 25, apiType: "discount") {
      nodes {
        handle
      }
    }
  }
` as const;

export const DEACTIVATE_DISCOUNT = `#graphql
  mutation DeactivateDiscount($id: ID!) {
    discountCodeDeactivate(id: $id) {
      codeDiscountNode {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
` as const;

/** What one unit of a free product costs today. */
export const VARIANT_PRICE = `#graphql
  query VariantPrice($id: ID!) {
    productVariant(id: $id) {
      price
    }
  }
` as const;

/** The search is by words: the one is told by its last letters and its note. */
export const GIFT_CARDS_BY_CODE = `#graphql
  query GiftCardsByCode($query: String!) {
    giftCards(first: 10, query: $query) {
      nodes {
        id
        lastCharacters
        note
        enabled
        balance {
          amount
        }
        initialValue {
          amount
        }
      }
    }
  }
` as const;

export const CREATE_GIFT_CARD = `#graphql
  mutation CreateGiftCard($input: GiftCardCreateInput!) {
    created: giftCardCreate(input: $input) {
      giftCard {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
` as const;

export const DEACTIVATE_GIFT_CARD = `#graphql
  mutation DeactivateGiftCard($id: ID!) {
    giftCardDeactivate(id: $id) {
      giftCard {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
` as const;

export const STORE_CREDITS = `#graphql
  query StoreCredits($customerId: ID!, $accounts: String!, $after: String) {
    customer(id: $customerId) {
      storeCreditAccounts(first: 1, query: $accounts) {
        nodes {
          id
          transactions(first: 50, after: $after, reverse: true, query: "type:credit") {
            nodes {
              amount {
                amount
              }
              createdAt
              ... on StoreCreditAccountCreditTransaction {
                id
                expiresAt
              }
            }
            pageInfo {
              hasNextPage
              endCursor
            }
          }
        }
      }
    }
  }
` as const;

export const CREDIT_STORE_CREDIT = `#graphql
  mutation CreditStoreCredit($id: ID!, $credit: StoreCreditAccountCreditInput!) {
    credited: storeCreditAccountCredit(id: $id, creditInput: $credit) {
      storeCreditAccountTransaction {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
` as const;
