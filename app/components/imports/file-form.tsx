/** Chooses a file and says what is in it: what Perennial takes each column for is shown with the first rows, and can be corrected. */
import {
  Banner, BlockStack, Button, Card, Checkbox, FormLayout, InlineGrid, InlineStack, Select, Text, TextField,
} from "@shopify/polaris"; // prettier-ignore
import { useRef, useState } from "react";
import { SEPARATORS, type Separator } from "../../core/csv-reader.ts";
import { columnsFault, IMPORT_FIELDS, type ImportField } from "../../core/loyalty/import-columns.ts";
import { DATE_ORDERS, type DateOrder } from "../../core/loyalty/import-row.ts";
import type { FileReading, ImportOptions } from "../../core/loyalty/import-file.ts";
import { PlainTable } from "../charts/plain-table.tsx";
import { useShow } from "../frame/use-show.ts";
import { useRevalidator } from "@remix-run/react";
import {
  beginningOf, chooseFile, guessed, tierNames, type Beginning, type ChosenFile, type FileSays,
} from "./chosen-file.ts"; // prettier-ignore
import type { ReadFile } from "./imports-page.ts";
import { DATE_WORDS, FIELD_WORDS, SEPARATOR_WORDS } from "./import-words.ts";

interface Tier {
  id: string;
  name: string;
}

export function FileForm({
  id,
  tiers,
  isReady,
  isCutOff,
  matched,
  before,
  onRead,
}: {
  id: string;
  tiers: readonly Tier[];
  /** Shopify's list of customers is there. */
  isReady: boolean;
  /** A file was being read, maybe by a page that is closed, or by a process that has ended. */
  isCutOff: boolean;
  matched: number;
  before: ChosenFile | null;
  onRead: (read: ReadFile) => void;
}) {
  const show = useShow();
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<ChosenFile | null>(before);
  const [fault, setFault] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const { revalidate } = useRevalidator();

  async function take(file: File) {
    const choosing = await chooseFile(file);
    setFault(choosing.ok ? null : choosing.reason);
    setChosen(choosing.ok ? choosing.chosen : null);
  }

  async function send(of: ChosenFile, options: ImportOptions) {
    setSending(true);
    setFault(null);
    const reading = await sendFile(of.file, options);
    setSending(false);
    if (reading.ok) onRead({ ...reading.read, of });
    else setFault(reading.message);
    revalidate();
  }

  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          The file
        </Text>
        <InlineStack gap="200" blockAlign="center">
          <Button onClick={() => input.current?.click()} disabled={isSending}>
            {chosen ? "Choose another file" : "Choose a CSV file"}
          </Button>
          <Text as="p" tone="subdued">
            {chosen ? chosen.file.name : "Nothing is sent before you have said what its columns mean."}
          </Text>
        </InlineStack>
        <input
          ref={input}
          type="file"
          aria-label="CSV file"
          accept=".csv,.tsv,.txt,text/csv,text/plain"
          hidden
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            // The same file, once corrected, can be chosen again.
            event.currentTarget.value = "";
            if (file) void take(file);
          }}
        />
        <div aria-live="polite">
          {fault !== null && (
            <Banner tone="critical" title="The file could not be read">
              <p>{fault}</p>
            </Banner>
          )}
          {isCutOff && !isSending && fault === null && (
            <Banner tone="warning" title="The file was not read to its end">
              <p>Nothing was changed, and nothing of it counts. Choose it once more.</p>
            </Banner>
          )}
          {isSending && (
            <Text as="p">{`The file is being read: ${show.counted(matched, "customer", "customers")} found so far.`}</Text>
          )}
        </div>
        {chosen && (
          <ColumnsForm
            key={`${chosen.file.name} ${chosen.file.size} ${chosen.file.lastModified}`}
            id={id}
            chosen={chosen}
            tiers={tiers}
            isReady={isReady}
            isSending={isSending}
            onSeparator={(separator) => setChosen({ ...chosen, separator })}
            onCount={(options) => void send(chosen, options)}
          />
        )}
      </BlockStack>
    </Card>
  );
}

