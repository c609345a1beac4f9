/**
 * Whether the page has woken up. What no window shows at first (rows far down, the tables behind charts) is drawn then: it is more than
 * half of a page's elements, and the first paint would wait for all of them.
 */
import { startTransition, useEffect, useState } from "react";

/** Rows that most windows show. */
export const FIRST_ROWS = 18;
/** Of two lines each. */
export const FIRST_TALL_ROWS = 12;

export function useAwake(): boolean {
  const [isAwake, setAwake] = useState(false);
  // As a transition: React may not have taken over yet what is below, and throws nothing away for one.
  useEffect(() => startTransition(() => setAwake(true)), []);
  return isAwake;
}

/** The rows of a long table that are to be drawn. */
export function useRowsShown<Row>(rows: readonly Row[], first = FIRST_ROWS): readonly Row[] {
  const isAwake = useAwake();
  return isAwake ? rows : rows.slice(0, first);
}
