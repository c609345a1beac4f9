/** Texts of which there are few, such as sources of visits, as small numbers: on their way from rows, and as a column with its dictionary. */

/** Numbers from 1 in the order in which texts come; 0 is no text. */
export interface TextCodes {
  readonly texts: string[];
  readonly codeOf: Map<string, number>;
}

export function textCodes(): TextCodes {
  return { texts: [], codeOf: new Map() };
}

export function codeOfText({ texts, codeOf }: TextCodes, text: string | null): number {
  if (text === null || text === "") return 0;
  const known = codeOf.get(text);
  if (known !== undefined) return known;
  const code = texts.push(text);
  codeOf.set(text, code);
  return code;
}

/** The texts that codes stand for, each once and sorted, and per code its index among them; -1 is no text. */
export function textDictionary(
  codes: Int32Array | Float64Array,
  texts: readonly string[],
): { texts: string[]; index: Int32Array } {
  const isUsed = new Uint8Array(texts.length + 1);
  for (let i = 0; i < codes.length; i++) isUsed[codes[i] as number] = 1;
  const used = texts.filter((_, at) => isUsed[at + 1] === 1);
  const sorted = [...new Set(used)].sort();
  const placeOf = new Map(sorted.map((text, place) => [text, place]));
  const places = Int32Array.from([-1, ...texts.map((text) => placeOf.get(text) ?? -1)]);
  const index = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) index[i] = places[codes[i] as number] as number;
  return { texts: sorted, index };
}