async function sendFile(file: File, options: ImportOptions): Promise<FileReading> {
  try {
    const response = await fetch("/app/loyalty/import/file", {
      method: "POST",
      headers: { "Content-Type": "text/csv" },
      body: new Blob([`${JSON.stringify(options)}\n`, file]),
    });
    if (response.status === 413)
      return { ok: false, message: "The file is too large. Cut it into parts, each with the heading." };
    if (response.status !== 200 && response.status !== 422) return CUT_OFF;
    return (await response.json()) as FileReading;
  } catch {
    return CUT_OFF;
  }
}

const CUT_OFF: FileReading = {
  ok: false,
  message: "The connection ended before the file was read. Nothing was changed: count it again.",
};

function ColumnsForm({
  id,
  chosen,
  tiers,
  isReady,
  isSending,
  onSeparator,
  onCount,
}: {
  id: string;
  chosen: ChosenFile;
  tiers: readonly Tier[];
  isReady: boolean;
  isSending: boolean;
  onSeparator: (separator: Separator) => void;
  onCount: (options: ImportOptions) => void;
}) {
  const beginning = beginningOf(chosen);
  return (
    <BlockStack gap="400">
      <Select
        label="Columns are separated by"
        options={SEPARATORS.map((separator) => ({ value: separator, label: SEPARATOR_WORDS[separator] }))}
        value={chosen.separator}
        onChange={(value) => onSeparator(value as Separator)}
      />
      {beginning && beginning.headings.length > 1 && beginning.rows.length > 0 ? (
        <SaysForm
          key={chosen.separator}
          {...{ id, beginning, tiers, isReady, isSending, onCount }}
          separator={chosen.separator}
        />
      ) : (
        <Banner tone="warning" title="There is no table to be seen">
          <p>
            {beginning && beginning.rows.length === 0
              ? "The file has a heading and no rows."
              : "Choose another separator. The first line must name the columns."}
          </p>
        </Banner>
      )}
    </BlockStack>
  );
}

const NO_COLUMN = "none";

function SaysForm({
  id,
  beginning,
  separator,
  tiers,
  isReady,
  isSending,
  onCount,
}: {
  id: string;
  beginning: Beginning;
  separator: Separator;
  tiers: readonly Tier[];
  isReady: boolean;
  isSending: boolean;
  onCount: (options: ImportOptions) => void;
}) {
  const [says, setSays] = useState<FileSays>(() => guessed(beginning, separator));
  const [given, setGiven] = useState<Record<string, string | null>>({});
  const [tierUntil, setTierUntil] = useState("");
  const [again, setAgain] = useState(false);
  const { columns, decimal, dates, isSureOfDates } = says;
  const fault = columnsFault(columns);
  const hasDates =
    columns.birthday !== undefined || columns.expiry !== undefined || columns.tierExpiry !== undefined;
  const names = tierNames(beginning, columns);
  const ownTier = (name: string) =>
    tiers.find((tier) => tier.name.toLowerCase() === name.toLowerCase())?.id ?? null;
  const options: ImportOptions = {
    ...{ id, separator, decimal, dates, columns, again },
    tiers: Object.fromEntries(
      names.map((name) => [
        name.toLowerCase().slice(0, 200),
        given[name] === undefined ? ownTier(name) : given[name],
      ]),
    ),
    tierUntil: tierUntil === "" ? null : tierUntil,
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (fault === null) onCount(options);
      }}
    >
      <BlockStack gap="400">
        <Text as="h3" variant="headingSm">
          What the columns mean
        </Text>
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
          {IMPORT_FIELDS.map((field) => (
            <ColumnSelect
              key={field}
              {...{ field, beginning, columns }}
              onChange={(at) => setSays({ ...says, columns: withColumn(columns, field, at) })}
            />
          ))}
        </InlineGrid>
        <FormLayout>
          <FormLayout.Group>
            <Select
              label="Decimals are written with"
              options={[
                { value: ".", label: "A point: 1,250.50" },
                { value: ",", label: "A comma: 1.250,50" },
              ]}
              value={decimal}
              onChange={(value) => setSays({ ...says, decimal: value === "," ? "," : "." })}
            />
            <Select
              label="Dates are written as"
              options={DATE_ORDERS.map((order) => ({ value: order, label: DATE_WORDS[order] }))}
              value={dates}
              disabled={!hasDates}
              helpText={
                hasDates && !isSureOfDates ? "The first rows fit several orders: look them over." : undefined
              }
              onChange={(value) => setSays({ ...says, dates: value as DateOrder, isSureOfDates: true })}
            />
          </FormLayout.Group>
          {names.length > 0 && (
            <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
              {names.map((name) => (
                <Select
                  key={name}
                  label={`Tier “${name}” of the file`}
                  options={[
                    { value: NO_COLUMN, label: "Not taken over" },
                    ...tiers.map((tier) => ({ value: tier.id, label: tier.name })),
                  ]}
                  value={(given[name] === undefined ? ownTier(name) : given[name]) ?? NO_COLUMN}
                  onChange={(value) => setGiven({ ...given, [name]: value === NO_COLUMN ? null : value })}
                />
              ))}
            </InlineGrid>
          )}
          {names.length > 0 && tiers.length > 0 && (
            <TextField
              label="Tiers hold until"
              type="date"
              value={tierUntil}
              onChange={setTierUntil}
              autoComplete="off"
              helpText="To the end of that day, where the file says nothing else. Empty: until you take them back."
            />
          )}
          <Checkbox
            label="Give points also to members of an earlier import"
            helpText="Leave it off unless this file is from another app than the last one."
            checked={again}
            onChange={setAgain}
          />
        </FormLayout>
        <FirstRows beginning={beginning} columns={columns} />
        {fault !== null && (
          <div role="status">
            <Banner tone="warning">
              <p>{fault}</p>
            </Banner>
          </div>
        )}
        <InlineStack gap="200" blockAlign="center">
          <Button submit variant="primary" disabled={fault !== null || !isReady} loading={isSending}>
            Count what it would come to
          </Button>
          {!isReady && (
            <Text as="p" tone="subdued">
              Waiting for Shopify’s list of customers.
            </Text>
          )}
        </InlineStack>
      </BlockStack>
    </form>
  );
}

