/** Every question about a shop's figures, by name, so that a page, a thread and the command line ask the same ones. */
import {
  customerEstimates,
  expectedValues,
  type ModelUse,
  type ToldEstimates,
} from "../clv/customer-estimates.ts";
import {
  customerOutlook,
  type CustomerOutlook,
  type CustomerOutlookOptions,
} from "../clv/customer-outlook.ts";
import {
  acquiredCohorts,
  type AcquiredCohorts,
  type AcquiredCohortsOptions,
} from "../clv/acquired-cohorts.ts";
import { shopPurchases, type ShopPurchases } from "../clv/shop-purchases.ts";
import { whatToDo, type LeftCart, type WhatToDo } from "../clv/what-to-do.ts";
import { shopValue, type ShopValue, type ShopValueOptions } from "../clv/shop-value.ts";
import { segmentCustomers, type SegmentPiece } from "../segments/segment-customers.ts";
import { segmentFigures, type MonthlyCosts, type SegmentFigures } from "../segments/segment-figures.ts";
import { segmentMovement, type SegmentMovement } from "../segments/segment-movement.ts";
import { keptFacts, type SegmentOptions } from "../segments/kept-facts.ts";
import type { SegmentRule } from "../segments/segment-rule.ts";
import {
  answerRecommendations,
  type RecommendationAsk,
  type RecommendationsTold,
} from "../recommendations/ask.ts";
import { latestCustomer } from "../customers/latest-customer.ts";
import { heldOutEffect, type HeldOutEffect, type HeldOutOptions } from "../experiments/held-out-effect.ts";
import {
  matchedComparison,
  type MatchedComparison,
  type MatchedOptions,
} from "../experiments/matched-comparison.ts";
import {
  programmeEffect,
  type ProgrammeEffect,
  type ProgrammeEffectOptions,
} from "../experiments/programme-effect.ts";
import { PRODUCTS_ONLY, type Included } from "../metrics/amounts.ts";
import { boundsOf } from "../metrics/bounds.ts";
import { cohortsOf, type Cohort, type CohortOptions } from "../metrics/cohorts.ts";
import { countOrders, type CountedOrders } from "../metrics/counted-orders.ts";
import { coverageOf, type Stated } from "../metrics/coverage.ts";
import {
  customerHistory,
  type CustomerHistory,
  type CustomerHistoryOptions,
} from "../metrics/customer-history.ts";
import {
  customerPage,
  customerRows,
  type CustomerPage,
  type CustomerPageOptions,
  type CustomerRow,
} from "../customers/customer-page.ts";
import { customerTotals, type CustomerTotals } from "../metrics/customer-totals.ts";
import { periodCustomers, type PeriodCustomers } from "../metrics/customers.ts";
import { firstProducts, type FirstProductOptions, type FirstProducts } from "../metrics/first-products.ts";
import {
  historicValue,
  simpleValue,
  type HistoricValue,
  type SimpleValue,
} from "../metrics/lifetime-value.ts";
import { orderIntervals, type OrderIntervals } from "../metrics/order-intervals.ts";
import type { LineColumns } from "../metrics/line-columns.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import type { Paging } from "../metrics/paged.ts";
import { periodOf, type Period, type PeriodOptions } from "../metrics/period.ts";
import { productsNext, productsTogether, type PairOptions } from "../metrics/product-pairs.ts";
import {
  pairPage,
  productPage,
  type PairPage,
  type PairSort,
  type ProductPage,
  type ProductSort,
} from "../metrics/product-tables.ts";
import { productsOf, type ProductOptions } from "../metrics/products.ts";
import { revenueOf, type Revenue } from "../metrics/revenue.ts";
import { timeToSecondOrder, type TimeToSecondOrder } from "../metrics/second-order.ts";
import { reportShop, type ShopReport } from "../metrics/shop-report.ts";
import { standoutsOf, type StandoutOptions, type Standouts } from "../metrics/standouts.ts";
import { trendOf, type TrendOptions, type TrendPoint } from "../metrics/trend.ts";
import type { Bounds } from "../metrics/view.ts";

