/** Runs a shop's validations on a cart: each function's own input query over Shopify's schema, and its answer read as that schema's. */
import { coerceInputValue, graphqlSync, isInputType, type GraphQLSchema } from "graphql";
import { validationFunctionSchema } from "../../scripts/shopify-schema.ts";
import type { ShopState, ValidationState, World } from "../state/model.ts";
import { now } from "../state/world.ts";
import { functionsOf, type DeployedFunction } from "./deployed.ts";

export interface ValidatedCart {
  lines: readonly { productId: number | null; variantId: number | null; quantity: number }[];
  /** Who is logged in; a guest's e-mail address makes nobody authenticated. */
  customerId: number | null;
  isAuthenticated: boolean;
  /** Such as `pt-BR`. */
  locale: string;
  step: "CART_INTERACTION" | "CHECKOUT_INTERACTION" | "CHECKOUT_COMPLETION";
}

interface Answer {
  operations: { validationAdd?: { errors: { message: string; target: string }[] } | null }[];
}

const RESULT = "CartValidationsGenerateRunResult";
let known: GraphQLSchema | undefined;

/** What keeps this cart from going on, in the order of the validations. One that fails keeps nobody, unless it was made to block. */
export function runValidations(world: World, shop: ShopState, cart: ValidatedCart): string[] {
  return (shop.validations ?? [])
    .filter(({ enabled }) => enabled)
    .flatMap((validation) => {
      const deployed = functionsOf(world).find(({ handle }) => handle === validation.handle);
      if (!deployed) return [];
      try {
        return errorsOf(world, shop, validation, deployed, cart);
      } catch (error) {
        console.warn(`${deployed.handle}: ${String(error)}`);
        return validation.blockOnFailure ? ["There was a problem with your order. Try again."] : [];
      }
    });
}

function errorsOf(
  world: World,
  shop: ShopState,
  validation: ValidationState,
  deployed: DeployedFunction,
  cart: ValidatedCart,
): string[] {
  const schema = (known ??= validationFunctionSchema());
  const rootValue = inputOf(world, shop, validation, cart);
  const { data, errors } = graphqlSync({ schema, source: deployed.inputQuery, rootValue });
  if (errors) throw new Error(errors.map(({ message }) => message).join("; "));
  // The function gets JSON, as across the border of a Wasm module.
  const answer = JSON.parse(JSON.stringify(deployed.run(JSON.parse(JSON.stringify(data))))) as unknown;
  const type = schema.getType(RESULT);
  if (!isInputType(type)) throw new Error(`Shopify's schema has no ${RESULT}`);
  const { operations } = coerceInputValue(answer, type) as Answer;
  return operations.flatMap(({ validationAdd }) =>
    (validationAdd?.errors ?? []).map(({ message }) => message),
  );
}

function inputOf(
  world: World,
  shop: ShopState,
  { namespace: own }: ValidationState,
  { lines, customerId, isAuthenticated, locale, step }: ValidatedCart,
) {
  const metafieldOf =
    (owner: string) =>
    ({ namespace, key }: { namespace?: string | null; key: string }) => {
      const full = namespace === undefined || namespace === null || namespace === "$app" ? own : namespace;
      const metafield = shop.metafields.get(owner)?.get(`${full}.${key}`);
      return metafield && { ...metafield, jsonValue: JSON.parse(metafield.value) as unknown };
    };
  const product = (id: number) => ({
    id: `gid://shopify/Product/${id}`,
    title: shop.products.get(id)?.title ?? "",
    metafield: metafieldOf(`gid://shopify/Product/${id}`),
  });
  const customer = customerId === null ? null : shop.customers.get(customerId);
  return {
    buyerJourney: { step },
    localization: { language: { isoCode: locale.toUpperCase().replace("-", "_") } },
    shop: {
      // As Swedes write days.
      localTime: { date: new Intl.DateTimeFormat("sv-SE", { timeZone: shop.timeZone }).format(now(world)) },
    },
    cart: {
      buyerIdentity: {
        isAuthenticated,
        customer: customer && {
          id: `gid://shopify/Customer/${customer.id}`,
          metafield: metafieldOf(`gid://shopify/Customer/${customer.id}`),
        },
      },
      lines: lines.map(({ productId, variantId, quantity }, index) => ({
        id: `gid://shopify/CartLine/${index}`,
        quantity,
        merchandise:
          variantId === null || productId === null
            ? { __typename: "CustomProduct" }
            : {
                __typename: "ProductVariant",
                id: `gid://shopify/ProductVariant/${variantId}`,
                product: product(productId),
              },
      })),
    },
  };
}
