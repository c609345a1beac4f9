/** Wakes the rendered page up in the browser. */
import { RemixBrowser } from "@remix-run/react";
import { startTransition, StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { afterFirstPaint } from "./components/frame/first-paint.ts";

function wakeUp(): void {
  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <RemixBrowser />
      </StrictMode>,
    );
  });
}

afterFirstPaint(wakeUp);
