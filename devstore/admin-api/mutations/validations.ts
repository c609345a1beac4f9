/** Cart and checkout validations: which of an app's functions check a shop's carts. */
import { functionsOf } from "../../functions/deployed.ts";
import type { ValidationState } from "../../state/model.ts";
import type { Context } from "../context.ts";
import { userError, type UserError } from "../errors.ts";
import { fields } from "../model/fields.ts";
import { namespaceOf } from "../model/metafield.ts";
import { validationSource } from "../model/validation.ts";
import { apiTypeOf } from "../model/discount.ts";
import { idOf, onlyKnows } from "./results.ts";

interface Input {
  functionHandle?: string | null;
  functionId?: string | null;
  title?: string | null;
  enable?: boolean | null;
  blockOnFailure?: boolean | null;
}

/** Shopify lets no more be live. */
const MOST_ENABLED = 25;

const refused = (error: UserError) => ({ validation: null, userErrors: [error] });
const answered = (validation: ValidationState) => ({
  validation: validationSource(validation),
  userErrors: [],
});

function tooMany(shop: Context["shop"], id: number | null): UserError | null {
  const others = (shop.validations ?? []).filter((each) => each.enabled && each.id !== id);
  if (others.length < MOST_ENABLED) return null;
  const message = "Cannot have more than 25 active validation functions.";
  return userError(["validation", "enable"], message, "MAX_VALIDATIONS_ACTIVATED");
}

function create(input: Input, context: Context) {
  const { world, shop } = context;
  onlyKnows(input, "ValidationCreateInput", [
    "functionHandle",
    "functionId",
    "title",
    "enable",
    "blockOnFailure",
  ]);
  const { functionHandle, functionId } = input;
  if (functionHandle && functionId)
    return refused(
      userError(
        ["validation"],
        "Only one of function_id or function_handle can be provided, not both.",
        "MULTIPLE_FUNCTION_IDENTIFIERS",
      ),
    );
  const asked = functionHandle ?? functionId;
  if (!asked)
    return refused(
      userError(
        ["validation"],
        "Either function_id or function_handle must be provided.",
        "MISSING_FUNCTION_IDENTIFIER",
      ),
    );
  const field = ["validation", functionHandle ? "functionHandle" : "functionId"];
  const found = functionsOf(world).find(({ handle }) => handle === asked);
  if (!found) return refused(userError(field, "Function not found.", "FUNCTION_NOT_FOUND"));
  if (apiTypeOf(found.target) !== "cart_checkout_validation")
    return refused(
      userError(
        field,
        "Function does not implement the required interface for this cart & checkout validation.",
        "FUNCTION_DOES_NOT_IMPLEMENT",
      ),
    );
  const full = input.enable === true ? tooMany(shop, null) : null;
  if (full) return refused(full);
  const validation: ValidationState = {
    id: Math.max(0, ...(shop.validations ?? []).map(({ id }) => id)) + 1,
    handle: found.handle,
    title: input.title ?? found.title,
    enabled: input.enable === true,
    blockOnFailure: input.blockOnFailure === true,
    namespace: namespaceOf("$app", context),
  };
  shop.validations = [...(shop.validations ?? []), validation];
  return answered(validation);
}

/** What is not named is as the input's defaults have it: a change that does not say `enable` switches off. */
function update(id: number, input: Input, { shop }: Context) {
  onlyKnows(input, "ValidationUpdateInput", ["title", "enable", "blockOnFailure"]);
  const validation = shop.validations?.find((each) => each.id === id);
  if (!validation) return refused(userError(["id"], "Validation not found.", "NOT_FOUND"));
  const full = input.enable === true ? tooMany(shop, id) : null;
  if (full) return refused(full);
  validation.enabled = input.enable === true;
  validation.blockOnFailure = input.blockOnFailure === true;
  validation.title = input.title ?? validation.title;
  return answered(validation);
}

export const validationMutations = fields<unknown>({
  validationCreate: (_source, args, context) => create(args["validation"] as Input, context),
  validationUpdate: (_source, args, context) =>
    update(idOf(args["id"]), args["validation"] as Input, context),
  validationDelete: (_source, args, { shop }) => {
    const id = idOf(args["id"]);
    const found = shop.validations?.some((each) => each.id === id);
    if (!found)
      return { deletedId: null, userErrors: [userError(["id"], "Validation not found.", "NOT_FOUND")] };
    shop.validations = (shop.validations ?? []).filter((each) => each.id !== id);
    return { deletedId: args["id"], userErrors: [] };
  },
});
