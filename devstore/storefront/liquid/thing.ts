/** An object of Liquid with exactly the properties that are written down for it: asking for another one fails, as nothing else would tell. */
import { Drop } from "liquidjs";

type Properties = Readonly<Record<string, () => unknown>>;

/** What is wrong with a theme or an app's block: it is shown in place of the page, and the tests see it. */
export class StorefrontError extends Error {
  override name = "StorefrontError";
}

export class Thing extends Drop {
  /** Also what makes it not blank. */
  readonly kind_: string;
  readonly #properties: Properties;
  readonly #known = new Map<string, unknown>();
  readonly #printed: string | null;

  /** `printed` is what `{{ object }}` shows, for the few that can be. */
  constructor(kind: string, properties: Properties, printed: string | null = null) {
    super();
    this.kind_ = kind;
    this.#properties = properties;
    this.#printed = printed;
  }

  override liquidMethodMissing(key: string | number): unknown {
    const name = String(key);
    if (this.#known.has(name)) return this.#known.get(name);
    const property = Object.hasOwn(this.#properties, name) ? this.#properties[name] : undefined;
    if (!property) throw new StorefrontError(`${this.kind_} has no property ${name}`);
    const value = property() ?? null;
    this.#known.set(name, value);
    return value;
  }

  override valueOf(): unknown {
    return this.#printed ?? this;
  }

  /** Gives a property another value, and returns what takes that back. */
  replace_(name: string, value: unknown): () => void {
    const had = this.#known.has(name);
    const before = this.#known.get(name);
    this.#known.set(name, value);
    return () => {
      if (had) this.#known.set(name, before);
      else this.#known.delete(name);
    };
  }

  /** The names of all its properties. */
  propertyNames_(): string[] {
    return Object.keys(this.#properties);
  }
}

/** Finds what it is asked for by name; what is not there is nil, as for `collections` or a namespace of metafields. */
export class Lookup extends Drop {
  readonly kind_: string;
  readonly #find: (name: string) => unknown;

  constructor(kind: string, find: (name: string) => unknown) {
    super();
    this.kind_ = kind;
    this.#find = find;
  }

  override liquidMethodMissing(key: string | number): unknown {
    return this.#find(String(key)) ?? null;
  }
}

/** A long list, of which only what is shown is made. */
export interface PagedList {
  size: number;
  slice(from: number, until: number): unknown[];
}

const paged = new WeakMap<Thing, { property: string; list: () => PagedList }>();

/** Without `paginate` a list shows its first fifty. */
export function makePaged(thing: Thing, property: string, list: () => PagedList): Thing {
  paged.set(thing, { property, list });
  return thing;
}

export function pagedList(thing: Thing, property: string): PagedList | undefined {
  const found = paged.get(thing);
  return found?.property === property ? found.list() : undefined;
}

/** The members as things, made when they are asked for. */
export function listOf<T>(members: readonly T[], make: (member: T) => Thing): PagedList {
  return { size: members.length, slice: (from, until) => members.slice(from, until).map(make) };
}
