/**
 * A real browser for journeys: the Chromium of the package @sparticuz/chromium, unpacked once per machine, or the one that
 * CHROMIUM_PATH names.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium, type Browser, type BrowserContext, type Frame, type Page } from "playwright-core";

/** Headless browsers name themselves, and the app turns bots away. */
export const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36";

/** Why there is no browser here; `null` where there is one. */
export function missingBrowser(): string | null {
  if (process.env["CHROMIUM_PATH"]) return null;
  if (process.platform === "linux" && process.arch === "x64") return null;
  return "no Chromium for this machine: set CHROMIUM_PATH to one";
}

export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const given = process.env["CHROMIUM_PATH"];
  if (given) return chromium.launch({ executablePath: given, args: [...more] });
  const folder = await unpackedChromium();
  return chromium.launch({
    executablePath: path.join(folder, "chromium"),
    chromiumSandbox: false,
    args: ["--no-zygote", ...more],
    env: {
      ...definedEnvironment(),
      LD_LIBRARY_PATH: path.join(folder, "al2023", "lib"),
      FONTCONFIG_PATH: path.join(folder, "fonts"),
    },
  });
}

/** What a merchant's laptop shows, and the narrowest phone. */
export const WIDE = 1280;
export const NARROW = 360;

export interface AppWindow {
  context: BrowserContext;
  page: Page;
  /** Errors of scripts and of the console, in the admin and in the app. */
  faults: string[];
}

/** A window as a merchant has one, and everything that went wrong in it. */
export async function openWindow(browser: Browser, width: number = WIDE): Promise<AppWindow> {
  const context = await browser.newContext({
    userAgent: USER_AGENT,
    viewport: { width, height: 900 },
    locale: "en-GB",
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`${error.name}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  return { context, page, faults };
}

/** The admin's address of one of the app's own. */
export function adminAddress(shopifyUrl: string, shopDomain: string, address: string): string {
  const url = new URL(`/admin/apps/perennial${address}`, shopifyUrl);
  url.searchParams.set("shop", shopDomain);
  return url.href;
}

/** Opens a page of the app in the admin, and waits until all of it is there. */
export async function openInAdmin(page: Page, address: string): Promise<Frame> {
  await page.goto(address);
  return untilSettled(page);
}

const LOOK_MS = 50;
const QUIET_LOOKS = 5;

/**
 * Waits until the app's page has a heading, is awake (React has taken over all of it that has come), asks its server for nothing,
 * shows no skeleton to whoever looks at it, and has stopped changing.
 * A page that never does is an error that shows what it was.
 */
export async function untilSettled(page: Page, timeoutMs = 30_000): Promise<Frame> {
  let frame: Frame | null = null;
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(LOOK_MS)) {
    frame = page.frame({ name: "app-iframe" });
    const looks = { lookMs: LOOK_MS, quietLooks: QUIET_LOOKS, timeoutMs: end - Date.now() };
    // A frame that is just going elsewhere cannot be asked.
    if (frame && (await frame.evaluate(comesToRest, looks).catch(() => false))) return frame;
  }
  const last = await frame?.content().catch(() => "");
  throw new Error(`the page did not come to rest: ${last?.slice(0, 2_000)}`);
}

/** Runs in the frame, which is nearer to the page than we are: no look has to carry all of it here. */
async function comesToRest(looks: {
  lookMs: number;
  quietLooks: number;
  timeoutMs: number;
}): Promise<boolean> {
  interface Fiber {
    tag: number;
    child: Fiber | null;
    sibling: Fiber | null;
  }
  interface Router {
    state: {
      navigation: { state: string };
      revalidation: string;
      fetchers: Map<string, { state: string }>;
    };
  }
  /** What React makes of a streamed part that is there and not awake. */
  const DEHYDRATED_FRAGMENT = 18;
  const isAsleep = (fiber: Fiber): boolean => {
    if (fiber.tag === DEHYDRATED_FRAGMENT) return true;
    for (let child = fiber.child; child; child = child.sibling) if (isAsleep(child)) return true;
    return false;
  };
  const isTakenOver = () => {
    const root = Object.entries(document).find(([key]) => key.startsWith("__reactContainer"))?.[1] as
      { stateNode: { current: Fiber } } | undefined;
    return root !== undefined && !isAsleep(root.stateNode.current);
  };
  const isIdle = () => {
    const { __remixRouter: router } = globalThis as unknown as { __remixRouter?: Router };
    if (!router) return false;
    const { navigation, revalidation, fetchers } = router.state;
    const asked = [navigation.state, revalidation, ...[...fetchers.values()].map(({ state }) => state)];
    return asked.every((state) => state === "idle");
  };
  // Charts below the fold come only when somebody scrolls to them.
  const isWaiting = () =>
    [...document.querySelectorAll('[class*="Polaris-Skeleton"], [aria-busy="true"]')].some((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return bottom > 0 && top < innerHeight;
    });
  const isReady = () =>
    document.readyState === "complete" &&
    document.querySelector("h1") !== null &&
    isTakenOver() &&
    isIdle() &&
    !isWaiting();

  let last = "";
  let quiet = 0;
  for (const end = Date.now() + looks.timeoutMs; Date.now() < end;) {
    const text = document.body.outerHTML;
    quiet = text === last && isReady() ? quiet + 1 : 0;
    if (quiet >= looks.quietLooks) return true;
    last = text;
    await new Promise((resolve) => setTimeout(resolve, looks.lookMs));
  }
  return false;
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The package unpacks to the temporary folder of its process, so it is given one of its own, which then takes its place whole. */
async function unpackedChromium(): Promise<string> {
  const require = createRequire(import.meta.url);
  const entry = require.resolve("@sparticuz/chromium");
  const root = path.resolve(path.dirname(entry), "..");
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    version: string;
  };
  const folder = path.join(tmpdir(), `perennial-chromium-${version}-${userInfo().uid}`);
  if (existsSync(path.join(folder, "chromium"))) return folder;
  const part = mkdtempSync(`${folder}-`);
  const program = `
    const { default: chromium, inflate } = await import(${JSON.stringify(entry)});
    await chromium.executablePath();
    await inflate(${JSON.stringify(path.join(root, "bin", "al2023.tar.br"))});
  `;
  const run = promisify(execFile);
  await run(process.execPath, ["--input-type=module", "--eval", program], {
    env: { ...process.env, TMPDIR: part },
  });
  // The package's own names the folders of its usual home.
  writeFileSync(
    path.join(part, "fonts", "fonts.conf"),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>` +
      `<dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>`,
  );
  try {
    renameSync(part, folder);
  } catch (error) {
    // Another run was quicker.
    if (!existsSync(path.join(folder, "chromium"))) throw error;
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
}
