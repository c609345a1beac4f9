/** Opens the app as a merchant's browser does: the admin's page, then the page in its frame, whose address carries the session token. */
import { CannotRun } from "./options.ts";

/** The app answers bots with 410. */
const BROWSER =
  "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";

/** Returns the address at which a person opens the app. */
export async function openAppInAdmin(
  shopifyUrl: string,
  appHandle: string,
  shopDomain: string,
): Promise<string> {
  const admin = `${shopifyUrl}/admin/apps/${appHandle}?shop=${shopDomain}`;
  const shell = await fetch(admin, { headers: { "User-Agent": BROWSER } });
  const [, source] = /<iframe[^>]*\ssrc="([^"]+)"/.exec(await shell.text()) ?? [];
  if (!shell.ok || source === undefined) {
    throw new CannotRun(`The admin at ${admin} did not show the app (${shell.status}).`);
  }
  const address = new URL(source.replaceAll("&amp;", "&"), shell.url);
  const app = await fetch(address, { headers: { "User-Agent": BROWSER, "Sec-Fetch-Dest": "iframe" } });
  await app.body?.cancel();
  if (!app.ok)
    throw new CannotRun(`The app did not open in the admin (${app.status} from ${address.origin}).`);
  return admin;
}
