/** Mounts one target of an extension into a page: its worker, its elements, and the API that the page lends it. */
import { DOMRemoteReceiver } from "@remote-dom/core/receivers";
import type { ExtensionTexts } from "../declared.ts";
import { FETCH, packed, unpacked, type Boot, type ToPage, type ToWorker } from "../protocol.ts";
import type { ApiMember, ApiMembers, Surface } from "../surface.ts";
import { defineElements, isDrawn } from "./elements.ts";
import { PageSignal } from "./signal.ts";

/** A target of an extension as the server describes it. */
export interface HostedExtension {
  handle: string;
  /** Where its bundle lies. */
  scriptUrl: string;
  surface: Surface;
  texts: ExtensionTexts;
  capabilities: readonly string[];
}

/** What the page gives to `shopify`, as the API has it: signals, values and functions. What the target does not have stays here. */
export interface HostApi {
  readonly [name: string]: unknown;
}

export interface Mounted {
  unmount(): void;
}

export interface MountOptions {
  /** As Shopify names it: `pl`, `en-GB`. */
  language: string;
  currency: string;
  /** Answers `fetch("shopify://…")`. */
  fetchShopify?: (url: string, body: string) => Promise<{ status: number; text: string }>;
}

const HOST = "/extension-host";

/**
 * `container.dataset.extensionState` is `loading`, then `rendered` once the extension's callback is done, or `failed`, with what went wrong
 * written into the container.
 */
export async function mountExtension(
  extension: HostedExtension,
  api: HostApi,
  container: HTMLElement,
  { language, currency, fetchShopify }: MountOptions,
): Promise<Mounted> {
  const started = performance.now();
  const { surface, texts, capabilities } = extension;
  container.dataset["extensionTarget"] = surface.target;
  container.dataset["extensionState"] = "loading";
  defineElements();
  const [script, workerScript] = await Promise.all([
    textOf(extension.scriptUrl),
    textOf(`${HOST}/worker.js`),
  ]);
  // A worker from a data address has no origin: what it fetches carries `Origin: null`, as at Shopify.
  const worker = new Worker(`data:text/javascript;charset=utf-8,${encodeURIComponent(workerScript)}`);
  const send = (message: ToWorker) => worker.postMessage(message);
  const received = new DOMRemoteReceiver({ root: container, elements: policies(surface) });
  const lent = collect(surface.api, api);
  const subscriptions = [...lent.signals].map(([path, signal]) =>
    signal.subscribe((value) => send({ kind: "signal", path, value })),
  );

  function fail(message: string): void {
    container.dataset["extensionState"] = "failed";
    const note = document.createElement("pre");
    note.setAttribute("role", "alert");
    note.textContent = `${extension.handle} on ${surface.target}: ${message}`;
    container.append(note);
  }

  function invoke(id: number, args: unknown[]): void {
    send({ kind: "invoke", id, args });
  }

  async function answer(id: number, path: string, args: unknown[]): Promise<void> {
    try {
      const run = path === FETCH ? fetchShopify : lent.functions.get(path);
      if (!run) throw new Error(`${path} is not simulated here by the local Shopify`);
      const value: unknown = await (run as (...given: unknown[]) => unknown)(
        ...(unpacked(args, invoke) as unknown[]),
      );
      send({ kind: "answer", id, ok: true, value: packed(value, () => 0) });
    } catch (error) {
      send({
        kind: "answer",
        id,
        ok: false,
        message: error instanceof Error ? error.message : String(error),
      });
    }
  }

  worker.onmessage = ({ data }: MessageEvent<ToPage>) => {
    if (data.kind === "mutate") {
      try {
        received.connection.mutate(unpacked(data.records, invoke) as never);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        fail(message.replace(/^Element is not allowed: (.*)$/, "<$1> is not drawn by the local Shopify"));
      }
    } else if (data.kind === "call") void answer(data.id, data.path, data.args);
    else if (data.kind === "failed") fail(data.message);
    else {
      container.dataset["extensionState"] = "rendered";
      container.dataset["extensionMs"] = String(Math.round(performance.now() - started));
    }
  };
  worker.onerror = (event) => fail(event.message);

  const boot: Boot = {
    script,
    surface,
    texts,
    language,
    currency,
    capabilities,
    signals: Object.fromEntries([...lent.signals].map(([path, { value }]) => [path, value])),
    values: Object.fromEntries(lent.values),
    functions: [...lent.functions.keys()],
  };
  send({ kind: "boot", boot });
  return {
    unmount() {
      worker.terminate();
      for (const end of subscriptions) end();
      container.replaceChildren();
    },
  };
}

async function textOf(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
  return answer.text();
}

interface Lent {
  signals: Map<string, PageSignal<unknown>>;
  values: Map<string, unknown>;
  functions: Map<string, (...args: unknown[]) => unknown>;
}

/** What the target declares of what the page has. */
function collect(
  declared: ApiMembers,
  api: HostApi,
  prefix = "",
  lent: Lent = { signals: new Map(), values: new Map(), functions: new Map() },
): Lent {
  for (const [name, kind] of Object.entries(declared)) {
    if (!(name in api)) continue;
    const path = prefix === "" ? name : `${prefix}.${name}`;
    take(kind, path, api[name], lent);
  }
  return lent;
}

function take(kind: ApiMember, path: string, value: unknown, lent: Lent): void {
  if (typeof kind === "object") {
    if (typeof value === "object" && value !== null) collect(kind, value as HostApi, path, lent);
  } else if (kind === "signal" && value instanceof PageSignal) lent.signals.set(path, value);
  else if (kind === "function" && typeof value === "function") lent.functions.set(path, value as never);
  else if (kind === "value") lent.values.set(path, value);
  else throw new Error(`shopify.${path} is a ${kind} at Shopify, and something else here`);
}

/** Also where the extension's worker would let something through, the page takes only what the target has. */
function policies({ elements }: Surface) {
  return Object.fromEntries(
    Object.entries(elements)
      .filter(([name]) => isDrawn(name))
      .map(([name, { properties, events }]) => [
        name,
        {
          properties: Object.fromEntries(
            Object.entries(properties).map(([property, type]) => [property, type === "any" ? {} : { type }]),
          ),
          attributes: ["slot"],
          events: Object.fromEntries(events.map((event) => [event, {}])),
        },
      ]),
  );
}