/** The questions with their options and figures. */
interface MetricsQuestions {
  report: { options: Record<string, never>; figures: ShopReport };
  bounds: { options: Record<string, never>; figures: Bounds };
  revenue: { options: PeriodOptions; figures: Revenue };
  trend: { options: TrendOptions; figures: TrendPoint[] };
  standouts: { options: StandoutOptions; figures: Standouts };
  customers: { options: { period?: Period | undefined }; figures: PeriodCustomers };
  customerPage: { options: CustomerPageOptions & ExpectedBy; figures: CustomerPage };
  customerRows: {
    options: { customerIds: readonly number[]; included?: Included | undefined };
    figures: CustomerRow[];
  };
  customerHistory: { options: CustomerHistoryOptions; figures: CustomerHistory | null };
  orderIntervals: { options: { period?: Period | undefined }; figures: OrderIntervals };
  timeToSecondOrder: { options: { period?: Period | undefined }; figures: TimeToSecondOrder };
  cohorts: { options: CohortOptions; figures: Cohort[] };
  firstProducts: { options: FirstProductOptions; figures: FirstProducts };
  lifetimeValue: { options: { included?: Included }; figures: LifetimeValue };
  /** All of them, for whoever learns from them. */
  purchases: {
    options: { included?: Included | undefined };
    figures: ShopPurchases & Pick<OrderColumns, "customerIds">;
  };
  /** `modelVersion` stands for the model where answers are kept. */
  value: { options: ShopValueOptions & { modelVersion: number }; figures: ShopValue };
  segments: {
    options: SegmentOptions & { rules: readonly SegmentRule[]; costs?: MonthlyCosts };
    figures: (SegmentFigures | null)[];
  };
  segmentMovement: { options: SegmentOptions & { rule: SegmentRule }; figures: SegmentMovement | null };
  segmentCustomers: {
    options: SegmentOptions & { rule: SegmentRule; after: number; size: number };
    figures: SegmentPiece;
  };
  customerOutlook: { options: CustomerOutlookOptions; figures: CustomerOutlook };
  whatToDo: { options: ExpectedBy & { included?: Included | undefined }; figures: WhatToDo["actions"] };
  /** `modelVersion` as above; `null` without a model. */
  acquiredCohorts: {
    options: AcquiredCohortsOptions & { modelVersion: number | null };
    figures: AcquiredCohorts;
  };
  products: { options: ProductOptions & { page: Paging<ProductSort> }; figures: ProductPage };
  productsTogether: { options: PairOptions & { page: Paging<PairSort> }; figures: PairPage };
  productsNext: { options: PairOptions & { page: Paging<PairSort> }; figures: PairPage };
  recommendations: { options: RecommendationAsk; figures: RecommendationsTold };
  heldOutEffect: { options: HeldOutOptions; figures: HeldOutEffect };
  programmeEffect: { options: ProgrammeEffectOptions; figures: ProgrammeEffect };
  matchedComparison: { options: MatchedOptions; figures: MatchedComparison };
  /** Of the newest order that is nobody's first; else of the newest. `null`: nobody has ordered. */
  latestCustomer: { options: Record<string, never>; figures: number | null };
}

/** By what customers' futures are told; nothing of them without it. */
interface ExpectedBy {
  learnt?: ModelUse | undefined;
  /** Carts that known customers left lately. */
  carts?: readonly LeftCart[] | undefined;
}

interface LifetimeValue {
  historic: HistoricValue[];
  simple: SimpleValue;
}

export type MetricsQuestion = keyof MetricsQuestions;

export type MetricsRequest = {
  [Q in MetricsQuestion]: { question: Q; options: MetricsQuestions[Q]["options"] };
}[MetricsQuestion];

export type MetricsAnswer<Q extends MetricsQuestion = MetricsQuestion> = Stated<
  MetricsQuestions[Q]["figures"]
>;

/** What these are folded from beside the orders themselves. */
export const LINE_QUESTIONS: ReadonlySet<MetricsQuestion> = new Set([
  "products",
  "productsTogether",
  "productsNext",
  "recommendations",
]);

/** These can take seconds at once, and then none for hours: whoever answers figures for pages should not be asked. */
export const SLOW_QUESTIONS: ReadonlySet<MetricsQuestion> = new Set(["recommendations"]);

