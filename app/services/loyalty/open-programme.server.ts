/** The programme's page: what it has come to and the rules that hold, or what it could begin with. */
import { isoDate, shopCalendar } from "../../core/calendar.ts";
import type { EarningRules } from "../../core/loyalty/programme.ts";
import { DAY_MS } from "../../core/loyalty/ledger.ts";
import { TEMPLATE_NAMES, templateRules } from "../../core/loyalty/programme-templates.ts";
import { SURVEY_DAYS } from "../../core/survey/survey-points.ts";
import { surveyReport } from "../../core/survey/survey-report.ts";
import { productTitles } from "../../db/queries/product-titles.server.ts";
import { programmeTotals } from "../../db/queries/programme-totals.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { countSurveyAnswers } from "../../db/stores/survey-answers.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { missingDisputeScopes } from "../../shopify/fetch-disputes.server.ts";
import { nameCollections } from "./find-collections.server.ts";

export async function openProgramme(db: Database, { id: shopId, currency, timeZone, scopes }: Shop) {
  const programme = await findProgramme(db, shopId);
  const latest = programme?.versions.at(-1);
  if (!programme || !latest) {
    const templates = TEMPLATE_NAMES.map((name) => ({ name, rules: templateRules(name, currency) }));
    return { programme: null, templates, totals: null, goods: null, disputeScopes: [], survey: null };
  }
  const { state, membership, startedAt } = programme;
  return {
    programme: { state, membership, startedAt, ...latest },
    templates: [],
    totals: await programmeTotals(db, shopId),
    disputeScopes: missingDisputeScopes({ scopes }),
    survey: await surveyed(db, shopId, programme.surveyPoints),
    goods: {
      products: await productNames(db, shopId, latest.rules),
      collections: nameCollections(db, shopId, collectionsOf(latest.rules)),
      today: isoDate(shopCalendar(timeZone).dayOf(Date.now())),
    },
  };
}

async function surveyed(db: Database, shopId: number, points: number | null) {
  const counts = await countSurveyAnswers(db, shopId, Date.now() - SURVEY_DAYS * DAY_MS);
  return { points, days: SURVEY_DAYS, report: surveyReport(counts) };
}

function collectionsOf({ multipliers, events }: EarningRules): number[] {
  return [...new Set([...multipliers, ...events].flatMap(({ match }) => match.collectionIds ?? []))];
}

async function productNames(
  db: Database,
  shopId: number,
  { multipliers, events, bonusProducts }: EarningRules,
): Promise<Record<number, string>> {
  const matched = [...multipliers, ...events].flatMap(({ match }) => match.productIds ?? []);
  const ids = new Set([...matched, ...bonusProducts.map(({ productId }) => productId)]);
  return Object.fromEntries(await productTitles(db, shopId, [...ids]));
}
