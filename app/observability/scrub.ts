/** Strikes tokens and e-mail addresses out of text that was made elsewhere: an error's message may quote anything. */

const SECRETS: readonly [RegExp, string][] = [
  [/[\w.!#$%&'*+/=?^`{|}~-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+/gi, "[e-mail]"],
  // Shopify's tokens, JSON Web Tokens, and what follows the words that announce a secret.
  [/\bshp[a-z]{2}_\w+/gi, "[token]"],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, "[token]"],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, "$1 [token]"],
  [/\b(id_token|access_token|refresh_token|session|hmac|code|secret|password)=[^&\s"'\\]+/gi, "$1=[token]"],
];

export function scrub(text: string): string {
  return SECRETS.reduce((scrubbed, [pattern, mark]) => scrubbed.replace(pattern, mark), text);
}
