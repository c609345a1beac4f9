/** How far two columns go together (Pearson), from -1 to 1; `null` where one of them does not vary. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const count = a.length;
  let [meanA, meanB] = [0, 0];
  for (let i = 0; i < count; i++) {
    meanA += (a[i] as number) / count;
    meanB += (b[i] as number) / count;
  }
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [fromA, fromB] = [(a[i] as number) - meanA, (b[i] as number) - meanB];
    ab += fromA * fromB;
    aa += fromA * fromA;
    bb += fromB * fromB;
  }
  const scale = 1e-24 * count;
  return aa > scale * meanA ** 2 && bb > scale * meanB ** 2 ? ab / Math.sqrt(aa * bb) : null;
}
