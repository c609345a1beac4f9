/**
 * A member's code: the member's number, shuffled under a seed of the shop's, with a letter that finds typing mistakes. So every member has one
 * without anybody having made it, it stays for good, and it tells neither how many members there are nor who comes next.
 */

/** Without letters that look like others (Crockford's base 32). */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const HALF_BITS = 20;
const HALF = 2 ** HALF_BITS;
const DIGITS = 8;
const ROUNDS = 6;
const CHECK_PRIME = 31;

/** `seed`: of the shop, hexadecimal, kept for good. */
export function codeOfMember(memberId: number, seed: string): string {
  let left = Math.floor(memberId / HALF);
  let right = memberId % HALF;
  for (let round = 0; round < ROUNDS; round += 1) [left, right] = [right, left ^ mixed(right, round, seed)];
  const digits = digitsOf(left * HALF + right);
  return digits + checkOf(digits);
}

/** `null`: no code of this shop's. However it was typed: in small letters, with spaces, or with O for 0. */
export function memberOfCode(typed: string, seed: string): number | null {
  const code = typed
    .slice(0, 40)
    .toUpperCase()
    .replace(/[\s-]/g, "")
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1");
  if (code.length !== DIGITS + 1 || [...code].some((letter) => !LETTERS.includes(letter))) return null;
  const digits = code.slice(0, DIGITS);
  if (checkOf(digits) !== code.at(-1)) return null;
  const value = [...digits].reduce((sum, letter) => sum * 32 + LETTERS.indexOf(letter), 0);
  let left = Math.floor(value / HALF);
  let right = value % HALF;
  for (let round = ROUNDS - 1; round >= 0; round -= 1)
    [left, right] = [right ^ mixed(left, round, seed), left];
  const memberId = left * HALF + right;
  return memberId > 0 && memberId < 2 ** 31 ? memberId : null;
}

function digitsOf(value: number): string {
  let left = value;
  let digits = "";
  for (let count = 0; count < DIGITS; count += 1) {
    digits = LETTERS.charAt(left % 32) + digits;
    left = Math.floor(left / 32);
  }
  return digits;
}

/** Weighted by place modulo a prime: one wrong letter, or two that changed places, show. */
function checkOf(digits: string): string {
  const sum = [...digits].reduce((total, letter, at) => total + (at + 1) * LETTERS.indexOf(letter), 0);
  return LETTERS.charAt(sum % CHECK_PRIME);
}

/** FNV-1a over seed, round and half, stirred as MurmurHash3 ends. */
function mixed(half: number, round: number, seed: string): number {
  let hash = 2_166_136_261;
  for (const character of `${seed}/${round}/${half}`)
    hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return ((hash ^ (hash >>> 16)) >>> 0) % HALF;
}
