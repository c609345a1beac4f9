/** How many days before points expire their members can be reminded. */
export const REMIND_DAYS: readonly number[] = [7, 14, 30, 60];
