/**
 * Who is held out of something, so that its effect can be told from what would have happened anyway.
 *
 * The side is a function of the experiment's key and the customer's id alone: nothing is stored, nobody changes sides by being looked at, and
 * a larger share only adds customers to those held out. It must never change: an experiment that runs would lose its meaning.
 */

/** `key` names the experiment (and the shop: two shops' experiments are independent); `share` of all customers, 0 to 1. */
export function isHeldOut(key: string, customerId: number, share: number): boolean {
  return placeOf(key, customerId) < share;
}

/** A number from 0 to below 1, the same for ever, as good as uniform over customers and independent between keys. */
export function placeOf(key: string, customerId: number): number {
  const text = `${key} ${customerId}`;
  // FNV-1a over UTF-16 units, in two lanes that start apart, then the finalizer of MurmurHash3 (Appleby, public domain).
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit ^ (low >>> 15), 0x01000193);
  }
  return (mixed(high ^ mixed(low)) >>> 0) / 2 ** 32;
}

function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
