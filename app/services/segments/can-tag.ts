/** Whether the merchant has granted the optional scope that tags need. */
export const TAGGING_SCOPE = "write_customers";

export function canTag({ scopes }: { scopes: string }): boolean {
  return scopes.split(",").some((scope) => scope.trim() === TAGGING_SCOPE);
}
