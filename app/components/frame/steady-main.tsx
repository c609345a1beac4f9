/**
 * The page below Polaris' own providers, kept from what they change as they wake up: while figures are still being streamed in,
 * such a change makes React throw away what has come and draw it anew. So a page can be used before its last figure is there.
 * Popovers and modals stand inside the page's landmark, too, where a screen reader looks for them.
 */
import { MediaQueryContext } from "@shopify/polaris/build/esm/utilities/media-query/context.js";
import { PortalsManagerContext } from "@shopify/polaris/build/esm/utilities/portals/context.js";
import { startTransition, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import { PAINTED } from "./first-paint.ts";
import styles from "./steady-main.module.css";

export function SteadyMain({ children }: { children: ReactNode }) {
  const mediaQuery = useSteadyMediaQuery();
  const main = useRef<HTMLElement>(null);
  // Not by a state: that would draw the page anew. Where React has drawn the page itself, nobody else tells it.
  useEffect(() => main.current?.setAttribute(PAINTED, ""), []);
  return (
    <PortalsManagerContext.Provider value={portals}>
      <MediaQueryContext.Provider value={mediaQuery}>
        <main ref={main} className={styles.main} suppressHydrationWarning>
          {children}
          <div ref={hold} />
        </main>
      </MediaQueryContext.Provider>
    </PortalsManagerContext.Provider>
  );
}

/** One frame to a window. Whoever opens something asks for the container then, so nobody need be told when it comes. */
const portals: { container: HTMLDivElement | null } = { container: null };
const hold = (container: HTMLDivElement | null) => void (portals.container = container);

/**
 * A phone is told to be one when the page is complete; until then headings stand as the server wrote them. As a transition, because
 * on a slow one React may not have taken over yet what has come: it does so first.
 */
function useSteadyMediaQuery() {
  const mediaQuery = useContext(MediaQueryContext);
  const [first] = useState(mediaQuery);
  const [isComplete, setComplete] = useState(false);
  useEffect(() => {
    const complete = () => startTransition(() => setComplete(true));
    if (document.readyState !== "loading") return complete();
    document.addEventListener("DOMContentLoaded", complete);
    return () => document.removeEventListener("DOMContentLoaded", complete);
  }, []);
  return isComplete ? mediaQuery : first;
}