/** What whoever holds a shop's columns can bring along. */
interface Beside {
  /** Of the same version as the columns; needed by LINE_QUESTIONS only. */
  lines?: LineColumns | null;
  /** Each customer's totals under the switches asked for: counted anew, unless they are kept. */
  totalsOf?: TotalsOf;
  /** Gives what was computed under this name while the columns stay as they are. */
  remember?: Remember;
  carry?: Carry;
}

export type Remember = <T>(name: string, compute: () => T) => T;
/** The same; when the columns have changed, `compute` is given what it gave before. */
export type Carry = <T>(name: string, compute: (before: T | null) => T) => T;
export type TotalsOf = (included: Included) => CustomerTotals;

/** The figures asked for, with the coverage of the same period. */
export function answerMetrics(
  columns: OrderColumns,
  request: MetricsRequest,
  counted: CountedOrders = countOrders(columns),
  beside: Beside = {},
): MetricsAnswer {
  const { readAt, dataVersion } = columns.shop;
  const { remember = computed } = beside;
  const period = periodAsked(counted, request);
  return {
    figures: isWorthKeeping(request)
      ? remember(nameOf(request), () => figuresOf(columns, counted, beside, request))
      : figuresOf(columns, counted, beside, request),
    coverage: remember(`coverage ${JSON.stringify(period)}`, () => coverageOf(columns, counted, period)),
    asOf: { readAt, dataVersion },
  };
}

/** The report of all time, as the command line tells it. */
export function statedReport(columns: OrderColumns): Stated<ShopReport> {
  const counted = countOrders(columns);
  const { readAt, dataVersion } = columns.shop;
  return {
    figures: reportShop(columns, counted),
    coverage: coverageOf(columns, counted),
    asOf: { readAt, dataVersion },
  };
}

function figuresOf(columns: OrderColumns, counted: CountedOrders, beside: Beside, request: MetricsRequest) {
  const { lines = null, remember = computed, carry = computedAnew } = beside;
  const { totalsOf = (included) => customerTotals(columns, included) } = beside;
  const estimatesBy = ({ model, ...asked }: ModelUse, included: Included) =>
    carry<ToldEstimates>(`estimates ${JSON.stringify([asked, included])}`, (before) =>
      customerEstimates(columns, counted, { model, ...asked }, included, before),
    );
  const toDo = ({ learnt, carts, included = PRODUCTS_ONLY }: MetricsQuestions["whatToDo"]["options"]) =>
    remember(`to do ${JSON.stringify([learnt && { ...learnt, model: null }, carts, included])}`, () => {
      const estimates = learnt ? estimatesBy(learnt, included) : null;
      return whatToDo(columns, counted, () => totalsOf(included), estimates, carts);
    });
  switch (request.question) {
    case "report":
      return reportShop(columns, counted);
    case "bounds":
      return boundsOf(columns, counted);
    case "revenue":
      return revenueOf(columns, counted, request.options);
    case "trend":
      return trendOf(columns, counted, request.options);
    case "standouts":
      return standoutsOf(columns, counted, request.options);
    case "customers":
      return periodCustomers(columns, counted, request.options.period);
    case "customerPage": {
      const { learnt, included = PRODUCTS_ONLY } = request.options;
      return customerPage(columns, request.options, totalsOf(included), {
        estimates: learnt ? estimatesBy(learnt, included) : null,
        members: () => toDo(request.options).members,
      });
    }
    case "whatToDo":
      return toDo(request.options).actions;
    case "customerRows":
      return customerRows(columns, request.options, totalsOf(request.options.included ?? PRODUCTS_ONLY));
    case "customerHistory":
      return customerHistory(columns, request.options, totalsOf(request.options.included ?? PRODUCTS_ONLY));
    case "orderIntervals":
      return orderIntervals(columns, counted, request.options.period);
    case "timeToSecondOrder":
      return timeToSecondOrder(counted, request.options.period);
    case "cohorts":
      return cohortsOf(columns, counted, request.options);
    case "firstProducts":
      return firstProducts(columns, counted, request.options);
    case "lifetimeValue":
      return {
        historic: [
          historicValue(columns, counted, 12, request.options.included),
          historicValue(columns, counted, 24, request.options.included),
        ],
        simple: simpleValue(columns, counted, request.options.included),
      };
    case "purchases":
      return {
        ...shopPurchases(columns, counted, request.options.included),
        customerIds: columns.customerIds,
      };
    case "value": {
      const { model, ...asked } = request.options;
      return remember(`value ${JSON.stringify(asked)}`, () =>
        shopValue(columns, counted, { ...asked, model }),
      );
    }
    case "segments":
    case "segmentMovement":
    case "segmentCustomers":
      return segmentAnswer(columns, counted, remember, request);
    case "customerOutlook": {
      const { model, modelVersion, yearlyDiscount, included } = request.options;
      return customerOutlook(columns, counted, request.options, (months) => {
        const asked = { modelVersion, yearlyDiscount, included, months };
        return remember(`values ${JSON.stringify(asked)}`, () =>
          expectedValues(columns, counted, { model, yearlyDiscount, months }, included),
        );
      });
    }
    case "acquiredCohorts": {
      const { model, ...asked } = request.options;
      return remember(`acquired ${JSON.stringify(asked)}`, () =>
        acquiredCohorts(columns, counted, { ...asked, model }),
      );
    }
    case "products": {
      const { page, ...options } = request.options;
      const all = () => productsOf(columns, counted, given(lines), options);
      return productPage(remember(`products ${JSON.stringify(options)}`, all), page);
    }
    case "productsTogether": {
      const { page, ...options } = request.options;
      const all = () => productsTogether(columns, counted, given(lines), options);
      return pairPage(remember(`together ${JSON.stringify(options)}`, all), page);
    }
    case "productsNext": {
      const { page, ...options } = request.options;
      const all = () => productsNext(columns, counted, given(lines), options);
      return pairPage(remember(`next ${JSON.stringify(options)}`, all), page);
    }
    case "heldOutEffect":
      return heldOutEffect(columns, counted, request.options);
    case "programmeEffect":
      return programmeEffect(columns, counted, request.options);
    case "matchedComparison":
      return matchedComparison(columns, counted, request.options);
    case "latestCustomer":
      return latestCustomer(columns, counted);
    case "recommendations":
      return answerRecommendations(columns, counted, given(lines), request.options, carry);
  }
}

