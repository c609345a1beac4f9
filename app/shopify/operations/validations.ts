/** The validation of carts by our function: whether it was deployed, and whether it is on. */

export const VALIDATIONS = `#graphql
  query Validations {
    shopifyFunctions(first: 50) {
      nodes {
        handle
      }
    }
    validations(first: 100) {
      nodes {
        id
        enabled
        shopifyFunction {
          handle
        }
      }
    }
  }
` as const;

export const CREATE_VALIDATION = `#graphql
  mutation CreateValidation($validation: ValidationCreateInput!) {
    validationCreate(validation: $validation) {
      validation {
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

export const UPDATE_VALIDATION = `#graphql
  mutation UpdateValidation($id: ID!, $validation: ValidationUpdateInput!) {
    validationUpdate(id: $id, validation: $validation) {
      validation {
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
