/** Wakes the rendered page up in the browser. */
import { RemixBrowser } from "@remix-run/react";
import { startTransition, StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";

/**
 * Figures are streamed into the page. Waking it up while some are still under way makes React throw away what has come and
 * draw it anew, because Polaris changes its state as it wakes up; what is there already is shown meanwhile.
 */
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", wakeUp);
else wakeUp();

function wakeUp() {
  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <RemixBrowser />
      </StrictMode>,
    );
  });
}
