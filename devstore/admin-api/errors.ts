/** The errors that the Admin API answers with, in Shopify's shape. */
import { GraphQLError } from "graphql";

/** A valid request for something that this local Shopify does not model: loud, so that nobody mistakes it for empty data. */
export function notSimulated(what: string): GraphQLError {
  return new GraphQLError(`${what} is valid at Shopify, but the local Shopify does not model it.`, {
    extensions: { code: "NOT_SIMULATED", what },
  });
}

export function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "BAD_REQUEST" } });
}

export function accessDenied(field: string, requiredAccess: string): GraphQLError {
  return new GraphQLError(`Access denied for ${field} field. Required access: ${requiredAccess}`, {
    extensions: {
      code: "ACCESS_DENIED",
      documentation: "https://shopify.dev/api/usage/access-scopes",
      requiredAccess,
    },
  });
}

/** An expected refusal inside a mutation's payload. */
export interface UserError {
  field: string[] | null;
  message: string;
  code?: string;
  elementIndex?: number;
}

export function userError(field: string[] | null, message: string, code?: string): UserError {
  return code === undefined ? { field, message } : { field, message, code };
}
