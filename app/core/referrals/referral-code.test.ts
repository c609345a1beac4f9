import fc from "fast-check";
import { expect, test } from "vitest";
import { codeOfMember, memberOfCode } from "./referral-code.ts";

const seeds = fc.string({ minLength: 8, maxLength: 32 });
const members = fc.integer({ min: 1, max: 2 ** 31 - 1 });

test("a code leads to its member, however it is typed, and to nobody in another shop", () => {
  fc.assert(
    fc.property(members, seeds, (memberId, seed) => {
      const code = codeOfMember(memberId, seed);
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{9}$/);
      expect(memberOfCode(code, seed)).toBe(memberId);
      const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4).replaceAll("0", "o").replaceAll("1", "l")} `;
      expect(memberOfCode(typed, seed)).toBe(memberId);
      expect(memberOfCode(code, `${seed}!`)).not.toBe(memberId);
    }),
  );
});

test("one wrong letter, or two that changed places, lead nowhere", () => {
  const letter = fc.constantFrom(..."0123456789ABCDEFGHJKMNPQRSTVWXY");
  fc.assert(
    fc.property(members, fc.integer({ min: 0, max: 7 }), letter, (memberId, at, wrong) => {
      const code = codeOfMember(memberId, "seed");
      // Z and 0 weigh the same modulo the prime.
      fc.pre(code.charAt(at) !== wrong && !(code.charAt(at) === "Z" && wrong === "0"));
      expect(memberOfCode(code.slice(0, at) + wrong + code.slice(at + 1), "seed")).toBeNull();
    }),
  );
});

test("members of a shop have codes of their own, which do not follow each other", () => {
  const codes = Array.from({ length: 5_000 }, (_, index) => codeOfMember(index + 1, "seed"));
  expect(new Set(codes).size).toBe(5_000);
  const inOrder = codes.filter((code, index) => code > (codes[index - 1] ?? "")).length;
  expect(inOrder).toBeGreaterThan(2_200);
  expect(inOrder).toBeLessThan(2_800);
});

test("what is no code leads nowhere", () => {
  for (const text of ["", "U".repeat(9), "0".repeat(8), "'; DROP", "🎁".repeat(9), "0".repeat(500)])
    expect(memberOfCode(text, "seed")).toBeNull();
});
