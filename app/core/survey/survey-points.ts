/** What answering the survey after an order may earn: the merchant's choice. `null`: nobody is asked. */
export const SURVEY_POINTS: readonly number[] = [0, 10, 20, 50, 100];

/** An order can be spoken of for so long: later nobody remembers it, and a long past is no store of points. */
export const SURVEY_DAYS = 90;
