/** What a target may use, as data: the API's members and the elements with theirs. */

/** A member is a value, a signal, a function, or holds others. */
export type ApiMember = "function" | "signal" | "value" | ApiMembers;

export interface ApiMembers {
  readonly [name: string]: ApiMember;
}

export interface ElementMembers {
  /** With what they take, where that is one thing. */
  properties: Readonly<Record<string, "boolean" | "function" | "number" | "string" | "any">>;
  /** `click`, `change`. */
  events: readonly string[];
}

export interface Surface {
  apiVersion: string;
  target: string;
  api: ApiMembers;
  elements: Readonly<Record<string, ElementMembers>>;
}
