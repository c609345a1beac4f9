/** A member's account line by line, the newest first: what changed, why, and what there was after it. */
import { Box, Button, Card, IndexTable } from "@shopify/polaris";
import { useState } from "react";
import type { ExplainedLine } from "../../core/loyalty/explain.ts";
import type { OrderNames } from "../customers/order-name.tsx";
import { Confirm } from "../data/confirm.tsx";
import { useDataAction } from "../data/use-data-action.ts";
import { CardHeading } from "../frame/card-heading.tsx";
import { Empty } from "../frame/empty.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useAddress } from "../frame/use-address.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureCell } from "./figure-cell.tsx";
import { LineWords } from "./line-source.tsx";
import { signed } from "./line-words.ts";

interface Line extends ExplainedLine {
  canUndo: boolean;
}

export function MemberLines({
  account: { memberId, lines, older, isFirstPage, redeemed },
  names,
}: {
  account: {
    memberId: number;
    lines: readonly Line[];
    older: string | null;
    isFirstPage: boolean;
    redeemed: Readonly<Record<string, string>>;
  };
  names: OrderNames;
}) {
  const [, change] = useAddress();
  const show = useShow();
  const { send, running } = useDataAction();
  const [undoing, setUndoing] = useState<Line | null>(null);
  const isPaged = older !== null || !isFirstPage;
  return (
    <Card padding="0">
      <Box padding="400">
        <CardHeading
          title="Account"
          actions={
            lines.length > 0 && (
              <ExportButton
                table="points-activity"
                subject="the account"
                also={{ member: String(memberId) }}
              />
            )
          }
        />
      </Box>
      {lines.length === 0 ? (
        <Empty heading="No points yet">
          <p>Every change appears here, with its reason.</p>
        </Empty>
      ) : (
        <IndexTable
          resourceName={{ singular: "line", plural: "lines" }}
          itemCount={lines.length}
          selectable={false}
          headings={[
            { title: "What happened" },
            { title: "Available", alignment: "end" },
            { title: "Pending", alignment: "end" },
            { title: "Available after", alignment: "end" },
            { title: "When" },
            { title: "Undo", hidden: true },
          ]}
          {...(isPaged
            ? {
                pagination: {
                  hasPrevious: !isFirstPage,
                  hasNext: older !== null,
                  onPrevious: () => change({ before: null }),
                  onNext: () => change({ before: older }),
                  accessibilityLabel: "Pages of the account",
                },
              }
            : {})}
        >
          {lines.map((line, position) => (
            <IndexTable.Row
              key={`${line.kind}/${line.sourceId}/${line.at}/${position}`}
              id={String(position)}
              position={position}
            >
              <IndexTable.Cell>
                <LineWords line={line} names={names} redeemed={redeemed} />
              </IndexTable.Cell>
              <FigureCell text={signed(line.available - line.owed, show)} />
              <FigureCell text={signed(line.pending, show)} />
              <FigureCell text={show.count(line.balance.available - line.balance.owed)} />
              <IndexTable.Cell>{show.time(line.at)}</IndexTable.Cell>
              <IndexTable.Cell>
                {line.canUndo && (
                  <Button
                    variant="plain"
                    onClick={() => setUndoing(line)}
                    loading={running?.id === line.sourceId}
                    accessibilityLabel={`Undo the adjustment of ${signed(line.available - line.owed, show)}: ${line.reason ?? ""}`}
                  >
                    Undo
                  </Button>
                )}
              </IndexTable.Cell>
            </IndexTable.Row>
          ))}
        </IndexTable>
      )}
      <Confirm
        open={undoing !== null}
        title="Undo this adjustment?"
        text="What it gave is taken back, and what it took is given back with its old expiry. Points that were spent meanwhile are owed, and new ones pay them first."
        action="Undo it"
        onConfirm={() => undoing && send({ intent: "undo", id: undoing.sourceId })}
        onClose={() => setUndoing(null)}
      />
    </Card>
  );
}
