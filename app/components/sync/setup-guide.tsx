/** What a new shop should do until its figures can be relied on. It can be put away, and found again in the settings. */
import { useFetcher } from "@remix-run/react";
import { BlockStack, Box, Button, Card, Icon, InlineStack, Link, ProgressBar, Text } from "@shopify/polaris";
import { CheckCircleIcon, MinusCircleIcon, XIcon } from "@shopify/polaris-icons";
import type { ReactNode } from "react";
import type { SetupStep } from "../../core/setup-guide.ts";
import { useShow } from "../frame/use-show.ts";

export function SetupGuide({ steps }: { steps: readonly SetupStep[] }) {
  const show = useShow();
  const fetcher = useFetcher();
  const done = steps.filter((step) => step.done).length;
  const isDismissed = fetcher.formData?.get("intent") === "dismiss-guide";
  if (isDismissed) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            Set-up guide
          </Text>
          <fetcher.Form method="post">
            <input type="hidden" name="intent" value="dismiss-guide" />
            <Button submit variant="tertiary" icon={XIcon} accessibilityLabel="Put the set-up guide away" />
          </fetcher.Form>
        </InlineStack>
        <Text as="p" tone="subdued">
          {`${show.count(done)} of ${show.count(steps.length)} done. You find this guide again in the settings.`}
        </Text>
        <div id="setup-progress">
          <Box visuallyHidden>Steps of the set-up that are done</Box>
        </div>
        <ProgressBar
          size="small"
          progress={Math.round((100 * done) / steps.length)}
          ariaLabelledBy="setup-progress"
        />
        <BlockStack as="ul" gap="300">
          {steps.map((step) => (
            <Step key={step.name} step={step} />
          ))}
        </BlockStack>
      </BlockStack>
    </Card>
  );
}

const WORDS: Record<SetupStep["name"], { title: string; todo: ReactNode }> = {
  history: {
    title: "Read the order history",
    todo: "This goes on by itself, also while the app is closed.",
  },
  "whole-history": {
    title: "Let the app read older orders",
    todo: "Shopify shows the app only the last 60 days. Older orders come by themselves once Shopify has granted the app access to all of them.",
  },
  costs: {
    title: "Know what products cost",
    todo: (
      <>
        Enter the cost per item with your products in Shopify, or set a{" "}
        <Link url="/app/settings">flat margin</Link>, so that margins can be told.
      </>
    ),
  },
  revenue: {
    title: "Check what counts as revenue",
    todo: (
      <>
        Tax, shipping, gift cards, refunds and customers to leave out:{" "}
        <Link url="/app/settings">see the settings</Link>.
      </>
    ),
  },
};

function Step({ step: { name, done } }: { step: SetupStep }) {
  const { title, todo } = WORDS[name];
  return (
    <li style={{ listStyle: "none" }} data-step={name} data-done={done}>
      <InlineStack gap="200" wrap={false} blockAlign="start">
        <Box>
          <Icon
            source={done ? CheckCircleIcon : MinusCircleIcon}
            tone={done ? "success" : "subdued"}
            accessibilityLabel={done ? "Done" : "To do"}
          />
        </Box>
        <BlockStack gap="100">
          <Text as="span" fontWeight={done ? "regular" : "semibold"}>
            {title}
          </Text>
          {!done && (
            <Text as="span" tone="subdued">
              {todo}
            </Text>
          )}
          {!done && name === "revenue" && <ConfirmSettings />}
        </BlockStack>
      </InlineStack>
    </li>
  );
}

function ConfirmSettings() {
  const fetcher = useFetcher();
  return (
    <fetcher.Form method="post">
      <input type="hidden" name="intent" value="confirm-settings" />
      <Button submit size="slim" loading={fetcher.state !== "idle"}>
        These settings are right
      </Button>
    </fetcher.Form>
  );
}
