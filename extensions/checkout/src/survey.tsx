/** Three short questions about an order. What was answered is kept until the backend has it. */
import { useEffect, useState } from "preact/hooks";
import { ask, isSilent, type Asking } from "../../shared/ask.ts";
import { pointsIn, type I18n } from "./words.ts";

const SCALES = {
  quality: [5, 4, 3, 2, 1],
  delivery: [5, 4, 3, 2, 1],
  recommend: [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
} as const;

type Question = keyof typeof SCALES;
type Answers = Record<Question, number | null>;

const QUESTIONS = Object.keys(SCALES) as Question[];
const NONE: Answers = { quality: null, delivery: null, recommend: null };

interface Kept {
  key: string;
  answers: Answers;
  isSent: boolean;
}

interface Thanks {
  points: number;
}

interface SurveyProps {
  i18n: I18n;
  asking: Asking;
  storage: {
    read<T>(key: string): Promise<T | null>;
    write(key: string, value: unknown): Promise<void>;
  };
  orderId: string;
  /** What answering earns. */
  points: number;
}

export function Survey({ i18n, asking, storage, orderId, points }: SurveyProps) {
  const { translate } = i18n;
  const name = `survey:${orderId}`;
  const [kept, keep] = useState<Kept | null>(null);
  const [answers, change] = useState<Answers>(NONE);
  const [said, say] = useState<{ tone: "warning" | "success"; text: string } | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    void storage
      .read<Kept>(name)
      .catch(() => null)
      .then((found) => {
        keep(found);
        if (found) change(found.answers);
      });
  }, [name, storage]);

  const send = async () => {
    if (QUESTIONS.every((question) => answers[question] === null)) {
      return say({ tone: "warning", text: translate("survey.none") });
    }
    setBusy(true);
    // Other answers are another wish.
    const isSame =
      kept !== null && QUESTIONS.every((question) => kept.answers[question] === answers[question]);
    const begun: Kept = { key: isSame ? kept.key : crypto.randomUUID(), answers, isSent: false };
    keep(begun);
    await storage.write(name, begun).catch(() => undefined);
    const answer = await ask<Thanks>(asking, "survey", { order: orderId, key: begun.key, ...answers });
    setBusy(false);
    if (!answer.ok) {
      const text = isSilent(answer)
        ? translate("survey.kept")
        : (answer.message ?? translate("redeem.later"));
      return say({ tone: "warning", text });
    }
    const done = { ...begun, isSent: true };
    keep(done);
    await storage.write(name, done).catch(() => undefined);
    const earned = (answer as Thanks).points;
    const thanks = translate("survey.thanks");
    say({
      tone: "success",
      text:
        earned > 0 ? `${thanks} ${translate("survey.earned", { points: pointsIn(i18n, earned) })}` : thanks,
    });
  };

  if (kept?.isSent === true) {
    return said ? (
      <s-banner tone={said.tone}>{said.text}</s-banner>
    ) : (
      <s-text>{translate("survey.thanks")}</s-text>
    );
  }
  return (
    <s-stack gap="base">
      <s-heading>{translate("survey.heading")}</s-heading>
      {points > 0 && <s-text>{translate("survey.why", { points: pointsIn(i18n, points) })}</s-text>}
      {QUESTIONS.map((question) => (
        <s-select
          key={question}
          label={translate(`survey.${question}`)}
          name={question}
          value={answers[question] === null ? "" : String(answers[question])}
          onChange={(event) => {
            const { value } = event.currentTarget as unknown as { value?: string };
            change((before) => ({ ...before, [question]: value ? Number(value) : null }));
          }}
        >
          <s-option value="">{translate("survey.skip")}</s-option>
          {SCALES[question].map((step) => (
            <s-option key={step} value={String(step)}>
              {stepIn(i18n, question, step)}
            </s-option>
          ))}
        </s-select>
      ))}
      {said && <s-banner tone={said.tone}>{said.text}</s-banner>}
      <s-button loading={isBusy} onClick={() => void send()}>
        {translate("survey.send")}
      </s-button>
    </s-stack>
  );
}

/** The ends of a scale say what they mean. */
function stepIn({ translate, formatNumber }: I18n, question: Question, step: number): string {
  const [best] = SCALES[question];
  const worst = SCALES[question][SCALES[question].length - 1];
  const number = formatNumber(step);
  if (step !== best && step !== worst) return number;
  const scale = question === "recommend" ? "likely" : "good";
  return `${number} – ${translate(`survey.${scale}.${step === best ? "most" : "least"}`)}`;
}
