/** A segment's rule: read in words, changed in fields with the size that it would have, and taken back. */
import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, ButtonGroup, Card, InlineStack, List, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { sameRule, type SegmentRule } from "../../core/segments/segment-rule.ts";
import { Confirm } from "../data/confirm.tsx";
import { showToast } from "../frame/app-bridge.ts";
import { useShow } from "../frame/use-show.ts";
import { RuleForm } from "./rule-form.tsx";
import { conditionInWords } from "./segment-words.ts";

interface Outcome {
  ok: boolean;
  message: string;
}

export function RuleCard({ rule, usual }: { rule: SegmentRule; usual: SegmentRule }) {
  const show = useShow();
  const fetcher = useFetcher<Outcome>();
  const [isEditing, setEditing] = useState(false);
  const [isResetting, setResetting] = useState(false);
  /** What the rule was before the last change on this page. */
  const [before, setBefore] = useState<SegmentRule | null>(null);
  const { data } = fetcher;
  useEffect(() => {
    if (data) showToast(data.message, { isError: !data.ok });
  }, [data]);
  const save = (changed: SegmentRule) => {
    setEditing(false);
    setBefore(rule);
    fetcher.submit({ intent: "save-rule", rule: JSON.stringify(changed) }, { method: "post" });
  };
  const isBusy = fetcher.state !== "idle";
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Rule
        </Text>
        {isEditing ? (
          <RuleForm rule={rule} isBusy={isBusy} onSave={save} onCancel={() => setEditing(false)} />
        ) : (
          <>
            <Text as="p" tone="subdued">
              A customer is in this segment where all of this holds:
            </Text>
            <List>
              {rule.map((condition, place) => (
                <List.Item key={place}>{conditionInWords(condition, show)}</List.Item>
              ))}
            </List>
            <InlineStack>
              <ButtonGroup>
                <Button onClick={() => setEditing(true)}>Change the rule</Button>
                {before && !sameRule(before, rule) && (
                  <Button onClick={() => save(before)} loading={isBusy}>
                    Undo the change
                  </Button>
                )}
                {!sameRule(rule, usual) && (
                  <Button onClick={() => setResetting(true)} loading={isBusy}>
                    Use the usual rule
                  </Button>
                )}
              </ButtonGroup>
            </InlineStack>
          </>
        )}
      </BlockStack>
      <Confirm
        open={isResetting}
        title="Use the usual rule again?"
        text={`Your own rule is removed. The usual rule is: ${usual.map((condition) => conditionInWords(condition, show)).join("; ")}.`}
        action="Use the usual rule"
        onConfirm={() => save(usual)}
        onClose={() => setResetting(false)}
      />
    </Card>
  );
}
