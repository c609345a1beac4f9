/** The storefront's texts by where they stand, those that hold what is looked for; each can be changed in its place. */
import { Badge, BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import type { TextForms } from "../../core/storefront/texts.ts";
import { Empty } from "../frame/empty.tsx";
import { useRowsShown } from "../frame/use-awake.ts";
import { TextEditor } from "./text-editor.tsx";
import { partOf } from "./text-words.ts";

export interface ListedText {
  key: string;
  usual: TextForms;
  own: TextForms | null;
  canUndo: boolean;
  english: string;
}

export function TextList({
  language,
  texts,
  find,
}: {
  language: string;
  texts: readonly ListedText[];
  find: string;
}) {
  const [open, setOpen] = useState<string | null>(null);
  const found = texts.filter((text) => holds(text, find.trim().toLowerCase()));
  const textsShown = useRowsShown(found);
  if (found.length === 0) {
    return (
      <Card>
        <Empty heading="No text holds these words">
          <p>Look for other ones, also in English.</p>
        </Empty>
      </Card>
    );
  }
  return [...Map.groupBy(textsShown, ({ key }) => partOf(key))].map(([part, ofPart]) => (
    <Card key={part}>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {part}
        </Text>
        {ofPart.map((text) =>
          open === text.key ? (
            <Box key={text.key} background="bg-surface-secondary" borderRadius="200" padding="300">
              <TextEditor
                key={JSON.stringify(text.own)}
                language={language}
                textKey={text.key}
                usual={text.usual}
                own={text.own}
                canUndo={text.canUndo}
                onClose={() => setOpen(null)}
              />
            </Box>
          ) : (
            <TextRow key={text.key} language={language} text={text} onOpen={() => setOpen(text.key)} />
          ),
        )}
      </BlockStack>
    </Card>
  ));
}

function TextRow({
  language,
  text: { usual, own, english },
  onOpen,
}: {
  language: string;
  text: ListedText;
  onOpen: () => void;
}) {
  const shown = Object.values(own ?? usual).at(-1) ?? "";
  return (
    <InlineStack gap="300" align="space-between" blockAlign="center" wrap={false}>
      <div style={{ minWidth: 0, overflowWrap: "anywhere" }}>
        <InlineStack gap="200" blockAlign="center">
          <span lang={language}>{shown}</span>
          {own && <Badge tone="info">Changed</Badge>}
        </InlineStack>
        {language !== "en" && (
          <Text as="p" tone="subdued" variant="bodySm">
            {english}
          </Text>
        )}
      </div>
      <div style={{ flexShrink: 0 }}>
        <Button onClick={onOpen} accessibilityLabel={`Change: ${english}`}>
          Change
        </Button>
      </div>
    </InlineStack>
  );
}

function holds({ key, usual, own, english }: ListedText, wanted: string): boolean {
  const words = [key, english, ...Object.values(usual), ...Object.values(own ?? {})];
  return words.some((text) => text.toLowerCase().includes(wanted));
}
