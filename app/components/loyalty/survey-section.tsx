/** What buyers are asked after an order, what that earns them, and what they have said. */
import { BlockStack, Card, Select, Text } from "@shopify/polaris";
import { SURVEY_POINTS } from "../../core/survey/survey-points.ts";
import type { SurveyReport } from "../../core/survey/survey-report.ts";
import { useDataAction } from "../data/use-data-action.ts";
import { PageSection } from "../frame/page-section.tsx";
import { useShow } from "../frame/use-show.ts";

const OFF = "off";

export interface Surveyed {
  points: number | null;
  /** Of the last days, so many of them. */
  days: number;
  report: SurveyReport;
}

export function SurveySection({ points, days, report }: Surveyed) {
  const show = useShow();
  const { send, running } = useDataAction();
  return (
    <PageSection
      id="survey"
      title="Survey after an order"
      description="On the thank-you and order status pages buyers say what they think of product and delivery, and whether they would recommend you."
    >
      <Card>
        <BlockStack gap="400">
          <Select
            label="For an answer"
            options={[
              { value: OFF, label: "Nobody is asked" },
              ...SURVEY_POINTS.map((each) => ({
                value: String(each),
                label: each === 0 ? "No points" : show.counted(each, "point", "points"),
              })),
            ]}
            value={points === null ? OFF : String(points)}
            onChange={(value) => send({ intent: "survey", points: value })}
            disabled={running !== null}
            helpText="Once for an order, for members; the points can be spent when the order’s own can."
          />
          <Answers days={days} report={report} />
        </BlockStack>
      </Card>
    </PageSection>
  );
}

function Answers({ days, report: { answers, quality, delivery, recommend } }: Omit<Surveyed, "points">) {
  const show = useShow();
  if (answers === 0) return <Text as="p" tone="subdued">{`No answers in the last ${days} days.`}</Text>;
  const mark = (mean: number) => show.number(mean, 1);
  return (
    <BlockStack gap="100">
      <Text as="p" fontWeight="semibold">
        {`${show.counted(answers, "answer", "answers")} in the last ${days} days`}
      </Text>
      {quality.mean !== null && (
        <Text as="p">{`Product: ${mark(quality.mean)} of 5 (${show.counted(quality.answers, "answer", "answers")})`}</Text>
      )}
      {delivery.mean !== null && (
        <Text as="p">{`Delivery: ${mark(delivery.mean)} of 5 (${show.counted(delivery.answers, "answer", "answers")})`}</Text>
      )}
      {recommend.score && (
        <Text as="p">
          {`Would recommend: net promoter score ${scored(recommend.score.value)}, most likely between ${scored(recommend.score.low)} and ${scored(recommend.score.high)} (${show.counted(recommend.answers, "answer", "answers")})`}
        </Text>
      )}
    </BlockStack>
  );
}

function scored(value: number): string {
  const rounded = Math.round(value);
  return rounded < 0 ? `−${-rounded}` : String(rounded + 0);
}
