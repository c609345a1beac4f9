/** Products that only members of a tier may buy, or may buy earlier, and whether Shopify checks carts for them. */
import {
  Banner,
  BlockStack,
  Button,
  Card,
  InlineGrid,
  InlineStack,
  Link,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import { ACCESS_BOUNDS, type AccessRule } from "../../core/loyalty/product-access.ts";
import { useDataAction } from "../data/use-data-action.ts";
import { pickSeveral, showToast } from "../frame/app-bridge.ts";
import { PageSection } from "../frame/page-section.tsx";
import { Streamed } from "../frame/page-states.tsx";
import { useScopeRequest } from "../frame/use-scope-request.ts";
import { useShow } from "../frame/use-show.ts";
import { accessInWords, readTypedAccess, typedAccess, type TypedAccess } from "./typed-access.ts";

interface Access {
  ladder: readonly { id: string; name: string }[];
  access: readonly (AccessRule & { productId: number })[];
  products: Readonly<Record<number, string>>;
  isPublished: boolean;
  missingScopes: readonly string[];
  /** `null`: Shopify was not asked, or did not answer. */
  enforcement: Promise<"not-deployed" | "off" | "on" | null>;
}

/** Of which products somebody is typing. */
interface Begun {
  productIds: readonly number[];
  typed: TypedAccess;
}

export function AccessSection(props: Access) {
  const { ladder, access, products } = props;
  const show = useShow();
  const { send, running } = useDataAction();
  const [picked, setPicked] = useState<Readonly<Record<number, string>>>({});
  const [begun, setBegun] = useState<Begun | null>(null);
  const nameOf = (id: number) => picked[id] ?? products[id] ?? String(id);
  const choose = async () => {
    try {
      const chosen = await pickSeveral("product", []);
      if (!chosen || chosen.length === 0) return;
      setPicked({ ...picked, ...Object.fromEntries(chosen.map(({ id, name }) => [id, name])) });
      const steps = [{ tierId: ladder.at(-1)?.id ?? "", from: "" }];
      setBegun({ productIds: chosen.map(({ id }) => id), typed: { steps, openFrom: "" } });
    } catch {
      showToast("Shopify’s list could not be opened", { isError: true });
    }
  };
  return (
    <PageSection
      id="access"
      title="For tiers only"
      description="Products that only members of a tier may buy, or may buy some days before everybody. Shopify checks carts for it in checkout, express checkouts too; not at Shopify POS, and not orders that apps or you create. The block “For members” shows it on a product’s page, and keeps nobody from buying."
    >
      <BlockStack gap="400">
        {access.length > 0 && <Enforced {...props} />}
        <Card>
          <BlockStack gap="400">
            {access.length === 0 && begun === null && (
              <Text as="p">
                {ladder.length === 0 ? "Save a tier first." : "Everybody may buy everything."}
              </Text>
            )}
            {access.map((rule) => (
              <InlineGrid
                key={rule.productId}
                columns={{ xs: 1, sm: "1fr auto" }}
                alignItems="center"
                gap="200"
              >
                <BlockStack>
                  <Text as="p" fontWeight="semibold">
                    {nameOf(rule.productId)}
                  </Text>
                  <Text as="p" tone="subdued">
                    {accessInWords(rule, ladder, show)}
                  </Text>
                </BlockStack>
                <InlineStack gap="200">
                  <Button
                    size="slim"
                    accessibilityLabel={`Change who may buy ${nameOf(rule.productId)}`}
                    onClick={() => setBegun({ productIds: [rule.productId], typed: typedAccess(rule) })}
                  >
                    Change
                  </Button>
                  <Button
                    size="slim"
                    accessibilityLabel={`Let everybody buy ${nameOf(rule.productId)}`}
                    loading={running?.id === String(rule.productId)}
                    onClick={() => send({ intent: "remove-access", id: String(rule.productId) })}
                  >
                    Remove
                  </Button>
                </InlineStack>
              </InlineGrid>
            ))}
            {begun ? (
              <AccessForm
                key={begun.productIds.join()}
                title={begun.productIds.map(nameOf).join(", ")}
                ladder={ladder}
                begun={begun}
                onChange={(typed) => setBegun({ ...begun, typed })}
                onSave={(rule) => {
                  const [ids, text] = [JSON.stringify(begun.productIds), JSON.stringify(rule)];
                  send({ intent: "save-access", products: ids, access: text });
                  setBegun(null);
                }}
                onCancel={() => setBegun(null)}
              />
            ) : (
              <InlineStack>
                <Button disabled={ladder.length === 0} onClick={() => void choose()}>
                  Choose products for tiers
                </Button>
              </InlineStack>
            )}
          </BlockStack>
        </Card>
      </BlockStack>
    </PageSection>
  );
}

function Enforced({ isPublished, missingScopes, enforcement }: Access) {
  const { ask, isAsking } = useScopeRequest(missingScopes);
  if (!isPublished)
    return (
      <Banner tone="warning" title="Nobody is kept from buying yet">
        <p>
          Shopify does not know in which tiers your members are.{" "}
          <Link url="/app/storefront">Switch the storefront on</Link> so that it does.
        </p>
      </Banner>
    );
  if (missingScopes.length > 0)
    return (
      <Banner
        tone="warning"
        title="Nobody is kept from buying yet"
        action={{ content: "Allow in Shopify", onAction: ask, loading: isAsking }}
      >
        <p>Perennial needs to be allowed to have carts checked.</p>
      </Banner>
    );
  return (
    <Streamed of={enforcement} fallback={<Text as="p">Asking Shopify whether carts are checked…</Text>}>
      {(state) => <Checked state={state} />}
    </Streamed>
  );
}

function Checked({ state }: { state: Awaited<Access["enforcement"]> }) {
  const { send, running } = useDataAction();
  const isBusy = running !== null;
  switch (state) {
    case null:
      return (
        <Banner tone="warning" title="Shopify could not be asked whether carts are checked">
          <p>Open this page again in a moment.</p>
        </Banner>
      );
    case "not-deployed":
      return (
        <Banner tone="critical" title="Nobody is kept from buying">
          <p>
            The app was installed without the function that checks carts. Apps of Shopify’s App Store may
            bring it on every plan, custom apps on Shopify Plus only.
          </p>
        </Banner>
      );
    case "off":
      return (
        <Banner
          tone="warning"
          title="Nobody is kept from buying yet"
          action={{
            content: "Check carts",
            loading: isBusy,
            onAction: () => send({ intent: "enforce-access" }),
          }}
        >
          <p>The function that checks carts is there, and switched off.</p>
        </Banner>
      );
    case "on":
      return (
        <Banner
          tone="success"
          title="Carts are checked"
          secondaryAction={{ content: "Stop checking", onAction: () => send({ intent: "stop-enforcing" }) }}
        >
          <p>Shopify may need a minute until a change holds everywhere.</p>
        </Banner>
      );
  }
}

function AccessForm({
  title,
  ladder,
  begun: { typed },
  onChange,
  onSave,
  onCancel,
}: {
  title: string;
  ladder: Access["ladder"];
  begun: Begun;
  onChange: (typed: TypedAccess) => void;
  onSave: (rule: AccessRule) => void;
  onCancel: () => void;
}) {
  const read = readTypedAccess(typed);
  const { steps, openFrom } = typed;
  const set = (place: number, part: Partial<TypedAccess["steps"][number]>) =>
    onChange({ ...typed, steps: steps.map((step, at) => (at === place ? { ...step, ...part } : step)) });
  const free = ladder.filter(({ id }) => !steps.some(({ tierId }) => tierId === id));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (read.ok) onSave(read.access);
      }}
    >
      <BlockStack gap="300">
        <Text as="h3" variant="headingSm">{`Who may buy ${title}`}</Text>
        {steps.map(({ tierId, from }, place) => (
          <InlineGrid key={place} columns={{ xs: 1, sm: 2 }} gap="300">
            <Select
              label={place === 0 ? "This tier and above" : `Tier ${place + 1} and above`}
              options={ladder.map(({ id, name }) => ({ value: id, label: name }))}
              value={tierId}
              onChange={(id) => set(place, { tierId: id })}
            />
            <TextField
              label={place === 0 ? "From" : `From (tier ${place + 1})`}
              helpText="Empty: at once."
              type="date"
              value={from}
              onChange={(day) => set(place, { from: day })}
              autoComplete="off"
            />
          </InlineGrid>
        ))}
        <InlineStack gap="200">
          {steps.length < ACCESS_BOUNDS.steps.most && free.length > 0 && (
            <Button
              size="slim"
              onClick={() =>
                onChange({ ...typed, steps: [...steps, { tierId: free.at(-1)?.id ?? "", from: "" }] })
              }
            >
              Another tier on another day
            </Button>
          )}
          {steps.length > 1 && (
            <Button size="slim" onClick={() => onChange({ ...typed, steps: steps.slice(0, -1) })}>
              Remove the last tier
            </Button>
          )}
        </InlineStack>
        <TextField
          label="Everybody from"
          helpText="Empty: never. Days begin at your shop’s midnight."
          type="date"
          value={openFrom}
          onChange={(day) => onChange({ ...typed, openFrom: day })}
          autoComplete="off"
          error={read.ok ? undefined : read.fault}
        />
        <InlineStack gap="200">
          <Button submit variant="primary" disabled={!read.ok}>
            Save who may buy
          </Button>
          <Button onClick={onCancel}>Cancel</Button>
        </InlineStack>
      </BlockStack>
    </form>
  );
}
