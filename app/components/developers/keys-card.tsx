/** Keys of programs that ask at the HTTP API: to be made, changed and ended. */
import {
  BlockStack,
  Button,
  ButtonGroup,
  Card,
  ChoiceList,
  Divider,
  FormLayout,
  InlineStack,
  Link,
  Text,
  TextField,
} from "@shopify/polaris";
import { Fragment, useState } from "react";
import { Confirm } from "../data/confirm.tsx";
import { Empty } from "../frame/empty.tsx";
import { useShow } from "../frame/use-show.ts";
import { SecretBanner } from "./secret-banner.tsx";
import { useSecretAction } from "./use-secret-action.ts";

const SCOPES = [
  { value: "points:read", label: "Read balances, transactions and rewards" },
  { value: "points:earn", label: "Give points" },
  { value: "points:redeem", label: "Spend points on rewards" },
  { value: "points:adjust", label: "Give and take points" },
] as const;

export interface ShownKey {
  id: string;
  name: string;
  prefix: string;
  scopes: readonly string[];
  createdAt: number;
  lastUsedAt: number | null;
  /** Until then the former key counts as well; `null`: no longer. */
  previousUntil: number | null;
}

export function KeysCard({ keys, documentUrl }: { keys: readonly ShownKey[]; documentUrl: string }) {
  const { send, isRunning, isAdding, openForm, closeForm, fault, secret, putSecretAway } = useSecretAction();
  const [asking, setAsking] = useState<{ intent: "rotate-key" | "remove-key"; id: string } | null>(null);
  return (
    <BlockStack gap="400">
      {secret !== undefined && (
        <SecretBanner title="The key" secret={secret} onClose={putSecretAway}>
          Whoever has it may do what it may. It is shown this once: give it to your program, and to nobody
          else.
        </SecretBanner>
      )}
      <Card>
        {isAdding ? (
          <KeyForm
            faults={{ name: fault("name"), scopes: fault("scopes") }}
            isRunning={isRunning("add-key")}
            onAdd={(name, scopes) => send({ intent: "add-key", name, scopes: scopes.join(",") })}
            onCancel={closeForm}
          />
        ) : (
          <BlockStack gap="400">
            {keys.length === 0 && (
              <Empty heading="No keys yet">
                <Text as="p">Make one for each program, so that you can end it alone.</Text>
              </Empty>
            )}
            {keys.map((key) => (
              <Fragment key={key.id}>
                <KeyRow
                  shown={key}
                  isRunning={(intent) => isRunning(intent, key.id)}
                  ask={(intent) => setAsking({ intent, id: key.id })}
                />
                <Divider />
              </Fragment>
            ))}
            <InlineStack gap="400" blockAlign="center" align={keys.length === 0 ? "center" : "start"}>
              <Button onClick={openForm} variant={keys.length === 0 ? "primary" : "secondary"}>
                Make a key
              </Button>
              <Link url={documentUrl} target="_blank">
                What can be asked (OpenAPI)
              </Link>
            </InlineStack>
          </BlockStack>
        )}
      </Card>
      <Confirm
        open={asking?.intent === "rotate-key"}
        title="Make a new key?"
        text="The former one counts as well for a day, so that your program can change over."
        action="Make a new key"
        onConfirm={() => asking && send({ ...asking })}
        onClose={() => setAsking(null)}
      />
      <Confirm
        open={asking?.intent === "remove-key"}
        title="End this key?"
        text="The program that uses it is let in no more, at once."
        action="End the key"
        destructive
        onConfirm={() => asking && send({ ...asking })}
        onClose={() => setAsking(null)}
      />
    </BlockStack>
  );
}

function KeyForm({
  faults,
  isRunning,
  onAdd,
  onCancel,
}: {
  faults: { name: string | undefined; scopes: string | undefined };
  isRunning: boolean;
  onAdd: (name: string, scopes: readonly string[]) => void;
  onCancel: () => void;
}) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["points:read"]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(name, scopes);
      }}
    >
      <BlockStack gap="400">
        <FormLayout>
          <TextField
            label="Program"
            value={name}
            onChange={setName}
            error={faults.name}
            helpText="By which you know it again, such as Till."
            autoComplete="off"
            maxLength={60}
          />
          <ChoiceList
            title="What it may do"
            allowMultiple
            choices={SCOPES.map((each) => ({ ...each }))}
            selected={scopes}
            onChange={setScopes}
            error={faults.scopes ?? ""}
          />
        </FormLayout>
        <InlineStack gap="200">
          <Button submit variant="primary" loading={isRunning}>
            Make the key
          </Button>
          <Button onClick={onCancel} disabled={isRunning}>
            Cancel
          </Button>
        </InlineStack>
      </BlockStack>
    </form>
  );
}

function KeyRow({
  shown: { name, prefix, scopes, createdAt, lastUsedAt, previousUntil },
  isRunning,
  ask,
}: {
  shown: ShownKey;
  isRunning: (intent: string) => boolean;
  ask: (intent: "rotate-key" | "remove-key") => void;
}) {
  const show = useShow();
  const may = SCOPES.filter(({ value }) => scopes.includes(value)).map(({ label }) => label);
  return (
    <BlockStack gap="200">
      <Text as="h3" fontWeight="semibold">
        {name}
      </Text>
      <Text as="p">
        <code>{`${prefix}_…`}</code>
      </Text>
      <Text as="p" tone="subdued">
        {`${may.join("; ")}. Made ${show.date(createdAt)}, ${lastUsedAt === null ? "not used yet" : `last used ${show.time(lastUsedAt)}`}.`}
      </Text>
      {previousUntil !== null && (
        <Text as="p">{`The former key counts as well until ${show.time(previousUntil)}.`}</Text>
      )}
      <ButtonGroup>
        <Button
          onClick={() => ask("rotate-key")}
          loading={isRunning("rotate-key")}
          accessibilityLabel={`New key: ${name}`}
        >
          New key
        </Button>
        <Button
          onClick={() => ask("remove-key")}
          loading={isRunning("remove-key")}
          tone="critical"
          accessibilityLabel={`End: ${name}`}
        >
          End
        </Button>
      </ButtonGroup>
    </BlockStack>
  );
}
