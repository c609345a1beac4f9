/** The global `shopify` of an extension: exactly the members that its target has, with signals of the extension's own Preact. */
import { createI18n } from "../i18n.ts";
import type { Boot } from "../protocol.ts";
import type { ApiMember, ApiMembers } from "../surface.ts";

interface HostSignal {
  value: unknown;
}

type SignalClass = new (value: unknown) => HostSignal;

/** Until the extension gives its own: holds a value and tells nobody. */
class PlainSignal implements HostSignal {
  value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
  subscribe(): () => void {
    return () => undefined;
  }
}

export interface ShopifyApi {
  shopify: object;
  /** The callback that the extension registered for the target. */
  registered: () => (() => unknown) | undefined;
  setSignal: (path: string, value: unknown) => void;
}

export function createShopifyApi(
  boot: Boot,
  call: (path: string, args: unknown[]) => Promise<unknown>,
): ShopifyApi {
  const { surface } = boot;
  const held = new Map(Object.entries(boot.signals));
  const made = new Map<string, HostSignal>();
  let Signal: SignalClass = PlainSignal;
  let callback: (() => unknown) | undefined;

  function signal(path: string): HostSignal {
    const known = made.get(path);
    if (known) return known;
    const one = new Signal(held.get(path));
    // Older names for reading a signal and for letting it go.
    Object.defineProperties(one, {
      current: { get: () => one.value },
      destroy: { value: () => Promise.resolve() },
    });
    made.set(path, one);
    return one;
  }

  const i18n = createI18n(boot.texts, boot.language, boot.currency);
  const own = new Map<string, unknown>([
    ...Object.entries(i18n).map(([name, value]) => [`i18n.${name}`, value] as const),
    ["setSignals", (given: SignalClass) => void (Signal = given)],
    [
      "extend",
      (target: string, run: () => unknown) => {
        if (target === surface.target) callback = run;
      },
    ],
  ]);
  // Not declared in a target's API, but called by what every extension imports and by its bundle.
  const always: ApiMembers = { setSignals: "function", extend: "function" };

  function member(path: string, kind: ApiMember): unknown {
    if (own.has(path)) return own.get(path);
    if (typeof kind === "object") return members(kind, path);
    if (kind === "signal" && held.has(path)) return signal(path);
    if (kind === "function" && boot.functions.includes(path)) return (...args: unknown[]) => call(path, args);
    if (kind === "value" && path in boot.values) return boot.values[path];
    throw new Error(`shopify.${path} is not simulated by the local Shopify`);
  }

  function members(declared: ApiMembers, prefix: string): object {
    const known = new Map<string, unknown>();
    return new Proxy(
      {},
      {
        has: (_, name) => typeof name === "string" && Object.hasOwn(declared, name),
        ownKeys: () => Object.keys(declared),
        getOwnPropertyDescriptor: (_, name) =>
          typeof name === "string" && Object.hasOwn(declared, name)
            ? { configurable: true, enumerable: true }
            : undefined,
        get(_, name) {
          if (typeof name === "symbol") return undefined;
          const path = prefix === "" ? name : `${prefix}.${name}`;
          const kind = Object.hasOwn(declared, name) ? declared[name] : undefined;
          if (kind === undefined)
            throw new Error(`shopify.${path} is not in the API of ${surface.target} (${surface.apiVersion})`);
          if (!known.has(name)) known.set(name, member(path, kind));
          return known.get(name);
        },
        set(_, name) {
          throw new Error(`shopify.${String(name)} cannot be written`);
        },
      },
    );
  }

  return {
    shopify: members({ ...surface.api, ...always }, ""),
    registered: () => callback,
    setSignal(path, value) {
      held.set(path, value);
      const one = made.get(path);
      if (one) one.value = value;
    },
  };
}
