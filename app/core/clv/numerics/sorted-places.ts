/**
 * The places of values from the smallest to the largest, of equal ones the earlier first: a radix sort of the numbers' bits, because comparing
 * takes a second for a million and a backtest sorts dozens of times. The upper half of a number's bits is moved along with its place, 11 bits at a
 * time, so that memory is read in order; the lower half is looked at only where upper halves are the same.
 *
 * Worked example: 3, -1, 3, 0 stand in the order 1, 3, 0, 2.
 */
export function sortedPlaces(values: ArrayLike<number>): Int32Array {
  const count = values.length;
  const numbers = new Float64Array(count);
  // Adding 0 makes -0 the same as 0.
  for (let i = 0; i < count; i++) numbers[i] = (values[i] as number) + 0;
  const words = new Uint32Array(numbers.buffer);
  const keys = new Uint32Array(count);
  const places = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    orderBits(words, 2 * i);
    keys[i] = words[2 * i + 1] as number;
    places[i] = i;
  }
  sortTogether(keys, places);
  for (let from = 0; from < count;) {
    let to = from + 1;
    let isSame = true;
    const low = words[2 * (places[from] as number)] as number;
    while (to < count && keys[to] === keys[from]) {
      if (words[2 * (places[to] as number)] !== low) isSame = false;
      to++;
    }
    if (!isSame) {
      const run = places.subarray(from, to);
      sortTogether(
        Uint32Array.from(run, (place) => words[2 * place] as number),
        run,
      );
    }
    from = to;
  }
  return places;
}

/** Turns the bits of a number so that they order as the numbers do: negative ones are counted down. */
function orderBits(words: Uint32Array, low: number): void {
  const high = words[low + 1] as number;
  if (high >>> 31 === 0) {
    words[low + 1] = high ^ 0x80000000;
    return;
  }
  words[low] = ~(words[low] as number);
  words[low + 1] = ~high;
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
/** Shorter runs are sorted by inserting. */
const FEW = 48;

/** Both by the keys, stably. */
function sortTogether(keys: Uint32Array, places: Int32Array): void {
  if (keys.length < FEW) return insertTogether(keys, places);
  let [fromKeys, fromPlaces] = [keys, places];
  let [toKeys, toPlaces]: [Uint32Array, Int32Array] = [
    new Uint32Array(keys.length),
    new Int32Array(keys.length),
  ];
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    if (!distribute(shift, fromKeys, fromPlaces, toKeys, toPlaces)) continue;
    [fromKeys, toKeys, fromPlaces, toPlaces] = [toKeys, fromKeys, toPlaces, fromPlaces];
  }
  if (fromKeys !== keys) {
    keys.set(fromKeys);
    places.set(fromPlaces);
  }
}

/** One stable pass over a digit; `false` where all have the same one and nothing moves. */
function distribute(
  shift: number,
  fromKeys: Uint32Array,
  fromPlaces: Int32Array,
  toKeys: Uint32Array,
  toPlaces: Int32Array,
): boolean {
  const mask = DIGITS - 1;
  const starts = new Int32Array(DIGITS + 1);
  for (let i = 0; i < fromKeys.length; i++) {
    const at = (((fromKeys[i] as number) >>> shift) & mask) + 1;
    starts[at] = (starts[at] as number) + 1;
  }
  if (starts[(((fromKeys[0] as number) >>> shift) & mask) + 1] === fromKeys.length) return false;
  for (let at = 1; at < starts.length; at++) {
    starts[at] = (starts[at] as number) + (starts[at - 1] as number);
  }
  for (let i = 0; i < fromKeys.length; i++) {
    const key = fromKeys[i] as number;
    const digit = (key >>> shift) & mask;
    const to = starts[digit] as number;
    starts[digit] = to + 1;
    toKeys[to] = key;
    toPlaces[to] = fromPlaces[i] as number;
  }
  return true;
}

function insertTogether(keys: Uint32Array, places: Int32Array): void {
  for (let i = 1; i < keys.length; i++) {
    const [key, place] = [keys[i] as number, places[i] as number];
    let to = i;
    for (; to > 0 && (keys[to - 1] as number) > key; to--) {
      keys[to] = keys[to - 1] as number;
      places[to] = places[to - 1] as number;
    }
    keys[to] = key;
    places[to] = place;
  }
}
