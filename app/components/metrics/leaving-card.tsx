/** What those who left had said, beside those who came back: where a bad mark goes with leaving, and where that may be chance. */
import { BlockStack, Card, Text } from "@shopify/polaris";
import { LEAST_ANSWERS, type LeavingQuestion, type SurveyQuestion } from "../../core/survey/leaving.ts";
import { PlainTable } from "../charts/plain-table.tsx";
import { CardHeading } from "../frame/card-heading.tsx";
import { useShow } from "../frame/use-show.ts";
import type { Show } from "../frame/show.ts";
import { FigureInformation } from "./figure-card.tsx";

const TITLE = "What those who left had said";

const BAD_MARKS: Readonly<Record<SurveyQuestion, string>> = {
  quality: "Product: 1 or 2 of 5",
  delivery: "Delivery: 1 or 2 of 5",
  recommend: "Would recommend: 0 to 6 of 10",
};

const ABOUT: Readonly<Record<SurveyQuestion, string>> = {
  quality: "the product",
  delivery: "the delivery",
  recommend: "the shop as a whole",
};

interface Reasons {
  left: number;
  back: number;
  days: number;
  questions: readonly LeavingQuestion[];
}

export function LeavingCard({ reasons: { left, back, days, questions } }: { reasons: Reasons }) {
  const show = useShow();
  const clear = questions.filter(({ difference }) => difference !== null && difference.low > 0);
  return (
    <Card>
      <BlockStack gap="300">
        <CardHeading title={TITLE} actions={<FigureInformation name="leavingReasons" label={TITLE} />} />
        <Text as="p">
          {`${show.counted(left + back, "survey answer is", "survey answers are")} of orders more than ${show.counted(days, "day", "days")} ago. After ${show.count(left)} of them the customer did not order again in ${show.counted(days, "day", "days")}; after ${show.count(back)} they did.`}
        </Text>
        <Text as="p" fontWeight="semibold">
          {verdict(questions, clear)}
        </Text>
        <div
          role="region"
          aria-label={TITLE}
          tabIndex={0}
          style={{ overflowX: "auto", position: "relative" }}
        >
          <PlainTable
            caption={TITLE}
            table={{
              headings: ["Bad marks", "Those who left", "Those who came back", "Difference", "95% interval"],
              rows: questions.map((each) => rowOf(each, show)),
            }}
          />
        </div>
        <Text as="p" variant="bodySm" tone="subdued">
          {`Only of customers who answered the survey, and no proof of a reason. With fewer than ${LEAST_ANSWERS} answers on a side nothing is compared.`}
        </Text>
      </BlockStack>
    </Card>
  );
}

function verdict(questions: readonly LeavingQuestion[], clear: readonly LeavingQuestion[]): string {
  if (questions.every(({ difference }) => difference === null))
    return "Too few answers so far to compare those who left with those who came back.";
  if (clear.length === 0)
    return "Those who left gave bad marks about as often as those who came back: the marks do not tell them apart.";
  const about = clear.map(({ question }) => ABOUT[question]);
  return `Those who left gave bad marks clearly more often for ${new Intl.ListFormat("en").format(about)}.`;
}

function rowOf({ question, left, back, difference }: LeavingQuestion, show: Show): string[] {
  const share = ({ bad, answers }: LeavingQuestion["left"]) =>
    answers === 0 ? "–" : `${show.count(bad)} of ${show.count(answers)} (${show.share(bad / answers)})`;
  const points = (value: number) => {
    const rounded = Math.round(value * 100);
    return `${rounded === 0 ? "" : rounded < 0 ? "−" : "+"}${show.count(Math.abs(rounded))}`;
  };
  return [
    BAD_MARKS[question],
    share(left),
    share(back),
    difference === null ? "too few answers" : `${points(difference.value)} points`,
    difference === null ? "–" : `${points(difference.low)} to ${points(difference.high)}`,
  ];
}
