/** One text of the storefront being changed: each form of it with what a shopper will see, and the ways back. */
import { BlockStack, Button, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import {
  faultsOfForms,
  filled,
  LONGEST_TEXT,
  tidyText,
  variablesOf,
  type TextForms,
} from "../../core/storefront/texts.ts";
import { useDataAction } from "../data/use-data-action.ts";
import { useShow } from "../frame/use-show.ts";
import { faultInWords, formLabel, samplesFor } from "./text-words.ts";

export function TextEditor({
  language,
  textKey,
  usual,
  own,
  canUndo,
  onClose,
}: {
  language: string;
  textKey: string;
  usual: TextForms;
  own: TextForms | null;
  canUndo: boolean;
  onClose: () => void;
}) {
  const { currency } = useShow();
  const { send, running } = useDataAction();
  const [forms, setForms] = useState<TextForms>(own ?? usual);
  const [wasTried, setTried] = useState(false);
  const faults = faultsOfForms(forms, usual);
  const variables = [...new Set(Object.values(usual).flatMap(variablesOf))];
  const place = { language, key: textKey };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (Object.keys(faults).length === 0)
          send({ intent: "save", ...place, forms: JSON.stringify(forms) });
      }}
    >
      <BlockStack gap="300">
        {variables.length > 0 && (
          <Text as="p" tone="subdued">
            {`Keep ${variables.map((name) => `{{ ${name} }}`).join(" and ")}: what stands for it changes from shopper to shopper.`}
          </Text>
        )}
        {Object.entries(usual).map(([form, usualText]) => {
          const text = forms[form] ?? "";
          const fault = faults[form];
          const preview = filled(tidyText(text), samplesFor(language, form, currency));
          return (
            <TextField
              key={form}
              label={formLabel(language, form)}
              value={text}
              onChange={(value) => setForms({ ...forms, [form]: value })}
              autoComplete="off"
              maxLength={LONGEST_TEXT}
              placeholder={usualText}
              error={fault && (wasTried || text !== (own ?? usual)[form]) ? faultInWords(fault) : undefined}
              helpText={fault ? undefined : `A shopper sees: ${preview}`}
            />
          );
        })}
        <InlineStack gap="200">
          <Button submit variant="primary" loading={running?.intent === "save"}>
            Save
          </Button>
          <Button onClick={onClose}>Close</Button>
          {canUndo && (
            <Button loading={running?.intent === "undo"} onClick={() => send({ intent: "undo", ...place })}>
              Undo the last change
            </Button>
          )}
          {own && (
            <Button loading={running?.intent === "reset"} onClick={() => send({ intent: "reset", ...place })}>
              Back to the usual text
            </Button>
          )}
        </InlineStack>
      </BlockStack>
    </form>
  );
}
