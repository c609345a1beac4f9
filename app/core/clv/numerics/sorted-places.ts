/**
 * The places of values from the smallest to the largest, of equal ones the earlier first: a radix sort of the numbers' bits, 16 at a
 * time, because comparing takes a second for a million and a backtest sorts dozens of times.
 *
 * Worked example: 3, -1, 3, 0 stand in the order 1, 3, 0, 2.
 */
export function sortedPlaces(values: ArrayLike<number>): Int32Array {
  const count = values.length;
  // Adding 0 makes -0 the same as 0.
  const bits = new Uint32Array(Float64Array.from(values, (value) => value + 0).buffer);
  for (let i = 0; i < count; i++) orderBits(bits, 2 * i);
  let places = Int32Array.from({ length: count }, (_, i) => i);
  let next = new Int32Array(count);
  for (let digit = 0; digit < 4; digit++) {
    if (distribute(bits, digit, places, next)) [places, next] = [next, places];
  }
  return places;
}

/** Turns the bits of a number so that they order as the numbers do: negative ones are counted down. */
function orderBits(bits: Uint32Array, low: number): void {
  const high = bits[low + 1] as number;
  if (high >>> 31 === 0) {
    bits[low + 1] = high ^ 0x80000000;
    return;
  }
  bits[low] = ~(bits[low] as number);
  bits[low + 1] = ~high;
}

/** One stable pass over a digit; `false` where all have the same one and nothing moves. */
function distribute(bits: Uint32Array, digit: number, from: Int32Array, to: Int32Array): boolean {
  const word = digit >> 1;
  const shift = (digit & 1) * 16;
  const digitOf = (place: number) => ((bits[2 * place + word] as number) >>> shift) & 0xffff;
  const starts = new Int32Array(0x10001);
  for (let i = 0; i < from.length; i++) {
    const at = digitOf(i) + 1;
    starts[at] = (starts[at] as number) + 1;
  }
  if (from.length === 0 || starts[digitOf(0) + 1] === from.length) return false;
  for (let at = 1; at < starts.length; at++) {
    starts[at] = (starts[at] as number) + (starts[at - 1] as number);
  }
  for (let i = 0; i < from.length; i++) {
    const place = from[i] as number;
    const at = digitOf(place);
    to[starts[at] as number] = place;
    starts[at] = (starts[at] as number) + 1;
  }
  return true;
}
