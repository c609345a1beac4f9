/** Something that is asked for when a part of the page is drawn, and again when the part says so. */
import { useCallback, useEffect, useState } from "preact/hooks";

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
