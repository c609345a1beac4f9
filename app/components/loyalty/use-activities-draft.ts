/** What is earned for beside orders, while it is being changed. */
import type { Activity } from "../../core/loyalty/activity.ts";
import { useDraft } from "../frame/use-draft.ts";
import { readActivities, typedActivities, type ActivityFaults } from "./typed-activities.ts";

const NO_FAULTS: ActivityFaults = {};

export function useActivitiesDraft(saved: readonly Activity[]) {
  const draft = useDraft({
    ...{ saved, asSaved: typedActivities(saved), read: readActivities },
    wish: ({ activities }, base) => ({
      intent: "save-activities",
      activities: JSON.stringify(activities),
      begunFrom: JSON.stringify(base),
    }),
  });
  const read = readActivities(draft.typed);
  return { ...draft, read, faults: read.ok ? NO_FAULTS : read.faults };
}

export type ActivitiesDraft = ReturnType<typeof useActivitiesDraft>;
