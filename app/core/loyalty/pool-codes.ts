/** A partner's codes as a merchant pastes them: one to a line, or the first column of a file. */

export const POOL_BOUNDS = { codes: 10_000, letters: 64, textLetters: 700_000 } as const;

export type PoolCodes =
  { ok: true; codes: string[] } | { ok: false; line: number; because: "too-long" | "odd" };

/** Without a heading that says "code", quotation marks and what comes twice. A code has no spaces and is of plain letters, digits and marks. */
export function poolCodes(text: string): PoolCodes {
  const codes = new Set<string>();
  const lines = text.split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    const cell = (line.split(/[,;\t]/)[0] ?? "").replace(/^\uFEFF/, "").trim();
    const code = /^"(.*)"$/.exec(cell)?.[1]?.trim() ?? cell;
    if (code === "" || (index === 0 && /^codes?$/i.test(code))) continue;
    if (code.length > POOL_BOUNDS.letters) return { ok: false, line: index + 1, because: "too-long" };
    if (!/^[\x21-\x7e]+$/.test(code)) return { ok: false, line: index + 1, because: "odd" };
    codes.add(code);
  }
  return { ok: true, codes: [...codes] };
}
