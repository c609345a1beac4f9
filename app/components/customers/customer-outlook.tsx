/** One customer's future as far as it can be told, and plainly what cannot. */
import { Badge, BlockStack, Card, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import { isNaiveRule } from "../../core/clv/naive-rules.ts";
import type { CustomerOutlook, ExpectedDay, ToldOutlook } from "../../core/clv/customer-outlook.ts";
import type { Coverage, Stated } from "../../core/metrics/coverage.ts";
import { ChartCard } from "../charts/chart-card.tsx";
import { BlockSkeleton, FiguresSkeleton, Streamed } from "../frame/page-states.tsx";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureCard, FigureInformation } from "../metrics/figure-card.tsx";
import { MODEL_NAMES } from "../value/model-names.ts";
import { BAND_NAMES, BAND_TONES } from "./churn-bands.ts";
import styles from "./outlook-room.module.css";

interface Outlook {
  /** Percent a year. */
  discount: number;
  room: keyof typeof CARDS;
  /** `null`: nothing has been learnt of the shop yet. */
  told: Promise<Stated<CustomerOutlook>> | null;
}

type Chances = NonNullable<ToldOutlook["chances"]>;

const LEARNING =
  "Your customers’ habits are still being learnt. This takes seconds to minutes after your history has been read; then it is told here what this customer is expected to do.";
const UNTOLD = {
  unknown: "Nobody of this id has ordered, so nothing is expected.",
  "no-orders":
    "None of this customer’s orders counts: they are tests or cancelled. A forecast needs an order that counts.",
  "left-out":
    "This customer has a tag that you chose to leave out, so nothing was learnt from their orders and nothing is forecast.",
} as const;

/** Figures, and below them words or a curve. */
const CARDS = { values: 2, chances: 5, curve: 5 };
const CHART_PIXELS = 240;
const BELOW_PIXELS = { values: 90, chances: 90, curve: CHART_PIXELS + 130 };

export function CustomerOutlookCards({ outlook, excluded }: { outlook: Outlook; excluded: boolean }) {
  const { told, discount, room } = outlook;
  if (!told) return <Untold>{LEARNING}</Untold>;
  if (excluded) return <Untold>{UNTOLD["left-out"]}</Untold>;
  return (
    <div className={styles[room]}>
      <Streamed of={told} fallback={<OutlookSkeleton room={room} />}>
        {({ figures, coverage }) =>
          figures.told ? (
            <Told outlook={figures} coverage={coverage} discount={discount} />
          ) : (
            <Untold>{UNTOLD[figures.reason]}</Untold>
          )
        }
      </Streamed>
    </div>
  );
}

/** As large as what takes its place. */
function OutlookSkeleton({ room }: Pick<Outlook, "room">) {
  return (
    <BlockStack gap="400">
      <FiguresSkeleton cards={CARDS[room]} figures="explained" />
      <BlockSkeleton height={BELOW_PIXELS[room]} />
    </BlockStack>
  );
}

function Told({ outlook, coverage, discount }: ToldProps) {
  return (
    <BlockStack gap="400">
      <Text as="h2" visuallyHidden>
        What is expected
      </Text>
      <Figures outlook={outlook} coverage={coverage} discount={discount} />
      {outlook.chances && outlook.chances.past.length > 0 ? (
        <AliveChart chances={outlook.chances} coverage={coverage} />
      ) : (
        <Untold>{outlook.chances ? NOBODY_LEAVES : ruleText(outlook)}</Untold>
      )}
    </BlockStack>
  );
}

const NOBODY_LEAVES =
  "For your shop a model forecasts best in which customers buy more or less often and nobody leaves for good. So whether this customer is still one cannot be told; the churn risk and the next order can.";

function ruleText({ valueBy }: ToldOutlook): string {
  return `For your shop a plain rule forecasts best (${MODEL_NAMES[valueBy].name}). A rule knows no chance, so neither whether this customer is still one nor a date for the next order can be told.`;
}

interface ToldProps {
  outlook: ToldOutlook;
  coverage: Coverage;
  discount: number;
}

function Untold({ children }: { children: string }) {
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          What is expected
        </Text>
        <Text as="p">{children}</Text>
      </BlockStack>
    </Card>
  );
}

