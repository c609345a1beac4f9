/** Questions about the shop itself. */

export const SHOP_FACTS = `#graphql
  query ShopFacts {
    shop {
      id
      myshopifyDomain
      currencyCode
      ianaTimezone
      createdAt
      shopAddress {
        countryCodeV2
      }
      plan {
        publicDisplayName
        shopifyPlus
      }
    }
    currentAppInstallation {
      accessScopes {
        handle
      }
      activeSubscriptions {
        name
      }
    }
  }
`;