function segmentAnswer(
  columns: OrderColumns,
  counted: CountedOrders,
  remember: Remember,
  request: Extract<MetricsRequest, { question: `segment${string}` }>,
) {
  const { facts, remembered } = keptFacts(columns, counted, remember, request.options);
  switch (request.question) {
    case "segments": {
      const { rules, costs } = request.options;
      return rules.map((rule) =>
        remembered(`figures ${JSON.stringify([rule, costs])}`, () => segmentFigures(facts(), rule, costs)),
      );
    }
    case "segmentMovement": {
      const { options } = request;
      return remembered(`movement ${JSON.stringify(options.rule)}`, () =>
        segmentMovement(columns, counted, options, facts()),
      );
    }
    case "segmentCustomers":
      return segmentCustomers(columns, facts(), request.options);
  }
}

const computed: Remember = (_name, compute) => compute();
const computedAnew: Carry = (_name, compute) => compute(null);

/** A model is named by its version. */
function nameOf(request: MetricsRequest): string {
  return JSON.stringify(request, (key, value: unknown) => (key === "model" ? undefined : value));
}

/** What is quickly told of one customer or one piece of a file would only displace what takes long. */
function isWorthKeeping({ question, options }: MetricsRequest): boolean {
  if (question === "customerPage") return options.size === undefined;
  return !KEPT_ELSEWHERE.has(question);
}

const KEPT_ELSEWHERE: ReadonlySet<MetricsQuestion> = new Set([
  "customerRows",
  "customerHistory",
  "customerOutlook",
  "whatToDo",
  "purchases",
  "value",
  "segments",
  "segmentMovement",
  "segmentCustomers",
  "acquiredCohorts",
  "recommendations",
]);

function given(lines: LineColumns | null): LineColumns {
  if (!lines) throw new Error("a question about products without the orders' lines");
  return lines;
}

function periodAsked(counted: CountedOrders, { options }: MetricsRequest): Period {
  return periodOf(counted, "period" in options ? options.period : undefined);
}
