/** A segment's rule: read in words, changed in fields with the size that it would have, and taken back. */
import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, ButtonGroup, Card, InlineStack, List, Text } from "@shopify/polaris";
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
  changedMeanwhile?: boolean;
}

export function RuleCard({ rule, usual }: { rule: SegmentRule; usual: SegmentRule }) {
  const show = useShow();
  const fetcher = useFetcher<Outcome>();
  /** What the change began from: the page may learn of another rule meanwhile. */
  const [editing, setEditing] = useState<SegmentRule | null>(null);
  const [isResetting, setResetting] = useState(false);
  /** The last change on this page, and what the rule was before it. */
  const [change, setChange] = useState<{ before: SegmentRule; after: SegmentRule } | null>(null);
  const { data } = fetcher;
  useEffect(() => {
    if (data) showToast(data.message, { isError: !data.ok });
  }, [data]);
  const save = (changed: SegmentRule, begunFrom = rule) => {
    setEditing(null);
    setChange({ before: begunFrom, after: changed });
    const texts = { rule: JSON.stringify(changed), begunFrom: JSON.stringify(begunFrom) };
    fetcher.submit({ intent: "save-rule", ...texts }, { method: "post" });
  };
  const isBusy = fetcher.state !== "idle";
  const unsaved = data?.changedMeanwhile ? change?.after : undefined;
  const inWords = (of: SegmentRule) => of.map((condition) => conditionInWords(condition, show)).join("; ");
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Rule
        </Text>
        {unsaved && (
          <Banner
            tone="warning"
            title="Somebody else changed this rule meanwhile"
            action={{ content: "Save mine over theirs", onAction: () => save(unsaved), loading: isBusy }}
            secondaryAction={{ content: "Take theirs", onAction: () => setChange(null) }}
          >
            <p>{`Theirs is below. Yours, which is not saved: ${inWords(unsaved)}.`}</p>
          </Banner>
        )}
        {editing ? (
          <RuleForm
            rule={editing}
            isBusy={isBusy}
            onSave={(changed) => save(changed, editing)}
            onCancel={() => setEditing(null)}
          />
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
                <Button onClick={() => setEditing(rule)}>Change the rule</Button>
                {change && !unsaved && !sameRule(change.before, rule) && (
                  <Button onClick={() => save(change.before)} loading={isBusy}>
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
        text={`Your own rule is removed. The usual rule is: ${inWords(usual)}.`}
        action="Use the usual rule"
        onConfirm={() => save(usual)}
        onClose={() => setResetting(false)}
      />
    </Card>
  );
}
