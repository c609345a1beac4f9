/** The views, the search, the filters and the order of the list of customers, all kept in the page's address. */
import { Await } from "@remix-run/react";
import {
  Card,
  ChoiceList,
  IndexFilters,
  IndexFiltersMode,
  Select,
  useSetIndexFiltersMode,
} from "@shopify/polaris";
import { Suspense, useEffect, useRef, useState, type ReactNode } from "react";
import { isoDate } from "../../core/calendar.ts";
import type { CustomerFilter, Range } from "../../core/customers/customer-filter.ts";
import type { CustomerPage } from "../../core/customers/customer-page.ts";
import { CUSTOMER_TABS, NEW_DAYS, type CustomerTab } from "../../core/customers/customer-tabs.ts";
import { LAPSED_DAYS } from "../../core/metrics/lapsed.ts";
import type { Stated } from "../../core/metrics/coverage.ts";
import { formatMinor } from "../../core/money.ts";
import type { Show } from "../frame/show.ts";
import tabs from "../frame/tabs-room.module.css";
import { useAddress } from "../frame/use-address.ts";
import { useShow } from "../frame/use-show.ts";
import { ACTION_NAMES, CUSTOMER_ACTIONS } from "../value/action-names.ts";
import { BAND_NAMES } from "./churn-bands.ts";
import { productTitle, type ShownList } from "./customer-table.tsx";
import { FILTER_PARAMETERS, type FilterParameter } from "./filter-parameters.ts";
import { RangeFields } from "./range-fields.tsx";
import { sortOptions, sortParameter } from "./sorting.ts";

type Titles = ReadonlyMap<number, string>;

interface FiltersProps {
  list: ShownList & { tab: CustomerTab; chosen: CustomerFilter; typed: string };
  /** Of the product that the list is filtered by. */
  chosenTitles: Titles;
  /** Brings the products to choose from; nothing while a search is shown. */
  listed: Promise<{ stated: Stated<CustomerPage>; titles: Titles }> | null;
  children: ReactNode;
}

const TAB_NAMES: Readonly<Record<CustomerTab, string>> = {
  all: "All",
  new: `New in ${NEW_DAYS} days`,
  repeat: "Repeat",
  "one-order": "One order",
  lapsed: `Lapsed ${LAPSED_DAYS} days`,
};
const FIRST_PAGE = { after: null, before: null };
const EVERYBODY = Object.fromEntries(FILTER_PARAMETERS.map((name) => [name, null]));
const TYPING_MS = 400;

