/** When the browser has shown the page for the first time. */

/** A page in the background is not painted, and one that is painted this late has nothing to wait for. */
const LATEST_MS = 500;

/**
 * Calls back once something of the page is on the screen: scripts that begin before take the browser's time from the painting. At once
 * where it has been painted already, or where nobody looks.
 */
export function afterFirstPaint(then: () => void): void {
  const isTold = PerformanceObserver.supportedEntryTypes.includes("paint");
  if (!isTold || document.visibilityState === "hidden") return then();
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    observer.disconnect();
    clearTimeout(latest);
    then();
  };
  const observer = new PerformanceObserver((painted) => {
    if (painted.getEntriesByName("first-contentful-paint").length > 0) once();
  });
  const latest = setTimeout(once, LATEST_MS);
  observer.observe({ type: "paint", buffered: true });
}
