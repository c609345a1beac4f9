/** What members earn for beside orders: what there is one of, links that are followed, and what the HTTP API and Shopify Flow tell of. */
import {
  BlockStack,
  Button,
  Card,
  Checkbox,
  InlineGrid,
  InlineStack,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { ACTIVITY_BOUNDS, type Activity } from "../../core/loyalty/activity.ts";
import { PageSection } from "../frame/page-section.tsx";
import { useShow } from "../frame/use-show.ts";
import {
  activityFault,
  newNamed,
  type NamedField,
  type TypedNamed,
  type TypedSingle,
} from "./typed-activities.ts";
import type { ActivitiesDraft } from "./use-activities-draft.ts";

const SINGLE: Readonly<Record<TypedSingle["kind"], { label: string; helpText: string }>> = {
  join: { label: "Joining the programme", helpText: "Once, also where the first order makes a member." },
  birthday: {
    label: "Birthday",
    helpText:
      "Once a year, on the day or up to two days later. Customers tell it in the storefront or their account; it stays at Shopify.",
  },
  anniversary: { label: "Each year as a member", helpText: "On the day of joining." },
  newsletter: { label: "Agreeing to the newsletter", helpText: "Once. It is looked for every night." },
  profile: { label: "Telling the birthday", helpText: "Once, whatever the day." },
};

interface Counts {
  earned: Readonly<Record<string, number>>;
}

export function SingleSection({ draft, earned }: { draft: ActivitiesDraft } & Counts) {
  const show = useShow();
  const { single } = draft.typed;
  const set = (kind: TypedSingle["kind"], part: Partial<TypedSingle>) =>
    draft.change({ single: single.map((one) => (one.kind === kind ? { ...one, ...part } : one)) });
  return (
    <PageSection
      id="single"
      title="Beside orders"
      description="Members get these points at once. They expire as points of orders do, and what was given stays when you switch something off."
    >
      <Card>
        <BlockStack gap="400">
          {single.map(({ kind, isOn, points }) => (
            <InlineGrid key={kind} columns={{ xs: 1, sm: "2fr 1fr" }} gap="300">
              <Checkbox
                label={SINGLE[kind].label}
                helpText={`${SINGLE[kind].helpText}${times(earned[kind] ?? 0, show)}`}
                checked={isOn}
                onChange={(checked) => set(kind, { isOn: checked })}
              />
              <TextField
                label={`Points for: ${SINGLE[kind].label.toLowerCase()}`}
                labelHidden
                suffix="points"
                value={points}
                onChange={(text) => set(kind, { points: text })}
                disabled={!isOn}
                inputMode="numeric"
                autoComplete="off"
                error={isOn ? draft.faults[activityFault(kind, "points")] : undefined}
              />
            </InlineGrid>
          ))}
        </BlockStack>
      </Card>
    </PageSection>
  );
}

const times = (count: number, show: ReturnType<typeof useShow>) =>
  count === 0 ? "" : ` Earned ${show.counted(count, "time", "times")}.`;

const PERIODS: { value: Activity["per"]; label: string }[] = [
  { value: "ever", label: "ever" },
  { value: "year", label: "a year" },
  { value: "month", label: "a month" },
  { value: "day", label: "a day" },
];

const NAMED = {
  follow: {
    title: "Links that are followed",
    description:
      "Where your shop is beside the storefront. Shopify cannot tell who follows you there: whoever opens the link earns, once.",
    add: "Add a link",
    none: "No link earns.",
  },
  custom: {
    title: "What you tell of",
    description:
      "By the HTTP API or Shopify Flow, under the key that you choose here: a review, an event, a visit.",
    add: "Add a way to earn",
    none: "Nothing is told yet.",
  },
} as const;

export function NamedSection({
  kind,
  draft,
  earned,
}: { kind: TypedNamed["kind"]; draft: ActivitiesDraft } & Counts) {
  const { named } = draft.typed;
  const own = named.filter((one) => one.kind === kind);
  const set = (id: string, part: Partial<TypedNamed>) =>
    draft.change({ named: named.map((one) => (one.id === id ? { ...one, ...part } : one)) });
  const { title, description, add, none } = NAMED[kind];
  return (
    <PageSection id={kind} title={title} description={description}>
      <Card>
        <BlockStack gap="400">
          {own.length === 0 && <Text as="p">{none}</Text>}
          {own.map((activity, place) => (
            <NamedFields
              key={activity.id}
              activity={activity}
              place={place}
              count={earned[activity.id] ?? 0}
              fault={(field) => draft.faults[activityFault(activity.id, field)]}
              onChange={(part) => set(activity.id, part)}
              onRemove={() => draft.change({ named: named.filter(({ id }) => id !== activity.id) })}
            />
          ))}
          <InlineStack>
            <Button
              disabled={own.length >= ACTIVITY_BOUNDS.named.most}
              onClick={() => draft.change({ named: [...named, newNamed(crypto.randomUUID(), kind)] })}
            >
              {add}
            </Button>
          </InlineStack>
        </BlockStack>
      </Card>
    </PageSection>
  );
}

function NamedFields({
  activity: { kind, key, name, points, url, most, per },
  place,
  count,
  fault,
  onChange,
  onRemove,
}: {
  activity: TypedNamed;
  place: number;
  count: number;
  fault: (field: NamedField) => string | undefined;
  onChange: (part: Partial<TypedNamed>) => void;
  onRemove: () => void;
}) {
  const show = useShow();
  const of = kind === "follow" ? `link ${place + 1}` : `way to earn ${place + 1}`;
  return (
    <BlockStack gap="300">
      <InlineStack align="space-between" blockAlign="center">
        <Text as="h3" variant="headingSm">
          {name.trim() === "" ? `${of.charAt(0).toUpperCase()}${of.slice(1)}` : name}
        </Text>
        <Button variant="plain" tone="critical" onClick={onRemove} accessibilityLabel={`Remove ${of}`}>
          Remove
        </Button>
      </InlineStack>
      {count > 0 && <Text as="p" tone="subdued">{`Earned ${show.counted(count, "time", "times")}.`}</Text>}
      <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
        <TextField
          label={`Name of ${of}`}
          helpText="As members read it."
          value={name}
          onChange={(text) => onChange({ name: text })}
          maxLength={ACTIVITY_BOUNDS.name.most}
          autoComplete="off"
          error={fault("name")}
        />
        <TextField
          label={`Points of ${of}`}
          value={points}
          onChange={(text) => onChange({ points: text })}
          inputMode="numeric"
          autoComplete="off"
          error={fault("points")}
        />
        <TextField
          label={`Key of ${of}`}
          helpText="It stays the same for good: what was earned has this name."
          value={key}
          onChange={(text) => onChange({ key: text })}
          autoComplete="off"
          error={fault("key")}
        />
        {kind === "follow" ? (
          <TextField
            label={`Address of ${of}`}
            value={url}
            onChange={(text) => onChange({ url: text })}
            type="url"
            autoComplete="off"
            error={fault("url")}
          />
        ) : (
          <InlineGrid columns={2} gap="200">
            <TextField
              label={`Times for ${of}`}
              value={most}
              onChange={(text) => onChange({ most: text })}
              inputMode="numeric"
              autoComplete="off"
              error={fault("most")}
            />
            <Select
              label={`Period of ${of}`}
              options={PERIODS}
              value={per}
              onChange={(value) => onChange({ per: value as Activity["per"] })}
            />
          </InlineGrid>
        )}
      </InlineGrid>
    </BlockStack>
  );
}

const SEEN: Readonly<Record<TypedSingle["kind"], string>> = {
  join: "Join the programme",
  birthday: "Your birthday",
  anniversary: "Each year as a member",
  newsletter: "Sign up for our newsletter",
  profile: "Tell us your birthday",
};

/** As the block "How it works" tells members, in English. */
export function WaysPreview({ activities }: { activities: readonly Activity[] | null }) {
  const show = useShow();
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          What a member sees
        </Text>
        {activities === null && (
          <Text as="p" tone="subdued">
            It appears here once every field makes sense.
          </Text>
        )}
        {activities?.length === 0 && <Text as="p">Nothing: only orders earn.</Text>}
        {activities?.map(({ key, kind, name, points }) => (
          <Text key={key} as="p">
            {`${kind === "follow" || kind === "custom" ? name : SEEN[kind]}: ${show.counted(points, "point", "points")}`}
          </Text>
        ))}
      </BlockStack>
    </Card>
  );
}
