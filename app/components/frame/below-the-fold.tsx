/** What stands below most windows' lower edge when a page opens. */
import type { ReactNode } from "react";
import { useAwake } from "./use-awake.ts";

/** Drawn once the page is awake, so that the first paint does not wait for it. `height`: about what it will take, in pixels. */
export function BelowTheFold({ height, children }: { height: number; children: ReactNode }) {
  return useAwake() ? children : <div style={{ minHeight: height }} />;
}
