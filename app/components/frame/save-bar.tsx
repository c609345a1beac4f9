/** Shopify's own bar for what was changed and not saved yet, and its question before such changes are left behind. */
import { useBlocker } from "@remix-run/react";
import { createElement, useEffect } from "react";
import { saveBar } from "./app-bridge.ts";

/** Asks before unsaved changes are left behind, in the admin's own words. */
export function useLeaveConfirmation(isChanged: boolean) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isChanged && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    saveBar()
      .leaveConfirmation()
      .then(
        () => blocker.proceed(),
        () => blocker.reset(),
      );
  }, [blocker]);
}

/** Above the page, where the admin shows it. */
export function SaveBar({
  id,
  shown,
  busy,
  onSave,
  onDiscard,
}: {
  id: string;
  shown: boolean;
  busy: boolean;
  onSave: () => void;
  onDiscard: () => void;
}) {
  useEffect(() => {
    void (shown ? saveBar().show(id) : saveBar().hide(id));
  }, [id, shown]);
  return createElement(
    "ui-save-bar",
    { id, discardconfirmation: "" },
    createElement(
      "button",
      { variant: "primary", onClick: onSave, ...(busy ? { loading: "" } : {}) },
      "Save",
    ),
    createElement("button", { onClick: onDiscard }, "Discard"),
  );
}