function withColumn(
  columns: FileSays["columns"],
  field: ImportField,
  at: number | undefined,
): FileSays["columns"] {
  const others = Object.entries(columns).filter(([name]) => name !== field);
  return Object.fromEntries(at === undefined ? others : [...others, [field, at]]);
}

function ColumnSelect({
  field,
  beginning: { headings, rows },
  columns,
  onChange,
}: {
  field: ImportField;
  beginning: Beginning;
  columns: FileSays["columns"];
  onChange: (at: number | undefined) => void;
}) {
  const { label, help } = FIELD_WORDS[field];
  const at = columns[field];
  const example = at === undefined ? undefined : rows.find(({ cells }) => cells[at]?.trim())?.cells[at];
  return (
    <Select
      label={label}
      options={[
        { value: NO_COLUMN, label: "Not in the file" },
        ...headings.map((heading, index) => ({
          value: String(index),
          label: `${columnLetter(index)}: ${heading.trim().slice(0, 60) || "(no heading)"}`,
        })),
      ]}
      value={at === undefined ? NO_COLUMN : String(at)}
      helpText={example === undefined ? help : `For example “${example.trim().slice(0, 60)}”`}
      onChange={(value) => onChange(value === NO_COLUMN ? undefined : Number(value))}
    />
  );
}

/** As spreadsheets name them. */
function columnLetter(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${columnLetter(Math.floor(index / 26) - 1)}${letter}`;
}

const ROWS_SHOWN = 3;

function FirstRows({ beginning: { rows }, columns }: { beginning: Beginning; columns: FileSays["columns"] }) {
  const used = IMPORT_FIELDS.filter((field) => columns[field] !== undefined);
  if (used.length === 0) return null;
  return (
    <div tabIndex={0} role="region" aria-label="First rows" style={{ overflowX: "auto" }}>
      <PlainTable
        caption="The first rows, as they will be read"
        wordColumns={used.map((_, index) => index + 1)}
        table={{
          headings: ["Line", ...used.map((field) => FIELD_WORDS[field].label)],
          rows: rows
            .slice(0, ROWS_SHOWN)
            .map(({ line, cells }) => [
              String(line),
              ...used.map((field) => (cells[columns[field] ?? -1] ?? "").trim().slice(0, 60) || "–"),
            ]),
        }}
      />
    </div>
  );
}
