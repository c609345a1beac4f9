/** What a file would come to, or has come to, so that rows and points can be added up. */
import { Banner, BlockStack, Button, InlineGrid, InlineStack, List, Text } from "@shopify/polaris";
import { useState } from "react";
import type { ImportReport } from "../../core/loyalty/import-report.ts";
import { PlainTable } from "../charts/plain-table.tsx";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { SmallFigure } from "../metrics/small-figure.tsx";
import type { ImportsPage, ReadFile } from "./imports-page.ts";
import { REASON_WORDS, reasonsIn } from "./import-words.ts";
import { leftOutFile, saveBlob } from "./left-out-file.ts";

export function ImportReportView({
  report,
  page,
  read,
}: {
  report: ImportReport;
  page: ImportsPage;
  read: ReadFile | null;
}) {
  const show = useShow();
  const { matched, newMembers } = report;
  const worthMinor = page.pointMinor === null ? null : Math.round(page.pointMinor * matched.points);
  return (
    <BlockStack gap="400">
      <Text as="h2" variant="headingMd">
        What it would come to
      </Text>
      <Text as="p" variant="headingLg">
        {`${show.counted(matched.rows, "customer", "customers")} would get ${show.counted(matched.points, "point", "points")}.`}
      </Text>
      <InlineGrid columns={{ xs: 2, md: 4 }} gap="400">
        <SmallFigure
          name="importNew"
          label="Become members"
          value={newMembers}
          shown={show.count(newMembers)}
        />
        <SmallFigure
          name="importLargest"
          label="Most points of one customer"
          value={report.largest}
          shown={show.count(report.largest)}
        />
        <SmallFigure
          name="importLiability"
          label="Worth in rewards, if all is redeemed"
          value={worthMinor}
          shown={show.money(worthMinor)}
        />
        <SmallFigure
          name="importBirthdays"
          label="Birthdays"
          value={report.birthdays}
          shown={show.count(report.birthdays)}
        />
      </InlineGrid>
      <AddingUp report={report} show={show} />
      <Notes report={report} page={page} show={show} />
      {read && <LeftOutRows report={report} read={read} show={show} />}
    </BlockStack>
  );
}

/** Every row and every point of the file once. */
function AddingUp({ report, show }: { report: ImportReport; show: Show }) {
  const { matched, expired, notGiven } = report;
  const line = (what: string, { rows, points }: { rows: number; points: number }) => [
    ...[what, show.count(rows), show.count(points)],
  ];
  return (
    <div tabIndex={0} role="region" aria-label="Rows and points" style={{ overflowX: "auto" }}>
      <PlainTable
        caption="Every row of the file, once"
        hasTotal
        wrapsNames
        table={{
          headings: ["Rows", "Number", "Points"],
          rows: [
            line("Given", matched),
            ...(expired.rows > 0 ? [["Of them expired before today", "–", show.count(expired.points)]] : []),
            ...reasonsIn(report).map((reason) => line(REASON_WORDS[reason], notGiven[reason])),
            line("In the file", report.in),
          ],
        }}
      />
    </div>
  );
}

function Notes({ report, page, show }: { report: ImportReport; page: ImportsPage; show: Show }) {
  const nameOf = new Map(page.tiers.map(({ id, name }) => [id, name]));
  const notes = [
    ...Object.entries(report.tiers).map(
      ([id, members]) =>
        `${nameOf.get(id) ?? id}: given to ${show.counted(members, "customer", "customers")}.`,
    ),
    report.unknownTiers > 0 &&
      `${show.counted(report.unknownTiers, "row names", "rows name")} a tier that the programme does not have; the points are given without it.`,
    report.endedTiers > 0 &&
      `${show.counted(report.endedTiers, "tier has", "tiers have")} ended by what the file says and ${report.endedTiers === 1 ? "is" : "are"} not given.`,
    report.rounded > 0 &&
      `${show.counted(report.rounded, "row has", "rows have")} a fraction of a point, which is dropped.`,
    report.referrals > 0 &&
      `${show.counted(report.referrals, "referral is", "referrals are")} not taken over.`,
    report.birthdaysLeft > 0 &&
      `${show.counted(report.birthdaysLeft, "birthday is", "birthdays are")} not taken over: Perennial may not write customers. ${page.mayWriteCustomers ? "It may now: choose the file again." : "Allow it on the page of the storefront, and choose the file again."}`,
    report.birthdays > 0 &&
      page.profilePoints > 0 &&
      `Whoever gets a birthday so earns ${show.counted(page.profilePoints, "point", "points")} for a completed profile in the following night: at most ${show.count(page.profilePoints * report.birthdays)} points more.`,
    page.expiryMonths === null
      ? "Points without a day in the file never expire, as your rules say."
      : `Points without a day in the file expire after ${show.counted(page.expiryMonths, "month", "months")}, as your rules say.`,
    "Nobody earns for joining or for entering a tier by an import.",
  ].filter((note) => note !== false);
  return (
    <BlockStack gap="200">
      {report.otherOrder > 0 && (
        <Banner tone="warning" title="Is the order of dates right?">
          <p>{`${show.counted(report.otherOrder, "row has a date", "rows have dates")} that could be read in another order of day, month and year.`}</p>
        </Banner>
      )}
      <List>
        {notes.map((note) => (
          <List.Item key={note}>{note}</List.Item>
        ))}
      </List>
    </BlockStack>
  );
}

function LeftOutRows({ report, read, show }: { report: ImportReport; read: ReadFile; show: Show }) {
  const [isMaking, setMaking] = useState(false);
  const rows = report.in.rows - report.matched.rows;
  if (rows === 0) return null;
  const save = async () => {
    setMaking(true);
    const leftOut = reasonsIn(report).map((reason) => ({
      spans: read.leftOut[reason] ?? [],
      because: REASON_WORDS[reason],
    }));
    saveBlob(await leftOutFile(read.of.file, read.of.separator, leftOut), "not-imported.csv");
    setMaking(false);
  };
  return (
    <BlockStack gap="300">
      <InlineStack gap="200" blockAlign="center">
        <Button loading={isMaking} onClick={() => void save()}>
          {`Save the ${show.counted(rows, "row that is", "rows that are")} left out`}
        </Button>
        <Text as="p" tone="subdued">
          With the reason for each. It is made here from your file, and only now.
        </Text>
      </InlineStack>
      {read.unknownTiers.length > 0 && (
        <Text as="p">
          {`Tiers of the file that the programme does not have: ${read.unknownTiers.map(({ name, rows: some }) => `“${name}” (${show.count(some)})`).join(", ")}.`}
        </Text>
      )}
      {read.faults.length > 0 && (
        <div
          tabIndex={0}
          role="region"
          aria-label="Rows that cannot be read"
          style={{ maxHeight: 300, overflow: "auto" }}
        >
          <Text as="h3" variant="headingSm">
            Rows that cannot be read
          </Text>
          <PlainTable
            caption="The first rows that cannot be read"
            wordColumns={[1]}
            table={{
              headings: ["Line", "Why"],
              rows: read.faults.map(({ line, because }) => [show.count(line), REASON_WORDS[because]]),
            }}
          />
        </div>
      )}
    </BlockStack>
  );
}
