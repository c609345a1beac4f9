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
