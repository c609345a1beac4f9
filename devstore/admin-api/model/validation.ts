/** Validations as the Admin API shows them. */
import { functionsOf } from "../../functions/deployed.ts";
import type { ValidationState } from "../../state/model.ts";
import { gid } from "../ids.ts";
import { fields, type Fields } from "./fields.ts";
import type { Typed } from "./sources.ts";

interface ValidationSource extends Typed {
  validation: ValidationState;
}

export function validationSource(validation: ValidationState): ValidationSource {
  return { __typename: "Validation", validation };
}

export const validationTypes: Readonly<Record<string, Fields>> = {
  Validation: fields<ValidationSource>({
    id: ({ validation }) => gid("Validation", validation.id),
    title: ({ validation }) => validation.title,
    enabled: ({ validation }) => validation.enabled,
    blockOnFailure: ({ validation }) => validation.blockOnFailure,
    errorHistory: () => null,
    shopifyFunction: ({ validation }, _args, { world }) => {
      const found = functionsOf(world).find(({ handle }) => handle === validation.handle);
      return { __typename: "ShopifyFunction", ...found };
    },
  }),
};