export function CustomerFilters({ list, chosenTitles, listed, children }: FiltersProps) {
  const [, change] = useAddress();
  const show = useShow();
  const { chosen } = list;
  const applied = appliedFilters(chosen, chosenTitles, show);
  const { mode, setMode } = useSetIndexFiltersMode(
    list.typed !== "" || applied.length > 0 ? IndexFiltersMode.Filtering : IndexFiltersMode.Default,
  );
  const search = useSearch(list.typed, (typed) =>
    change({ q: typed || null, ...FIRST_PAGE }, { replace: true }),
  );
  const choose = (values: Partial<Record<FilterParameter, string | null>>) =>
    change({ ...values, ...FIRST_PAGE });
  const clear = (names: readonly FilterParameter[]) =>
    choose(Object.fromEntries(names.map((name) => [name, null])));

  return (
    <Card padding="0">
      <div className={`${tabs.room} ${tabs.filters}`}>
        <IndexFilters
          tabs={CUSTOMER_TABS.map((tab) => ({ id: tab, content: TAB_NAMES[tab] }))}
          selected={CUSTOMER_TABS.indexOf(list.tab)}
          onSelect={(place) => change({ tab: CUSTOMER_TABS[place] ?? null, q: null, ...FIRST_PAGE })}
          canCreateNewView={false}
          mode={mode}
          setMode={setMode}
          sortOptions={sortOptions(list.isLearnt)}
          sortSelected={[sortParameter(list.sort, list.descending).replace(/-(asc|desc)$/, " $1")]}
          onSort={([value]) => value && change({ sort: value.replace(" ", "-"), ...FIRST_PAGE })}
          queryValue={search.typed}
          queryPlaceholder="Search by name or e-mail"
          onQueryChange={(text) => search.type(text)}
          onQueryClear={() => search.type("")}
          cancelAction={{
            onAction: () => {
              search.empty();
              change({ ...EVERYBODY, q: null, ...FIRST_PAGE });
            },
          }}
          filters={[
            {
              key: "orders",
              label: "Orders",
              shortcut: true,
              filter: (
                <RangeFields
                  kind="number"
                  label="Orders"
                  from={textOf(chosen.orders?.from)}
                  to={textOf(chosen.orders?.to)}
                  onChange={(from, to) => choose({ ordersFrom: from, ordersTo: to })}
                />
              ),
            },
            {
              key: "net",
              label: "Net sales",
              shortcut: true,
              filter: (
                <RangeFields
                  kind="amount"
                  label={`Net sales (${show.currency})`}
                  from={amountOf(chosen.netMinor?.from, show.currency)}
                  to={amountOf(chosen.netMinor?.to, show.currency)}
                  onChange={(from, to) => choose({ netFrom: from, netTo: to })}
                />
              ),
            },
            {
              key: "first",
              label: "First order",
              filter: (
                <RangeFields
                  kind="date"
                  label="First order"
                  from={dateOf(chosen.firstDay?.from)}
                  to={dateOf(chosen.firstDay?.to)}
                  onChange={(from, to) => choose({ firstFrom: from, firstTo: to })}
                />
              ),
            },
            {
              key: "last",
              label: "Last order",
              shortcut: true,
              filter: (
                <RangeFields
                  kind="date"
                  label="Last order"
                  from={dateOf(chosen.lastDay?.from)}
                  to={dateOf(chosen.lastDay?.to)}
                  onChange={(from, to) => choose({ lastFrom: from, lastTo: to })}
                />
              ),
            },
            {
              key: "product",
              label: "First product",
              filter: (
                <ProductChoice
                  chosen={chosen.firstProductId}
                  titles={chosenTitles}
                  listed={listed}
                  onChange={(firstProduct) => choose({ firstProduct })}
                />
              ),
            },
            {
              key: "value",
              label: "Expected value",
              hidden: !list.isLearnt,
              filter: (
                <RangeFields
                  kind="amount"
                  label={`Expected in 12 months (${show.currency})`}
                  from={amountOf(chosen.valueMinor?.from, show.currency)}
                  to={amountOf(chosen.valueMinor?.to, show.currency)}
                  onChange={(from, to) => choose({ valueFrom: from, valueTo: to })}
                />
              ),
            },
            {
              key: "risk",
              label: "Churn risk",
              hidden: !list.isLearnt,
              filter: (
                <ChoiceList
                  title="Churn risk"
                  titleHidden
                  allowMultiple
                  choices={Object.entries(BAND_NAMES).map(([value, label]) => ({ value, label }))}
                  selected={[...(chosen.bands ?? [])]}
                  onChange={(bands) => choose({ risk: bands.join(",") || null })}
                />
              ),
            },
            {
              key: "due",
              label: "Next order due",
              hidden: !list.isLearnt,
              filter: (
                <ChoiceList
                  title="Next order due"
                  titleHidden
                  choices={DUE_CHOICES}
                  selected={[chosen.due ?? ""]}
                  onChange={([due]) => choose({ due: due || null })}
                />
              ),
            },
            {
              key: "action",
              label: "What to do now",
              filter: (
                <ChoiceList
                  title="What to do now"
                  titleHidden
                  choices={[
                    { label: "Any", value: "" },
                    ...CUSTOMER_ACTIONS.map((value) => ({ label: ACTION_NAMES[value], value })),
                  ]}
                  selected={[chosen.action ?? ""]}
                  onChange={([action]) => choose({ action: action || null })}
                />
              ),
            },
            {
              key: "standing",
              label: "Left out by tag",
              filter: (
                <ChoiceList
                  title="Customers left out by tag"
                  titleHidden
                  choices={[
                    { label: "Without them", value: "counted" },
                    { label: "Only them", value: "excluded" },
                    { label: "With them", value: "any" },
                  ]}
                  selected={[chosen.standing ?? "counted"]}
                  onChange={([standing]) =>
                    choose({ standing: standing === "counted" ? null : (standing ?? null) })
                  }
                />
              ),
            },
          ]}
          appliedFilters={applied.map(({ key, label, names }) => ({
            key,
            label,
            onRemove: () => clear(names),
          }))}
          onClearAll={() => choose(EVERYBODY)}
        />
      </div>
      {children}
    </Card>
  );
}

