/**
 * Runs one target of an extension: a worker without origin or document of its own, as Shopify's are, in which the extension draws into
 * Remote DOM's document and asks the page for everything else.
 */
import "@remote-dom/core/polyfill";
import { ROOT_ID } from "@remote-dom/core";
import { BatchingRemoteConnection, connectRemoteNode, setRemoteId } from "@remote-dom/core/elements";
import { FETCH, packed, unpacked, type Boot, type ToPage, type ToWorker } from "../protocol.ts";
import { defineElements } from "./elements.ts";
import { createShopifyApi, type ShopifyApi } from "./shopify-api.ts";

interface Scope {
  postMessage(message: ToPage): void;
  onmessage: ((event: { data: ToWorker }) => void) | null;
  shopify?: object;
  fetch: typeof fetch;
}

const scope = globalThis as unknown as Scope;
const post = scope.postMessage.bind(globalThis);
const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
const listeners = new Map<number, (...args: unknown[]) => unknown>();
const numbers = new WeakMap<object, number>();
let last = 0;
let api: ShopifyApi | undefined;

function keep(given: (...args: unknown[]) => unknown): number {
  const known = numbers.get(given);
  if (known !== undefined) return known;
  last += 1;
  numbers.set(given, last);
  listeners.set(last, given);
  return last;
}

function call(path: string, args: unknown[]): Promise<unknown> {
  last += 1;
  const id = last;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    post({ kind: "call", id, path, args: packed(args, keep) as unknown[] });
  });
}

scope.onmessage = ({ data }) => {
  if (data.kind === "boot") start(data.boot).catch(fail);
  else if (data.kind === "signal") api?.setSignal(data.path, data.value);
  else if (data.kind === "invoke") listeners.get(data.id)?.(...data.args);
  else {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.ok) asked?.resolve(unpacked(data.value, () => undefined));
    else asked?.reject(new Error(data.message));
  }
};

async function start(boot: Boot): Promise<void> {
  defineElements(boot.surface);
  api = createShopifyApi(boot, call);
  scope.shopify = api.shopify;
  scope.fetch = fetchOf(boot);
  // The bundle is a script that registers itself: `shopify.extend(target, callback)`.
  (0, eval)(boot.script);
  const run = api.registered();
  if (!run) throw new Error(`the bundle registers nothing for ${boot.surface.target}`);
  const connection = new BatchingRemoteConnection({
    mutate: (records) => post({ kind: "mutate", records: packed(records, keep) as never }),
    call: () => {
      throw new Error("methods of elements are not simulated by the local Shopify");
    },
  });
  // Each change is told with its place as it happens: an observer of mutations would count places after all of them.
  setRemoteId(document.body, ROOT_ID);
  connectRemoteNode(document.body, connection);
  await run();
  connection.flush();
  post({ kind: "rendered" });
}

/** The network is there for extensions that ask for it; Shopify's own addresses go through the page. */
function fetchOf({ capabilities }: Boot): typeof fetch {
  const network = scope.fetch.bind(globalThis);
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (url.startsWith("shopify://")) {
      const body = typeof init?.body === "string" ? init.body : "";
      const { status, text } = (await call(FETCH, [url, body])) as { status: number; text: string };
      return new Response(text, { status, headers: { "Content-Type": "application/json" } });
    }
    if (!capabilities.includes("network_access"))
      throw new TypeError(
        "fetch: the extension does not ask for network_access in its shopify.extension.toml",
      );
    return network(input, init);
  };
}

function fail(error: unknown): void {
  post({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
}

addEventListener("error", (event) => fail(event.error ?? event.message));
addEventListener("unhandledrejection", (event) => fail(event.reason));
