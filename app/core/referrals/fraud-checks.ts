/**
 * Whether a friend is somebody else than the member who brought them, from what the friend's first order and the member's orders say. What is
 * compared is given, compared and forgotten: only the verdict and the check that failed are kept.
 */

/** What one order says of who placed it. */
export interface OrderEvidence {
  email: string | null;
  /** Of the browser that ordered. */
  ip: string | null;
  addresses: readonly Address[];
  cards: readonly Card[];
}

interface Address {
  address1: string | null;
  address2: string | null;
  city: string | null;
  zip: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
}

interface Card {
  /** The first six or eight digits. */
  bin: string | null;
  last4: string | null;
}

type Compared = "email" | "card" | "ip" | "address" | "household";

/**
 * In the order in which they are looked at: the first that fails is the reason. `friend-`: of this friend and another one of the member's.
 */
export type Check = "self" | "ring" | "returning" | Compared | `friend-${Compared}`;

export interface Finding {
  /** `warned`: the merchant is told, and it counts. `unreadable`: Shopify does not let us look. */
  verdict: "clear" | "warned" | "blocked" | "unreadable";
  because: Check | null;
}

interface ComparedFinding extends Finding {
  because: Compared | null;
}

/** `memberEmails`: those of the member beside the ones on orders. */
export function compareEvidence(
  friend: OrderEvidence,
  member: readonly OrderEvidence[],
  memberEmails: readonly string[] = [],
): ComparedFinding {
  const emails = new Set(known([...memberEmails, ...member.map(({ email }) => email)], plainEmail));
  const ips = new Set(
    known(
      member.map(({ ip }) => ip),
      plainIp,
    ),
  );
  const cards = new Set(member.flatMap(cardsOf));
  const addresses = new Set(member.flatMap(addressesOf));
  const [email] = known([friend.email], plainEmail);
  const [ip] = known([friend.ip], plainIp);
  const ownCards = cardsOf(friend);
  if (email !== undefined && emails.has(email)) return blocked("email");
  if (ownCards.some((card) => cards.has(card))) return blocked("card");
  if (ip !== undefined && ips.has(ip)) return blocked("ip");
  if (!addressesOf(friend).some((address) => addresses.has(address)))
    return { verdict: "clear", because: null };
  // People live together. That it is another one has to show in all three: what is not known tells nobody apart.
  const isAnother =
    email !== undefined && emails.size > 0 && ip !== undefined && ips.size > 0 && ownCards.length > 0;
  return isAnother && cards.size > 0 ? { verdict: "warned", because: "household" } : blocked("address");
}

export function blocked<Reason extends Check>(because: Reason): { verdict: "blocked"; because: Reason } {
  return { verdict: "blocked", because };
}

/**
 * The finding about the member, or what is worse about one of the friends whom they brought before: a stranger with many accounts is one
 * friend. Each is looked at alone, because what is known of one tells nobody apart from another.
 */
export function compareWithFriends(
  finding: Finding,
  friend: OrderEvidence,
  earlier: readonly OrderEvidence[],
): Finding {
  let worst = finding;
  for (const each of earlier) {
    const { verdict, because } = compareEvidence(friend, [each]);
    if (because === null || worst.verdict === "blocked") continue;
    if (verdict === "blocked" || worst.verdict === "clear") worst = { verdict, because: `friend-${because}` };
  }
  return worst;
}

/** By customers. */
export interface Bringing {
  member: number;
  friend: number;
}

/**
 * Whether who was brought has brought, through whomever, the member who now brings them. Somebody may have been brought twice: they were
 * two customers once.
 */
export function isRing(friend: number, member: number, bringings: readonly Bringing[]): boolean {
  const before = new Set([member]);
  for (const at of before) for (const each of bringings) if (each.friend === at) before.add(each.member);
  return before.has(friend);
}

function known(values: readonly (string | null)[], plain: (value: string) => string | null): string[] {
  return values.flatMap((value) => (value === null ? [] : (plain(value) ?? [])));
}

/** Hosts that take a dot in the name for nothing. */
const DOTLESS = new Set(["gmail.com", "googlemail.com"]);

/** As the mailbox is called, without what its owner may add to it. `null`: no address. */
export function plainEmail(text: string): string | null {
  const whole = text.normalize("NFKC").trim().toLowerCase();
  const at = whole.lastIndexOf("@");
  if (at < 1 || at === whole.length - 1) return null;
  const host = whole.slice(at + 1).replace(/\.$/, "");
  const isDotless = DOTLESS.has(host);
  const name = (
    whole
      .slice(0, at)
      .replace(/^"(.*)"$/, "$1")
      .split("+")[0] ?? ""
  ).trim();
  const plain = isDotless ? name.replaceAll(".", "") : name;
  if (plain === "") return null;
  return `${plain}@${isDotless ? "gmail.com" : host}`;
}

/** An IPv4 address, or of an IPv6 address the network, which is one household's: its devices change the rest at will. */
export function plainIp(text: string): string | null {
  const typed = text.trim().toLowerCase().replace(/%.*$/, "");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(typed)?.[1] ?? typed;
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(mapped)) return mapped.split(".").map(Number).join(".");
  if (!/^[\da-f:]+$/.test(typed) || !typed.includes(":")) return null;
  const [head = "", tail] = typed.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = 8 - before.length - after.length;
  if (missing < 0 || (tail === undefined && missing > 0)) return null;
  const groups = [...before, ...Array.from({ length: missing }, () => "0"), ...after];
  return groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(":");
}

function cardsOf({ cards }: OrderEvidence): string[] {
  return cards.flatMap(({ bin, last4 }) => {
    // Some gateways tell six digits of the card's beginning and others eight.
    const six = /^\d{6,}/.test(bin ?? "") ? (bin ?? "").slice(0, 6) : null;
    return six !== null && /^\d{4}$/.test(last4 ?? "") ? [`${six}/${last4}`] : [];
  });
}

function addressesOf({ addresses }: OrderEvidence): string[] {
  return addresses.flatMap((address) => plainAddress(address) ?? []);
}

/** What is left of a street's line, however it is typed: letters and digits, without accents. `null`: too little to tell. */
function plainAddress({ address1, address2, city, zip, country }: Address): string | null {
  const street = lettersOf(`${address1 ?? ""} ${address2 ?? ""}`);
  const place = lettersOf(zip ?? "") || lettersOf(city ?? "");
  return street === "" || place === "" ? null : `${lettersOf(country ?? "")}/${place}/${street}`;
}

const SHORT: Readonly<Record<string, string>> = {
  street: "st",
  str: "st",
  strasse: "st",
  avenue: "av",
  ave: "av",
  road: "rd",
  apartment: "apt",
  flat: "apt",
  unit: "apt",
};

function lettersOf(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => SHORT[word] ?? word)
    .join("");
}
