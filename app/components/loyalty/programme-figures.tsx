/** What the programme has come to: its members, and the points that are out. */
import { InlineGrid, Text } from "@shopify/polaris";
import { FOUR_IN_A_ROW } from "../frame/page-states.tsx";
import { useShow } from "../frame/use-show.ts";
import { FigureCard } from "../metrics/figure-card.tsx";

export function ProgrammeFigures({
  totals: { members, available, pending, debt },
}: {
  totals: { members: number; available: number; pending: number; debt: number };
}) {
  const show = useShow();
  const figures = [
    ["programmeMembers", "Members", members],
    ["pointsAvailable", "Points available", available],
    ["pointsPending", "Points pending", pending],
    ["pointsOwed", "Points owed by members", debt],
  ] as const;
  return (
    <>
      <Text as="h2" visuallyHidden>
        What it has come to
      </Text>
      <InlineGrid columns={FOUR_IN_A_ROW} gap="300">
        {figures.map(([name, label, value]) => (
          <FigureCard key={name} name={name} label={label} value={value} shown={show.count(value)} />
        ))}
      </InlineGrid>
    </>
  );
}
