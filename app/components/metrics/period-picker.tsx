/** Chooses the period of a page and what it is compared with, in the address, so that a view can be shared and found again. */
import {
  Banner,
  BlockStack,
  Box,
  Button,
  FormLayout,
  InlineStack,
  OptionList,
  Popover,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { CalendarIcon } from "@shopify/polaris-icons";
import { useId, useState } from "react";
import { dayFromIso, isoDate } from "../../core/calendar.ts";
import type { Period } from "../../core/metrics/period.ts";
import {
  COMPARE_KINDS,
  EARLIEST_DAY,
  PRESETS,
  viewParameters,
  type CompareKind,
  type Preset,
  type View,
} from "../../core/metrics/view.ts";
import { useAddress } from "../frame/use-address.ts";
import { useShow } from "../frame/use-show.ts";

const LABELS: Record<Preset | "custom", string> = {
  "last-7-days": "Last 7 days",
  "last-30-days": "Last 30 days",
  "last-90-days": "Last 90 days",
  "last-365-days": "Last 365 days",
  "month-to-date": "Month to date",
  "last-month": "Last month",
  "year-to-date": "Year to date",
  "last-year": "Last year",
  "all-time": "All time",
  custom: "Custom dates",
};

const COMPARE_LABELS: Record<CompareKind, string> = {
  preceding: "The period before",
  year: "The year before",
  none: "Nothing",
};

export type PickedView = Pick<View, "preset" | "period" | "compareKind" | "compare" | "today" | "notice">;

/** `withCompare={false}` for pages whose figures stand alone. */
export function PeriodPicker({ view, withCompare = true }: { view: PickedView; withCompare?: boolean }) {
  const show = useShow();
  const [, changeAddress] = useAddress();
  const compares = withCompare && view.preset !== "all-time";
  return (
    <BlockStack gap="200">
      {/* Cards reach the edges of a phone; what stands between them keeps away. */}
      <Box paddingInline={{ xs: "400", sm: "0" }}>
        <InlineStack gap="200" blockAlign="center">
          <PeriodButton
            view={view}
            onChoose={(chosen) => changeAddress(viewParameters(chosen, view.compareKind))}
          />
          {compares && (
            <Select
              label="Compared with"
              labelInline
              options={COMPARE_KINDS.map((kind) => ({ value: kind, label: COMPARE_LABELS[kind] }))}
              value={view.compareKind}
              onChange={(kind) => changeAddress({ compare: kind })}
            />
          )}
          <Text as="span" variant="bodySm" tone="subdued">
            {show.period(view.period)}
            {compares && view.compare && `, against ${show.period(view.compare)}`}
          </Text>
        </InlineStack>
      </Box>
      {view.notice && (
        <Banner tone="info">
          <p>{view.notice}</p>
        </Banner>
      )}
    </BlockStack>
  );
}

type Chosen = { preset: Preset } | { period: Period };

function PeriodButton({ view, onChoose }: { view: PickedView; onChoose: (chosen: Chosen) => void }) {
  const [open, setOpen] = useState(false);
  const [custom, setCustom] = useState(view.preset === "custom");
  const choose = (chosen: Chosen) => {
    setOpen(false);
    onChoose(chosen);
  };
  return (
    <Popover
      active={open}
      onClose={() => setOpen(false)}
      fluidContent
      activator={
        <Button
          icon={CalendarIcon}
          disclosure={open ? "up" : "down"}
          accessibilityLabel={`Period: ${LABELS[view.preset]}`}
          onClick={() => {
            setCustom(view.preset === "custom");
            setOpen(!open);
          }}
        >
          {LABELS[view.preset]}
        </Button>
      }
    >
      <OptionList
        options={[...PRESETS, "custom" as const].map((value) => ({ value, label: LABELS[value] }))}
        selected={[custom ? "custom" : view.preset]}
        onChange={([value]) => {
          const preset = PRESETS.find((one) => one === value);
          if (preset) choose({ preset });
          else setCustom(true);
        }}
      />
      {custom && (
        <CustomDates period={view.period} today={view.today} onChoose={(period) => choose({ period })} />
      )}
    </Popover>
  );
}

function CustomDates({
  period,
  today,
  onChoose,
}: {
  period: Period;
  today: number;
  onChoose: (period: Period) => void;
}) {
  const [from, setFrom] = useState(isoDate(period.firstDay));
  const [to, setTo] = useState(isoDate(period.lastDay));
  const [error, setError] = useState<string | null>(null);
  const formId = useId();
  const bounds = { min: isoDate(EARLIEST_DAY), max: isoDate(today) };
  return (
    <Box padding="400" borderBlockStartWidth="025" borderColor="border">
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          const chosen = parsedPeriod(from, to);
          setError(typeof chosen === "string" ? chosen : null);
          if (typeof chosen !== "string") onChoose(chosen);
        }}
      >
        <FormLayout>
          <TextField
            label="From"
            type="date"
            value={from}
            onChange={setFrom}
            autoComplete="off"
            {...bounds}
          />
          <TextField
            label="To"
            type="date"
            value={to}
            onChange={setTo}
            autoComplete="off"
            error={error ?? undefined}
            {...bounds}
          />
          <Button submit variant="primary">
            Show
          </Button>
        </FormLayout>
      </form>
    </Box>
  );
}

function parsedPeriod(from: string, to: string): Period | string {
  if (!from || !to) return "Choose both dates.";
  const period = { firstDay: dayFromIso(from), lastDay: dayFromIso(to) };
  return period.lastDay < period.firstDay ? "Choose a day that is not before the first." : period;
}