function Figures({ outlook, coverage, discount }: ToldProps) {
  const show = useShow();
  const { values, chances } = outlook;
  const isRule = isNaiveRule(outlook.valueBy);
  return (
    <InlineGrid columns={{ xs: 1, sm: 2, md: 3 }} gap="300">
      {values.map((value) => (
        <FigureCard
          key={value.months}
          name="customerValue"
          label={`Expected in ${value.months} months`}
          value={value.meanMinor}
          shown={show.money(Math.round(value.meanMinor))}
          explained={intervalText(value, isRule, discount, show)}
          coverage={coverage}
        />
      ))}
      {chances && (
        <>
          <FigureCard
            name="customerAlive"
            label="Still a customer"
            value={chances.alive}
            shown={show.share(chances.alive)}
            explained={
              chances.alive === null
                ? `By ${MODEL_NAMES[chances.model].name} nobody leaves for good.`
                : `The chance, by ${MODEL_NAMES[chances.model].name}${outlook.valueBy === "blend" ? ", the likeliest of the models that value is the mean of" : ""}.`
            }
            coverage={coverage}
          />
          <FigureCard
            name="customerChurnRisk"
            label="Churn risk"
            value={chances.churnRisk}
            shown={show.share(chances.churnRisk)}
            explained={`${BAND_NAMES[chances.band]}: the chance of no order within a year.`}
            coverage={coverage}
          />
          <NextOrder chances={chances} coverage={coverage} />
        </>
      )}
    </InlineGrid>
  );
}

function intervalText(
  { lowMinor, highMinor }: ToldOutlook["values"][number],
  isRule: boolean,
  discount: number,
  show: Show,
): string {
  const counted = discount === 0 ? "" : ` Later money counts less, by ${discount}% a year.`;
  if (lowMinor === null || highMinor === null)
    return `The history is too short to say how far this may be off.${counted}`;
  if (Math.round(highMinor) <= 0) {
    return isRule
      ? `More than 9 of 10 customers like this one spent nothing more.${counted}`
      : `In more than 9 of 10 futures no order comes.${counted}`;
  }
  const money = (minor: number) => show.money(Math.round(minor));
  if (isRule) {
    return `80 of 100 customers like this one spent between ${money(lowMinor)} and ${money(highMinor)} in as long a time.${counted}`;
  }
  return `In 80 of 100 futures between ${money(lowMinor)} and ${money(highMinor)}.${counted}`;
}

function NextOrder({ chances, coverage }: { chances: Chances; coverage: Coverage }) {
  const show = useShow();
  const { next, due, isOverdue, band } = chances;
  // Right after an order both are the same.
  const dueBefore = due && due.byDay !== next?.byDay ? due : null;
  return (
    <FigureCard
      name="customerNextOrder"
      label="Next order"
      value={next?.likelyDay ?? null}
      shown={next ? `By ${show.day(next.likelyDay)}` : "–"}
      explained={[
        next ? nextText(next, band === "lost", show) : "No further order is to be expected.",
        dueBefore &&
          (isOverdue
            ? `By their own rhythm it was due ${window(dueBefore, show)}, and is overdue.`
            : `By their own rhythm it is due ${window(dueBefore, show)}.`),
      ]
        .filter(Boolean)
        .join(" ")}
      coverage={coverage}
    />
  );
}

function nextText(next: ExpectedDay, isLost: boolean, show: Show): string {
  const when = `between ${show.dayShort(next.fromDay)} and ${show.day(next.byDay)}; most likely by ${show.day(next.likelyDay)}.`;
  return isLost ? `An order within a year is unlikely; if one comes, ${when}` : `Likely ${when}`;
}

function window({ fromDay, byDay }: ExpectedDay, show: Show): string {
  return `between ${show.day(fromDay)} and ${show.day(byDay)}`;
}

function AliveChart({ chances, coverage }: { chances: Chances; coverage: Coverage }) {
  const show = useShow();
  const { past, band } = chances;
  const key = (day: number) => String(day);
  const marks = {
    name: "Orders",
    data: past.map(({ day, alive, orderDays }) => ({
      key: key(day),
      value: orderDays > 0 ? alive : null,
    })),
    isMarks: true,
  };
  return (
    <ChartCard
      title="Chance of being still a customer"
      description={
        <InlineStack as="span" gap="200" blockAlign="center">
          <span>On each day, by what was known on it. A dot is an order.</span>
          <Badge tone={BAND_TONES[band]}>{BAND_NAMES[band]}</Badge>
        </InlineStack>
      }
      kind="line"
      series={[
        { name: "Chance", data: past.map(({ day, alive }) => ({ key: key(day), value: alive })) },
        ...(past.length > 1 ? [marks] : []),
      ]}
      keyHeading="Day"
      showKey={(day) => show.day(Number(day))}
      showValue={(share) => show.share(share)}
      showAxisValue={(share) => show.shareShort(share)}
      table={{
        headings: ["Day", "Chance", "Days with an order since the day above"],
        rows: past.map(({ day, alive, orderDays }) => [
          show.day(day),
          show.share(alive),
          orderDays === 0 ? "" : show.count(orderDays),
        ]),
      }}
      height={CHART_PIXELS}
      actions={
        <FigureInformation
          name="customerAlive"
          label="The chance of being still a customer"
          coverage={coverage}
        />
      }
    />
  );
}
