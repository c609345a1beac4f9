/** An import step by step: it is begun, a file is chosen and its columns are set, what it would come to is shown, and the points are given. */
import { Banner, BlockStack, Button, Card, InlineStack, ProgressBar, Spinner, Text } from "@shopify/polaris";
import { useState } from "react";
import { Confirm } from "../data/confirm.tsx";
import { useDataAction } from "../data/use-data-action.ts";
import { useShow } from "../frame/use-show.ts";
import { FileForm } from "./file-form.tsx";
import { ImportReportView } from "./import-report.tsx";
import type { ImportsPage, ReadFile } from "./imports-page.ts";

type Current = NonNullable<ImportsPage["current"]>;

export function ImportSteps({ page }: { page: ImportsPage }) {
  const { current } = page;
  const [read, setRead] = useState<{ id: string; file: ReadFile } | null>(null);
  const [isChanging, setChanging] = useState(false);
  const own = read !== null && read.id === current?.id ? read.file : null;
  const isOpen = current !== null && ["asking", "reading", "counted"].includes(current.state);
  const isAtWork = current?.state === "applying" || current?.state === "undoing";
  const isCounted = current?.state === "counted" && current.report !== null && !isChanging;
  if (!current || !(isOpen || isAtWork)) return <BeginCard isFirst={page.past.length === 0} />;
  if (isAtWork) return <WorkCard run={current} />;
  return (
    <BlockStack gap="400">
      <CustomersCard run={current} customers={page.customers} />
      {isCounted && current.report ? (
        <CountedCard page={page} run={current} read={own} onChange={() => setChanging(true)} />
      ) : (
        <FileForm
          id={current.id}
          tiers={page.tiers}
          isReady={page.customers?.state === "ready"}
          isCutOff={current.state === "reading"}
          matched={current.rows}
          before={own?.of ?? null}
          onRead={(file) => {
            setRead({ id: current.id, file });
            setChanging(false);
          }}
        />
      )}
    </BlockStack>
  );
}

function BeginCard({ isFirst }: { isFirst: boolean }) {
  const { send, running } = useDataAction();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {isFirst ? "Bring balances from another app" : "Import another file"}
        </Text>
        <Text as="p">
          Export the members of the other app as a CSV file with their e-mail addresses and points, and, if
          you like, tiers, birthdays and the day on which points end. You see what it would come to before
          anything changes, and can undo it afterwards.
        </Text>
        <Text as="p" tone="subdued">
          Customers are found by e-mail address while the file is read. The file and its addresses are not
          kept.
        </Text>
        <InlineStack>
          <Button
            variant="primary"
            loading={running?.intent === "begin"}
            onClick={() => send({ intent: "begin", id: crypto.randomUUID() })}
          >
            Begin an import
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

function CustomersCard({ run, customers }: { run: Current; customers: ImportsPage["customers"] }) {
  const show = useShow();
  const { send, running } = useDataAction();
  if (customers?.state === "ready") return null;
  if (customers?.state === "waiting") {
    return (
      <Card>
        <InlineStack gap="300" blockAlign="center" wrap={false}>
          <Spinner size="small" accessibilityLabel="Waiting for Shopify" />
          <div role="status">
            <Text as="p">
              {`Shopify is making the list of your customers${customers.customers > 0 ? `: ${show.count(customers.customers)} so far` : ""}. Choose the file meanwhile.`}
            </Text>
          </div>
        </InlineStack>
      </Card>
    );
  }
  return (
    <Banner
      tone="warning"
      title={
        customers?.state === "gone"
          ? "Shopify no longer has the list of customers"
          : "Shopify does not answer now"
      }
      action={{
        content: "Begin anew",
        loading: running?.intent === "cancel",
        onAction: () => send({ intent: "cancel", id: run.id }),
      }}
    >
      <p>
        {customers?.state === "gone"
          ? "It keeps such lists for a few days only. Nothing was changed."
          : "The page looks again by itself. Nothing was changed."}
      </p>
    </Banner>
  );
}

function CountedCard({
  page,
  run,
  read,
  onChange,
}: {
  page: ImportsPage;
  run: Current;
  read: ReadFile | null;
  onChange: () => void;
}) {
  const show = useShow();
  const { send, running } = useDataAction();
  const [asking, setAsking] = useState<"apply" | "cancel" | null>(null);
  const report = run.report;
  if (!report) return null;
  const points = show.counted(report.matched.points, "point", "points");
  return (
    <Card>
      <BlockStack gap="400">
        {read !== null && read.sameFileAt !== null && (
          <Banner tone="warning" title="This very file was imported before">
            <p>{`It was imported ${show.time(read.sameFileAt)}. Members who got points then are left out, unless you chose otherwise.`}</p>
          </Banner>
        )}
        <ImportReportView report={report} page={page} read={read} />
        <InlineStack gap="200">
          <Button
            variant="primary"
            disabled={report.matched.rows === 0}
            loading={running?.intent === "apply"}
            onClick={() => setAsking("apply")}
          >
            Give these points
          </Button>
          <Button url={`/app/loyalty/import/members?import=${run.id}`}>Look through the members</Button>
          <Button onClick={onChange}>{read ? "Change what columns mean" : "Choose the file again"}</Button>
          <Button onClick={() => setAsking("cancel")} loading={running?.intent === "cancel"}>
            Give up
          </Button>
        </InlineStack>
      </BlockStack>
      <Confirm
        open={asking === "apply"}
        title="Give these points?"
        text={`${show.counted(report.matched.rows, "customer gets", "customers get")} ${points} together. You can undo it afterwards.`}
        action="Give them"
        onConfirm={() => send({ intent: "apply", id: run.id })}
        onClose={() => setAsking(null)}
      />
      <Confirm
        open={asking === "cancel"}
        title="Give this import up?"
        text="Nothing is changed, and nothing of the file is kept."
        action="Give it up"
        onConfirm={() => send({ intent: "cancel", id: run.id })}
        onClose={() => setAsking(null)}
      />
    </Card>
  );
}

function WorkCard({ run: { state, rows, done } }: { run: Current }) {
  const show = useShow();
  const share = rows === 0 ? 1 : Math.min(1, done / rows);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {state === "applying" ? "Points are being given" : "The import is being undone"}
        </Text>
        <ProgressBar progress={Math.floor(share * 100)} size="small" ariaLabelledBy="import-progress" />
        <div id="import-progress" role="status">
          <Text as="p">{`${show.count(done)} of ${show.counted(rows, "row", "rows")}`}</Text>
        </div>
        <Text as="p" tone="subdued">
          You can leave this page: it goes on by itself.
        </Text>
      </BlockStack>
    </Card>
  );
}
