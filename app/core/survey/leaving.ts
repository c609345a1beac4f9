/**
 * What buyers who left had said of their orders, beside what those said who came back. The interval of a difference of two shares is
 * Newcombe's from the two Wilson intervals (Statistics in Medicine 17, 1998, 873-890, method 10): it holds for few answers and near 0 and 1.
 *
 * Worked example: 8 of 20 against 10 of 200 is 0.35 more, 0.1645 to 0.5646.
 */
import { wilsonInterval } from "../metrics/wilson.ts";

const SURVEY_QUESTIONS = ["quality", "delivery", "recommend"] as const;
export type SurveyQuestion = (typeof SURVEY_QUESTIONS)[number];

/** Up to here a mark is a bad one: of 5, of 5, and of 10 as the promoter score has it. */
const BAD_TO: Readonly<Record<SurveyQuestion, number>> = { quality: 2, delivery: 2, recommend: 6 };

/** Of fewer on either side a difference says nothing. */
export const LEAST_ANSWERS = 10;

/** So many answers alike. */
export interface AnsweredAlike {
  marks: Readonly<Record<SurveyQuestion, number | null>>;
  cameBack: boolean;
  count: number;
}

interface BadMarks {
  /** Of those who answered the question. */
  answers: number;
  bad: number;
}

export interface LeavingQuestion {
  question: SurveyQuestion;
  left: BadMarks;
  back: BadMarks;
  /** Share of bad marks of those who left less that of those who came back, with its 95% interval; `null`: too few answers. */
  difference: { value: number; low: number; high: number } | null;
}

export interface Leaving {
  /** Answers of orders that are long enough ago. */
  left: number;
  back: number;
  questions: LeavingQuestion[];
}

export function leaving(answers: readonly AnsweredAlike[]): Leaving {
  const count = (of: readonly AnsweredAlike[]) => of.reduce((sum, each) => sum + each.count, 0);
  const left = answers.filter(({ cameBack }) => !cameBack);
  const back = answers.filter(({ cameBack }) => cameBack);
  const marked = (of: readonly AnsweredAlike[], question: SurveyQuestion): BadMarks => {
    const told = of.filter(({ marks }) => marks[question] !== null);
    return {
      answers: count(told),
      bad: count(told.filter(({ marks }) => (marks[question] ?? 0) <= BAD_TO[question])),
    };
  };
  return {
    left: count(left),
    back: count(back),
    questions: SURVEY_QUESTIONS.map((question) => {
      const both = { left: marked(left, question), back: marked(back, question) };
      return { question, ...both, difference: differenceOf(both.left, both.back) };
    }),
  };
}

function differenceOf(left: BadMarks, back: BadMarks): LeavingQuestion["difference"] {
  if (Math.min(left.answers, back.answers) < LEAST_ANSWERS) return null;
  const [p, q] = [left.bad / left.answers, back.bad / back.answers];
  const [ofLeft, ofBack] = [wilsonInterval(left.bad, left.answers), wilsonInterval(back.bad, back.answers)];
  const value = p - q;
  return {
    value,
    low: value - Math.hypot(p - ofLeft.low, ofBack.high - q),
    high: value + Math.hypot(ofLeft.high - p, q - ofBack.low),
  };
}
