/** The keys of the environment that seal what the database must not hold in clear. */
import { config } from "../config.server.ts";
import { parseKeys, type SealingKey } from "./seal.server.ts";

let keys: readonly SealingKey[] | undefined;

export function sealingKeys(): readonly SealingKey[] {
  keys ??= parseKeys(config().ENCRYPTION_KEYS);
  return keys;
}
