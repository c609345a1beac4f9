/** Where the older lines of a member's statement begin, as an address or a page carries it. */
import { z } from "zod";
import type { StatementPlace } from "../../db/queries/member-statement.server.ts";

const places = z
  .string()
  .regex(/^\d{1,15}(_\d{1,15}){5}$/)
  .transform((text): StatementPlace => {
    const [at = 0, memberId = 0, number = 0, pending = 0, available = 0, owed = 0] = text
      .split("_")
      .map(Number);
    return { at, memberId, number, pending, available, owed };
  });

/** `null`: the beginning, also for what is no place. */
export function placeFrom(text: string | null): StatementPlace | null {
  return places.safeParse(text).data ?? null;
}

export function placeText({ at, memberId, number, pending, available, owed }: StatementPlace): string {
  return [at, memberId, number, pending, available, owed].join("_");
}
