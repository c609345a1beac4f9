/**
 * What waits for the page's first paint: its scripts, and styles that only matter once somebody scrolls. Browsers read modules as they come,
 * on as many threads as there are, and a page that styles, lays out and paints itself meanwhile has a third of the processor.
 */

const UNTIL_PAINTED = "data-until-painted";

/** Told by an element whose styles wait: it has been painted. */
export const PAINTED = "data-painted";

/** Elements of which the browser makes nothing until `opensWhenPainted` has run. */
export const untilPainted = (html: string): string => `<template ${UNTIL_PAINTED}>${html}</template>`;

/** A script for the document's end that puts what waits in its place, once something of the page is on the screen. */
export const opensWhenPainted = `(${openWhenPainted.toString()})("template[${UNTIL_PAINTED}]", "main", "${PAINTED}")`;

/** Runs in the browser before anything else is there, so that it can name nothing outside itself. */
function openWhenPainted(waiting: string, styled: string, mark: string): void {
  // A page in the background is not painted, and one that is painted this late has nothing to wait for.
  const latestMs = 500;
  let latest = 0;
  const painted = new PerformanceObserver((list) => {
    if (list.getEntriesByName("first-contentful-paint").length > 0) open();
  });
  function open() {
    painted.disconnect();
    clearTimeout(latest);
    document.querySelector(styled)?.setAttribute(mark, "");
    for (const template of document.querySelectorAll<HTMLTemplateElement>(waiting))
      template.replaceWith(template.content);
  }
  const isTold = PerformanceObserver.supportedEntryTypes.includes("paint");
  if (!isTold || document.visibilityState === "hidden") return open();
  latest = window.setTimeout(open, latestMs);
  painted.observe({ type: "paint", buffered: true });
}
