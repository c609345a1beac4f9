/** One figure with its change, and one click away what it means and what it stands on. */
import { BlockStack, Button, Card, InlineStack, Popover, Text } from "@shopify/polaris";
import { InfoIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import type { Coverage } from "../../core/metrics/coverage.ts";
import type { Change } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { coverageNotes } from "./coverage-notes.ts";
import { DEFINITIONS, type DefinedFigure, type Definition } from "./definitions.ts";

export interface FigureCardProps {
  name: DefinedFigure;
  label: string;
  /** As computed, for whoever reads the page by program. */
  value: number | null;
  /** As the merchant reads it. */
  shown: string;
  change?: Change | null;
  /** The value of the compared period as the merchant reads it. */
  before?: string | null;
  coverage?: Coverage;
  /** Short words under the figure. */
  explained?: string;
}

export function FigureCard({
  name,
  label,
  value,
  shown,
  change,
  before,
  coverage,
  explained,
}: FigureCardProps) {
  return (
    <Card>
      <BlockStack gap="100">
        <InlineStack align="space-between" blockAlign="center" wrap={false} gap="100">
          <Text as="h3" variant="bodyMd" tone="subdued">
            {label}
          </Text>
          <FigureInformation name={name} label={label} coverage={coverage} />
        </InlineStack>
        <InlineStack gap="200" blockAlign="baseline">
          <div data-figure={name} data-value={String(value)}>
            <Text as="p" variant="headingLg">
              {shown}
            </Text>
          </div>
          {change && <ChangeMark change={change} before={before ?? null} />}
        </InlineStack>
        {explained && (
          <Text as="p" variant="bodySm" tone="subdued">
            {explained}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

/** Neither good nor bad is said by colour: for a refund rate, up is not good. */
function ChangeMark({ change, before }: { change: Change; before: string | null }) {
  const arrow = { up: "↑", down: "↓", same: "→" }[change.direction];
  return (
    <Text as="span" variant="bodySm" tone="subdued">
      <span aria-hidden="true">{arrow} </span>
      {change.text}
      {before !== null && <Text as="span" visuallyHidden>{` against ${before} before`}</Text>}
    </Text>
  );
}

/** The button that tells a figure's definition and coverage; for headings of charts and tables, too. */
export function FigureInformation({
  name,
  label,
  coverage,
}: {
  name: DefinedFigure;
  label: string;
  coverage?: Coverage | undefined;
}) {
  const show = useShow();
  const definition: Definition = DEFINITIONS[name];
  const notes = coverage ? coverageNotes(name, coverage, show) : [];
  return (
    <Information
      label={label}
      about={`What ${label.toLowerCase()} means`}
      texts={[definition.text, ...(definition.note ? [definition.note] : []), ...notes]}
    />
  );
}

/** A button, named by what it is `about`, that tells some sentences: the first is the answer, the others are notes. */
export function Information({
  label,
  about,
  texts,
}: {
  label: string;
  about: string;
  texts: readonly string[];
}) {
  const [open, setOpen] = useState(false);
  const [answer, ...notes] = texts;
  return (
    <Popover
      active={open}
      onClose={() => setOpen(false)}
      activator={
        <Button variant="plain" icon={InfoIcon} accessibilityLabel={about} onClick={() => setOpen(!open)} />
      }
    >
      <div style={{ maxWidth: "20rem", padding: "var(--p-space-400)" }}>
        <BlockStack gap="200">
          <Text as="p" fontWeight="semibold">
            {label}
          </Text>
          <Text as="p">{answer}</Text>
          {notes.map((note) => (
            <Text as="p" tone="subdued" key={note}>
              {note}
            </Text>
          ))}
        </BlockStack>
      </div>
    </Popover>
  );
}
