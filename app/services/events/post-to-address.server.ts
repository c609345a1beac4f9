/**
 * Posts to an address that a merchant has named. The name is resolved at the moment of connecting, every address that it has must be a public
 * one, and the connection goes to one of those that were checked: so no second answer of a name server can lead elsewhere. Redirects are not
 * followed, and nothing of the answer is read but its status.
 */
import { lookup, type LookupAddress, type LookupAllOptions } from "node:dns";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isLoopbackAddress, isPublicAddress } from "./public-address.ts";

const TIMEOUT_MS = 10_000;
const LONGEST_URL = 2_000;

export interface PostRules {
  /** For development and tests alone: this machine, also without TLS. */
  allowsLocal: boolean;
  timeoutMs?: number;
  signal?: AbortSignal;
  /** In the place of the system's name servers. */
  resolve?: Resolve;
}

type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export type AddressFault = "not-an-address" | "not-https" | "names-a-user" | "private-address";

/** Why an address could never be posted to, as far as it can be told without asking a name server. */
export function faultOfUrl(
  text: string,
  { allowsLocal }: Pick<PostRules, "allowsLocal">,
): AddressFault | null {
  if (text.length > LONGEST_URL || !URL.canParse(text)) return "not-an-address";
  const url = new URL(text);
  const host = hostOf(url);
  const isLocal = allowsLocal && (host === "localhost" || isLoopbackAddress(host));
  if (url.protocol !== "https:" && !(isLocal && url.protocol === "http:")) return "not-https";
  if (url.username !== "" || url.password !== "") return "names-a-user";
  // Names without a dot are of the network that this runs in.
  const isName = isIP(host) === 0;
  if (isLocal || (isName && host.includes("."))) return null;
  return isName || !isPublicAddress(host) ? "private-address" : null;
}

/** In brackets in the address; what `0x7f.1` and its like mean, the URL has made plain. */
const hostOf = (url: URL) => url.hostname.replace(/^\[(.*)\]$/, "$1");

export class RefusedAddress extends Error {
  override name = "RefusedAddress";
}

/** Answers the status. Throws RefusedAddress where it leads to where it must not, and whatever went wrong otherwise. */
export async function postToAddress(
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  { allowsLocal, timeoutMs = TIMEOUT_MS, signal, resolve: resolveName = lookup }: PostRules,
): Promise<number> {
  const fault = faultOfUrl(address, { allowsLocal });
  if (fault) throw new RefusedAddress(fault);
  const url = new URL(address);
  const end = AbortSignal.timeout(timeoutMs);
  const content = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = send(url, {
      method: "POST",
      // A connection of its own, which nobody has opened before to elsewhere.
      agent: false,
      headers: { ...headers, "Content-Length": String(content.length) },
      lookup: checkedLookup(resolveName, allowsLocal),
      signal: signal ? AbortSignal.any([signal, end]) : end,
    });
    request.once("error", reject);
    request.once("response", (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.end(content);
  });
}

/** Every address of the name is looked at, whichever is then taken. */
function checkedLookup(resolve: Resolve, allowsLocal: boolean): LookupFunction {
  const isAllowed = (address: string) =>
    isPublicAddress(address) || (allowsLocal && isLoopbackAddress(address));
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error) callback(error, "", 0);
      else if (!first || !addresses.every(({ address }) => isAllowed(address)))
        callback(new RefusedAddress("private-address"), "", 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
