/** Which column of another app's file says what: guessed by the headings that loyalty apps give, and the merchant's to correct. */

export const IMPORT_FIELDS = [
  "email", "customerId", "points", "expiry", "tier", "tierExpiry", "birthday", "referrals",
] as const; // prettier-ignore
export type ImportField = (typeof IMPORT_FIELDS)[number];

/** By field, the position of its column. */
export type ImportColumns = Readonly<Partial<Record<ImportField, number>>>;

/** In the order in which they are looked for: the first heading that is one of them is taken. Letters and digits only. */
const HEADINGS: Readonly<Record<ImportField, readonly string[]>> = {
  email: ["email", "emailaddress", "customeremail", "customeremailaddress", "memberemail", "mail"],
  customerId: [
    "shopifycustomerid", "shopifyid", "customerid", "customershopifyid", "externalcustomerid", "remoteid", "platformid",
  ],
  points: [
    "pointsbalance", "balance", "currentpoints", "currentpointsbalance", "availablepoints", "pointsavailable",
    "pointsapproved", "approvedpoints", "pointstally", "loyaltypoints", "rewardpoints", "customerpoints", "points",
  ],
  expiry: [
    "pointsexpiry", "pointsexpirydate", "pointsexpirationdate", "pointsexpireat", "pointsexpireson", "pointsexpiresat",
    "pointsexpiration", "expirydate", "expirationdate", "expiresat", "expireson", "expiration",
    "expires", "expiry",
  ],
  tier: [
    "viptier", "viptiername", "loyaltytier", "loyaltytiername", "tiername", "currenttier", "tier", "membershiptier",
    "viplevel", "level",
  ],
  tierExpiry: [
    "viptierexpiry", "viptierexpiration", "viptierexpirationdate", "viptierexpiresat", "tierexpiry", "tierexpiresat",
    "tierexpirationdate", "loyaltytierexpiresat", "tiereligibilityexpiresat", "tieruntil",
  ],
  birthday: [
    "birthday", "dateofbirth", "birthdate", "dob", "birthdaymmdd", "birthdaymmddyyyy", "customerbirthday",
  ],
  referrals: [
    "referrals", "referralscount", "referralcount", "completedreferrals", "referralscompleted", "totalreferrals",
    "numberofreferrals", "successfulreferrals", "referredcustomers",
  ],
}; // prettier-ignore

export function guessColumns(headings: readonly string[]): ImportColumns {
  const plain = headings.map((heading) => heading.toLowerCase().replace(/[^\p{L}\d]/gu, ""));
  const found: Partial<Record<ImportField, number>> = {};
  for (const field of IMPORT_FIELDS) {
    const name = HEADINGS[field].find((each) => plain.includes(each));
    const at = name === undefined ? -1 : plain.indexOf(name);
    if (at >= 0 && !Object.values(found).includes(at)) found[field] = at;
  }
  return found;
}

/** Why these columns cannot be read; `null`: they can. */
export function columnsFault(columns: ImportColumns): string | null {
  const used = Object.values(columns);
  if (columns.email === undefined && columns.customerId === undefined)
    return "Say which column has the e-mail address, or Shopify’s customer id: by one of them customers are found.";
  if (columns.points === undefined && columns.tier === undefined && columns.birthday === undefined)
    return "Say which column has the points, the tier or the birthday: otherwise there is nothing to import.";
  if (columns.tierExpiry !== undefined && columns.tier === undefined)
    return "A tier’s end needs the column of the tier, too.";
  if (columns.expiry !== undefined && columns.points === undefined)
    return "The end of points needs the column of points, too.";
  if (new Set(used).size !== used.length) return "One column can say one thing only.";
  return null;
}
