/** What must hold of every page, whatever it shows: nothing for axe to find, no sideways scrolling, no value that was never meant for people. */
import axe, { type AxeResults } from "axe-core";
import type { Frame, Page } from "playwright-core";
import { expect } from "vitest";
import { NARROW, untilSettled, WIDE } from "./browser.ts";

/** Words that only a program says. */
const NOT_FOR_PEOPLE = /\b(NaN|undefined|null|Infinity|Invalid Date|\[object \w+\])/;
const OUR_ERRORS = ["Something went wrong on our side", "This page does not exist", "Your session has ended"];

/** In a laptop's window and on a phone. `isFresh`: it has just come to rest, so the width that it has is looked at first and at once. */
export async function expectGoodPage(page: Page, { isFresh = false } = {}): Promise<void> {
  const widths = isFresh && page.viewportSize()?.width === NARROW ? [NARROW, WIDE] : [WIDE, NARROW];
  for (const [place, width] of widths.entries()) {
    if (!isFresh || place > 0) {
      await page.setViewportSize({ width, height: 900 });
      await untilSettled(page);
    }
    const frame = frameOf(page);
    await expectReadable(frame);
    expect(await sidewaysScroll(frame), `what is wider than the page at ${width} px`).toEqual([]);
    expect(await axeFindings(page), `axe at ${width} px`).toEqual([]);
  }
}

function frameOf(page: Page): Frame {
  const frame = page.frame({ name: "app-iframe" });
  if (!frame) throw new Error("no page of the app is open");
  return frame;
}

/** Says what it is, is no error, and shows no slip of a program. */
export async function expectReadable(frame: Frame): Promise<void> {
  expect((await frame.locator("h1").first().textContent())?.trim()).toBeTruthy();
  expect(await frame.title()).not.toBe("");
  const text = await frame.locator("body").innerText();
  for (const sentence of OUR_ERRORS) expect(text).not.toContain(sentence);
  expect(NOT_FOR_PEOPLE.exec(text)?.[0] ?? "").toBe("");
}

/** The elements that stick out, where the page as a whole can be scrolled sideways. */
async function sidewaysScroll(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 160));
  });
}

/**
 * Of the app's own frame: the admin around it is not ours. Run inside it: through the page, axe would carry every element that is
 * in order from frame to frame, which takes five times as long.
 */
export async function axeFindings(page: Page): Promise<string[]> {
  const frame = frameOf(page);
  await frame.evaluate(axe.source);
  const violations = await frame.evaluate(runAxe);
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help} ${nodes.map(({ html }) => html.slice(0, 300)).join(" ")}`,
  );
}

/** Runs in the frame. */
async function runAxe(): Promise<AxeResults["violations"]> {
  const { axe: ours } = globalThis as unknown as { axe: typeof axe };
  return (await ours.run(document, { resultTypes: ["violations"] })).violations;
}
