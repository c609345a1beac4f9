/** Something that is asked for when a part of the page is drawn, and again when the part says so. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export type Loaded<T> = { state: "loading" } | { state: "failed" } | { state: "ready"; value: T };

/** `load` must stay the same function. While something is asked for again what was there before stays. */
export function useLoaded<T>(load: () => Promise<T>): [Loaded<T>, () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let isWanted = true;
    load()
      .then((value) => isWanted && setLoaded({ state: "ready", value }))
      .catch(
        () => isWanted && setLoaded((before) => (before.state === "ready" ? before : { state: "failed" })),
      );
    return () => {
      isWanted = false;
    };
  }, [load, times]);
  const reload = useCallback(() => {
    setLoaded((before) => (before.state === "ready" ? before : { state: "loading" }));
    setTimes((before) => before + 1);
  }, []);
  return [loaded, reload];
}

/** About a minute in all: what takes longer is looked at when somebody wants to. */
const LOOKS_MS = [2_000, 4_000, 8_000, 16_000, 30_000];

/**
 * Looks again, ever more seldom, while something is on its way, and says when it is there. `lookAgain` is there once nobody looks any more
 * by themselves.
 */
export function useLooking(
  isWaiting: boolean,
  { look, arrived }: { look: () => void; arrived: () => void },
): (() => void) | null {
  const [looks, count] = useState(0);
  const waitMs = LOOKS_MS[looks];
  const wasWaitingRef = useRef(false);
  useEffect(() => {
    if (!isWaiting && wasWaitingRef.current) {
      count(0);
      arrived();
    }
    wasWaitingRef.current = isWaiting;
  }, [isWaiting, arrived]);
  useEffect(() => {
    if (!isWaiting || waitMs === undefined) return undefined;
    const timer = setTimeout(() => {
      count((before) => before + 1);
      look();
    }, waitMs);
    return () => clearTimeout(timer);
  }, [isWaiting, waitMs, look]);
  const lookAgain = useCallback(() => {
    count(0);
    look();
  }, [look]);
  return isWaiting && waitMs === undefined ? lookAgain : null;
}
