/** A shop's loyalty programme and the versions of its rules, which are written once. */
import { randomUUID } from "node:crypto";
import type { Activity } from "../../core/loyalty/activity.ts";
import type { HoldOut } from "../../core/loyalty/hold-out.ts";
import type { PointValueChoice, PointValueRule } from "../../core/loyalty/point-value.ts";
import type { EarningRules, ProgrammeVersion } from "../../core/loyalty/programme.ts";
import type { ReferralRules } from "../../core/referrals/referral-rules.ts";
import {
  Prisma,
  type LoyaltyProgramme as Row,
  type ProgrammeVersion as VersionRow,
} from "../generated/sqlite/client.ts";
import type { Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";
import { publishOffersLater, publishProgrammeLater } from "./publications.server.ts";

export interface Programme {
  state: "off" | "running" | "paused";
  membership: "automatic" | "joining";
  startedAt: number | null;
  /** Version of the shop's data up to which orders that came by bulk have their points. */
  accruedVersion: number;
  pointValue: PointValueChoice;
  /** Days before points expire; `null`: nobody is reminded. */
  remindDays: number | null;
  /** What answering the survey after an order earns; `null`: nobody is asked. */
  surveyPoints: number | null;
  /** Version by whose tiers every member was judged, and up to which member by the latest. */
  tiersJudged: number;
  tiersCursor: number;
  /** What is earned for beside orders. */
  activities: Activity[];
  /** What members and their friends get; `null`: it was never offered. */
  referrals: ReferralRules | null;
  /** Of members' codes; `null` until referrals are first offered. */
  referralSeed: string | null;
  /** `null`: nobody was ever kept out. */
  holdOut: HoldOut | null;
  /** The earliest first. */
  versions: ProgrammeVersion[];
}

type HeldOutRow = Pick<Plain<Row>, "heldOutKey" | "heldOutBasisPoints" | "heldOutSince" | "heldOutUntil">;

export function holdOutFrom({ heldOutKey: key, heldOutSince: since, ...row }: HeldOutRow): HoldOut | null {
  if (key === null || since === null) return null;
  return { key, since, basisPoints: row.heldOutBasisPoints, until: row.heldOutUntil };
}

/** A new comparison draws anew. */
export async function beginHoldOut(
  tx: Transaction,
  shopId: number,
  basisPoints: number,
  at: number,
): Promise<void> {
  const drawn = { heldOutKey: randomUUID(), heldOutSince: at, heldOutUntil: null };
  await tx.prisma.loyaltyProgramme.update({
    where: { shopId },
    data: { heldOutBasisPoints: basisPoints, ...drawn },
  });
}

export async function endHoldOut(tx: Transaction, shopId: number, at: number): Promise<void> {
  await tx.prisma.loyaltyProgramme.update({ where: { shopId }, data: { heldOutUntil: at } });
}

export async function findProgramme(db: Reading, shopId: number): Promise<Programme | null> {
  const [row] = await db.sql.rows<Plain<Row>>(
    Prisma.sql`SELECT * FROM "LoyaltyProgramme" WHERE "shopId" = ${shopId}`,
  );
  if (!row) return null;
  const versions = await db.sql.rows<Pick<Plain<VersionRow>, "version" | "validFrom" | "rules">>(
    Prisma.sql`SELECT "version", "validFrom", "rules" FROM "ProgrammeVersion" WHERE "shopId" = ${shopId} ORDER BY "version"`,
  );
  const { state, membership, startedAt, accruedVersion, pointValueRule, thousandPointsMinor, ...choices } =
    row;
  return {
    // Written by saveProgramme and addProgrammeVersion only.
    state: state as Programme["state"],
    membership: membership as Programme["membership"],
    startedAt,
    accruedVersion,
    holdOut: holdOutFrom(choices),
    remindDays: choices.remindDays,
    surveyPoints: choices.surveyPoints,
    tiersJudged: choices.tiersJudged,
    tiersCursor: choices.tiersCursor,
    // Written by saveActivities only.
    activities: JSON.parse(choices.activities) as Activity[],
    // Written by saveReferrals only.
    referrals: choices.referrals === null ? null : (JSON.parse(choices.referrals) as ReferralRules),
    referralSeed: choices.referralSeed,
    // Written by savePointValue only.
    pointValue: { rule: pointValueRule as PointValueRule, thousandMinor: thousandPointsMinor },
    versions: versions.map(({ version, validFrom, rules }) => ({
      version,
      validFrom,
      rules: JSON.parse(rules) as EarningRules,
    })),
  };
}

/** Of a shop without a programme: off. */
export async function programmeState(db: Reading, shopId: number): Promise<Programme["state"]> {
  const [row] = await db.sql.rows<Pick<Programme, "state">>(
    Prisma.sql`SELECT "state" FROM "LoyaltyProgramme" WHERE "shopId" = ${shopId}`,
  );
  return row?.state ?? "off";
}

export async function saveProgramme(
  tx: Transaction,
  shopId: number,
  programme: Pick<Programme, "state" | "membership" | "startedAt">,
): Promise<void> {
  await tx.prisma.loyaltyProgramme.upsert({
    where: { shopId },
    create: { shopId, ...programme },
    update: programme,
  });
  await publishOffersLater(tx, shopId);
}

export async function savePointValue(
  tx: Transaction,
  shopId: number,
  { rule, thousandMinor }: PointValueChoice,
): Promise<void> {
  await tx.prisma.loyaltyProgramme.update({
    where: { shopId },
    data: { pointValueRule: rule, thousandPointsMinor: thousandMinor },
  });
}

export async function saveRemindDays(
  tx: Transaction,
  shopId: number,
  remindDays: number | null,
): Promise<void> {
  await tx.prisma.loyaltyProgramme.update({ where: { shopId }, data: { remindDays } });
}

export async function saveSurveyPoints(
  tx: Transaction,
  shopId: number,
  surveyPoints: number | null,
): Promise<void> {
  await tx.prisma.loyaltyProgramme.update({ where: { shopId }, data: { surveyPoints } });
  await publishProgrammeLater(tx, shopId);
}

export async function saveActivities(
  tx: Transaction,
  shopId: number,
  activities: readonly Activity[],
): Promise<void> {
  await tx.prisma.loyaltyProgramme.update({
    where: { shopId },
    data: { activities: JSON.stringify(activities) },
  });
  await publishProgrammeLater(tx, shopId);
}

/** Whose codes have a seed keep it: links that members have given away stay good. */
export async function saveReferrals(
  tx: Transaction,
  shopId: number,
  rules: ReferralRules,
  freshSeed: string,
): Promise<void> {
  const { prisma } = tx;
  await prisma.loyaltyProgramme.update({ where: { shopId }, data: { referrals: JSON.stringify(rules) } });
  await prisma.loyaltyProgramme.updateMany({
    where: { shopId, referralSeed: null },
    data: { referralSeed: freshSeed },
  });
  await publishOffersLater(tx, shopId);
}

/** The rules that hold from a moment on, which is not before what held last began. */
export async function addProgrammeVersion(
  tx: Transaction,
  shopId: number,
  validFrom: number,
  rules: EarningRules,
): Promise<ProgrammeVersion> {
  const versions = await tx.prisma.programmeVersion.findMany({ where: { shopId } });
  const last = versions.reduce((latest, { version }) => Math.max(latest, version), 0);
  if (versions.some((version) => version.validFrom > validFrom)) {
    throw new Error("a programme's rules cannot begin before those that hold already");
  }
  const added = { version: last + 1, validFrom, rules };
  await tx.prisma.programmeVersion.create({ data: { shopId, ...added, rules: JSON.stringify(rules) } });
  await publishProgrammeLater(tx, shopId);
  return added;
}

export async function markAccrued(tx: Transaction, shopId: number, accruedVersion: number): Promise<void> {
  await tx.prisma.loyaltyProgramme.update({ where: { shopId }, data: { accruedVersion } });
}
