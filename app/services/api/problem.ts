/** What is wrong with a request, as RFC 9457 has it. */

export interface Fault {
  /** Where, as a JSON pointer; of a parameter or header its name. */
  at: string;
  message: string;
}

const PROBLEMS = {
  "not-understood": [400, "The request was not understood"],
  "no-valid-key": [401, "There is no valid key"],
  "scope-missing": [403, "The key may not do this"],
  "not-found": [404, "There is no such thing"],
  "method-not-allowed": [405, "This cannot be done here"],
  "key-reused": [409, "The Idempotency-Key was used for another request"],
  "too-large": [413, "The request is too large"],
  "not-json": [415, "The body is not JSON"],
  "no-programme": [422, "The loyalty programme is switched off"],
  "insufficient-points": [422, "The member has too few points"],
  "not-offered": [422, "The reward cannot be had"],
  "too-often": [429, "Too many requests"],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemKind = keyof typeof PROBLEMS;

export const PROBLEM_KINDS = Object.keys(PROBLEMS) as ProblemKind[];

export const problemStatus = (kind: ProblemKind): number => PROBLEMS[kind][0];
export const problemTitle = (kind: ProblemKind): string => PROBLEMS[kind][1];
export const problemType = (kind: ProblemKind): string => `urn:perennial:problem:${kind}`;

export interface Problem {
  kind: ProblemKind;
  detail?: string;
  errors?: readonly Fault[];
}

export function problemResponse(
  { kind, detail, errors }: Problem,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const status = problemStatus(kind);
  const body = {
    type: problemType(kind),
    title: problemTitle(kind),
    status,
    ...(detail && { detail }),
    ...(errors && { errors }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store", ...headers },
  });
}
