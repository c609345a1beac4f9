/**
 * What buyers say of their orders, summed up: means of the marks, and how many more would recommend the shop than would not. The score is
 * F. Reichheld's (The One Number You Need to Grow, Harvard Business Review, December 2003): the share of those who answer 9 or 10, less the
 * share of those who answer 6 or less.
 */

export interface SurveyAnswer {
  /** 1 to 5; `null`: not answered. */
  quality: number | null;
  delivery: number | null;
  /** 0 to 10. */
  recommend: number | null;
}

interface Mean {
  answers: number;
  /** `null`: nobody has answered. */
  mean: number | null;
}

export interface SurveyReport {
  answers: number;
  quality: Mean;
  delivery: Mean;
  recommend: Recommending;
}

interface Recommending {
  answers: number;
  promoters: number;
  detractors: number;
  /** In points from -100 to 100, with its 95% interval; `null`: nobody has answered. */
  score: { value: number; low: number; high: number } | null;
}

/** How many answered each mark, by mark. */
export interface SurveyCounts {
  answers: number;
  quality: ReadonlyMap<number, number>;
  delivery: ReadonlyMap<number, number>;
  recommend: ReadonlyMap<number, number>;
}

const PROMOTES_FROM = 9;
const DETRACTS_TO = 6;
/** Of the normal distribution, for 95%. */
const Z = 1.959964;

export function surveyReport({ answers, quality, delivery, recommend }: SurveyCounts): SurveyReport {
  return {
    answers,
    quality: meanOf(quality),
    delivery: meanOf(delivery),
    recommend: recommending(recommend),
  };
}

function meanOf(counts: ReadonlyMap<number, number>): Mean {
  const answers = total(counts);
  const sum = [...counts].reduce((all, [mark, count]) => all + mark * count, 0);
  return { answers, mean: answers === 0 ? null : sum / answers };
}

function recommending(counts: ReadonlyMap<number, number>): Recommending {
  const answers = total(counts);
  const among = (holds: (mark: number) => boolean) =>
    total(new Map([...counts].filter(([mark]) => holds(mark))));
  const promoters = among((mark) => mark >= PROMOTES_FROM);
  const detractors = among((mark) => mark <= DETRACTS_TO);
  const score = answers === 0 ? null : scoreOf(promoters, detractors, answers);
  return { answers, promoters, detractors, score };
}

/** The interval is the normal one with one answer of each of the three kinds added, so that few and equal answers give no certainty. */
function scoreOf(promoters: number, detractors: number, answers: number) {
  const n = answers + 3;
  const p = (promoters + 1) / n;
  const d = (detractors + 1) / n;
  const half = Z * Math.sqrt((p + d - (p - d) ** 2) / n);
  const value = (promoters - detractors) / answers;
  // The added answers draw the middle to 0: the interval still holds what was counted.
  const low = Math.max(-1, Math.min(p - d - half, value));
  const high = Math.min(1, Math.max(p - d + half, value));
  return { value: 100 * value, low: 100 * low, high: 100 * high };
}

function total(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