/** What stands in the search field, which goes into the address when the typing pauses. */
function useSearch(initial: string, onPause: (typed: string) => void) {
  const [typed, setTyped] = useState(initial);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  // The address may change while somebody types: what is called is what it is by then.
  const latest = useRef(onPause);
  useEffect(() => {
    latest.current = onPause;
  });
  const stop = () => {
    if (timer.current) clearTimeout(timer.current);
  };
  useEffect(() => stop, []);
  return {
    typed,
    type(text: string) {
      stop();
      setTyped(text);
      timer.current = setTimeout(() => latest.current(text), text === "" ? 0 : TYPING_MS);
    },
    /** Without telling anybody. */
    empty() {
      stop();
      setTyped("");
    },
  };
}

function ProductChoice({
  chosen,
  titles,
  listed,
  onChange,
}: {
  chosen: number | undefined;
  titles: Titles;
  listed: FiltersProps["listed"];
  onChange: (productId: string | null) => void;
}) {
  const select = (known: Titles, productIds: readonly number[]) => {
    const all = chosen === undefined || productIds.includes(chosen) ? productIds : [chosen, ...productIds];
    return (
      <Select
        label="First product"
        labelHidden
        options={[
          { label: "Any product", value: "" },
          ...all.map((id) => ({ label: productTitle(id, known), value: String(id) })),
        ]}
        value={chosen === undefined ? "" : String(chosen)}
        onChange={(value) => onChange(value || null)}
        helpText="The products that most customers bought first"
      />
    );
  };
  if (!listed) return select(titles, []);
  return (
    <Suspense fallback={select(titles, [])}>
      <Await resolve={listed} errorElement={select(titles, [])}>
        {(known) => select(new Map([...titles, ...known.titles]), known.stated.figures.commonFirstProductIds)}
      </Await>
    </Suspense>
  );
}

const DUE_CHOICES = [
  { label: "Any time", value: "" },
  { label: "Still to come", value: "open" },
  { label: "Overdue", value: "passed" },
];

interface AppliedFilter {
  key: string;
  label: string;
  names: readonly FilterParameter[];
}

function appliedFilters(chosen: CustomerFilter, titles: Titles, show: Show): AppliedFilter[] {
  const { firstProductId, standing = "counted" } = chosen;
  const applied: (AppliedFilter | null)[] = [
    rangeFilter("orders", "Orders", chosen.orders, (count) => show.count(count)),
    rangeFilter("net", "Net sales", chosen.netMinor, (minor) => show.money(minor)),
    rangeFilter("first", "First order", chosen.firstDay, (day) => show.day(day)),
    rangeFilter("last", "Last order", chosen.lastDay, (day) => show.day(day)),
    firstProductId === undefined
      ? null
      : {
          key: "product",
          label: `First product: ${productTitle(firstProductId, titles)}`,
          names: ["firstProduct"],
        },
    standing === "counted"
      ? null
      : {
          key: "standing",
          label: standing === "any" ? "With customers left out" : "Only customers left out",
          names: ["standing"],
        },
  ];
  const { bands, due, action } = chosen;
  applied.push(
    rangeFilter("value", "Expected in 12 months", chosen.valueMinor, (minor) => show.money(minor)),
    bands === undefined
      ? null
      : {
          key: "risk",
          label: `Churn risk: ${bands.map((band) => BAND_NAMES[band]).join(", ")}`,
          names: ["risk"],
        },
    due === undefined
      ? null
      : { key: "due", label: due === "passed" ? "Next order overdue" : "Next order to come", names: ["due"] },
    action === undefined
      ? null
      : { key: "action", label: `To do: ${ACTION_NAMES[action]}`, names: ["action"] },
  );
  return applied.filter((one) => one !== null);
}

function rangeFilter(
  name: "first" | "last" | "net" | "orders" | "value",
  label: string,
  range: Range | undefined,
  shown: (value: number) => string,
): AppliedFilter | null {
  const { from, to } = range ?? {};
  if (from === undefined && to === undefined) return null;
  const text =
    from === undefined
      ? `up to ${shown(to ?? 0)}`
      : to === undefined
        ? `from ${shown(from)}`
        : `${shown(from)} to ${shown(to)}`;
  return { key: name, label: `${label}: ${text}`, names: [`${name}From`, `${name}To`] };
}

function textOf(value: number | undefined): string {
  return value === undefined ? "" : String(value);
}

function amountOf(minor: number | undefined, currency: string): string {
  return minor === undefined ? "" : formatMinor(minor, currency);
}

function dateOf(day: number | undefined): string {
  return day === undefined ? "" : isoDate(day);
}
