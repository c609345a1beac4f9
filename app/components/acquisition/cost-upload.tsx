/** Costs out of a CSV file: what was understood and what was not is shown first, then put into the list, and only saving keeps it. */
import { Banner, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useRef, useState } from "react";
import { dayFromIso, monthOf } from "../../core/calendar.ts";
import { readCostFile, type CostBounds, type CostFile, type ReadCosts } from "../../core/clv/cost-file.ts";
import { formatMinor } from "../../core/money.ts";
import { PlainTable } from "../charts/plain-table.tsx";
import { showToast } from "../frame/app-bridge.ts";
import { useShow } from "../frame/use-show.ts";
import type { CostsDraft, SavedCosts } from "./use-costs-draft.ts";

const MOST_BYTES = 2_000_000;

interface Upload {
  name: string;
  read: ReadCosts;
}

export function CostUpload({
  bounds,
  saved,
  draft,
}: {
  bounds: CostBounds;
  saved: SavedCosts;
  draft: CostsDraft;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [upload, setUpload] = useState<Upload | null>(null);

  async function take(file: File) {
    const read: ReadCosts =
      file.size > MOST_BYTES
        ? { ok: false, reason: "The file is larger than 2 MB." }
        : readCostFile(textOf(await file.arrayBuffer()), bounds);
    setUpload({ name: file.name, read });
  }

  function putIntoList({ months }: CostFile) {
    draft.change(
      Object.fromEntries(
        months.map(({ month, amountMinor }) => [month, formatMinor(amountMinor, bounds.currency)]),
      ),
    );
    setUpload(null);
    showToast("Look the amounts over, then save");
  }

  return (
    <BlockStack gap="300">
      <InlineStack gap="200" blockAlign="center">
        <Button onClick={() => input.current?.click()}>Read a CSV file</Button>
        <Text as="p" tone="subdued">
          With the columns month and amount. You see what it says before anything is kept.
        </Text>
      </InlineStack>
      <input
        ref={input}
        type="file"
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
        {upload && (
          <UploadPreview
            upload={upload}
            saved={saved}
            onTake={putIntoList}
            onCancel={() => setUpload(null)}
          />
        )}
      </div>
    </BlockStack>
  );
}

/** Spreadsheets write UTF-16 with a mark, everybody else UTF-8. */
function textOf(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes);
  const encoding = first === 0xff && second === 0xfe ? "utf-16le" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

function UploadPreview({
  upload: { name, read },
  saved,
  onTake,
  onCancel,
}: {
  upload: Upload;
  saved: SavedCosts;
  onTake: (file: CostFile) => void;
  onCancel: () => void;
}) {
  if (!read.ok) {
    return (
      <Banner tone="critical" title={`Nothing was taken from ${name}`} onDismiss={onCancel}>
        <p>{read.reason}</p>
      </Banner>
    );
  }
  return (
    <BlockStack gap="300">
      <Text as="h3" variant="headingSm">
        {`What ${name} says`}
      </Text>
      <Understood file={read.file} saved={saved} />
      <Refused file={read.file} />
      <InlineStack gap="200">
        {read.file.months.length > 0 && (
          <Button variant="primary" onClick={() => onTake(read.file)}>
            {read.file.months.length === 1
              ? "Put 1 month into the list"
              : `Put ${read.file.months.length} months into the list`}
          </Button>
        )}
        <Button onClick={onCancel}>Leave it</Button>
      </InlineStack>
    </BlockStack>
  );
}

function Understood({ file: { months, withoutAmount }, saved }: { file: CostFile; saved: SavedCosts }) {
  const show = useShow();
  return (
    <BlockStack gap="200">
      {months.length > 0 ? (
        <div style={{ maxHeight: 300, overflow: "auto" }} tabIndex={0} role="region" aria-label="Understood">
          <PlainTable
            caption="Understood"
            table={{
              headings: ["Month", "Amount", "Lines", "So far in the list"],
              rows: months.map(({ month, amountMinor, lines }) => [
                show.month(monthOf(dayFromIso(`${month}-01`))),
                show.money(amountMinor),
                show.count(lines),
                show.money(saved[month] ?? null),
              ]),
            }}
          />
        </div>
      ) : (
        <Text as="p">No line has a month and an amount that could be read.</Text>
      )}
      {withoutAmount > 0 && (
        <Text as="p" tone="subdued">
          {`${show.counted(withoutAmount, "line names", "lines name")} a month without an amount and ${withoutAmount === 1 ? "is" : "are"} left out.`}
        </Text>
      )}
    </BlockStack>
  );
}

const REFUSED_SHOWN = 50;

function Refused({ file: { refused } }: { file: CostFile }) {
  const show = useShow();
  if (refused.length === 0) return null;
  return (
    <BlockStack gap="200">
      <Banner
        tone="warning"
        title={`${show.counted(refused.length, "line was", "lines were")} not understood`}
      >
        <p>
          They are left out. Correct them in the file and read it again, or write their amounts into the list.
        </p>
      </Banner>
      <div
        style={{ maxHeight: 300, overflow: "auto" }}
        tabIndex={0}
        role="region"
        aria-label="Not understood"
      >
        <PlainTable
          caption="Not understood"
          wordColumns={[1, 2]}
          table={{
            headings: ["Line", "What it says", "Why not"],
            rows: refused
              .slice(0, REFUSED_SHOWN)
              .map(({ line, text, reason }) => [show.count(line), text, reason]),
          }}
        />
      </div>
    </BlockStack>
  );
}
