import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareEvidence,
  compareWithFriends,
  isRing,
  plainEmail,
  plainIp,
  type Finding,
  type OrderEvidence,
} from "./fraud-checks.ts";

const MEMBER: OrderEvidence = {
  email: "ann.lee@gmail.com",
  ip: "203.0.113.5",
  addresses: [
    { address1: "12 High Street", address2: "Flat 3", city: "Leeds", zip: "LS1 4AB", country: "GB" },
  ],
  cards: [{ bin: "424242", last4: "4242" }],
};
const FRIEND: OrderEvidence = {
  email: "ben@example.org",
  ip: "198.51.100.7",
  addresses: [{ address1: "3 Mill Lane", address2: null, city: "York", zip: "YO1 7EX", country: "GB" }],
  cards: [{ bin: "555555", last4: "4444" }],
};

const friend = (facts: Partial<OrderEvidence>, member: OrderEvidence = MEMBER, emails: string[] = []) =>
  compareEvidence({ ...FRIEND, ...facts }, [member], emails);

test("somebody else altogether is clear", () => {
  expect(friend({})).toEqual({ verdict: "clear", because: null });
});

describe("one mailbox under two addresses", () => {
  test.each([
    ["the same", "ann.lee@gmail.com"],
    ["in capitals, with spaces", "  Ann.Lee@GMAIL.com "],
    ["with a plus and a word", "ann.lee+friend@gmail.com"],
    ["with two pluses", "ann.lee+a+b@gmail.com"],
    ["without the dot", "annlee@gmail.com"],
    ["with dots elsewhere", "a.n.n.l.e.e@gmail.com"],
    ["at Google's other name", "annlee@googlemail.com"],
    ["with dots, a plus and the other name", "an.nlee+x@GoogleMail.com"],
    ["in letters of full width", "ａnn.lee@gmail.com"],
    ["with the dot that ends a host's name", "ann.lee@gmail.com."],
    ["in quotes", '"ann.lee"@gmail.com'],
  ])("%s", (_, email) => {
    expect(friend({ email })).toEqual({ verdict: "blocked", because: "email" });
  });

  test("a dot tells two people apart where the host keeps it", () => {
    const member = { ...MEMBER, email: "ann.lee@example.com" };
    expect(friend({ email: "annlee@example.com" }, member)).toMatchObject({ verdict: "clear" });
    expect(friend({ email: "ann.lee+1@example.com" }, member)).toMatchObject({ because: "email" });
  });

  test("the member's own address counts beside those of orders", () => {
    expect(friend({ email: "ann+2@work.example" }, MEMBER, ["ann@work.example"])).toMatchObject({
      because: "email",
    });
  });

  test("what is no address is nobody's", () => {
    for (const text of ["", "@", "ann@", "@gmail.com", "+x@gmail.com"]) expect(plainEmail(text)).toBeNull();
  });
});

test("the same card: by the first six digits and the last four, however many digits the gateway tells", () => {
  expect(friend({ cards: [{ bin: "424242", last4: "4242" }] })).toMatchObject({ because: "card" });
  expect(friend({ cards: [{ bin: "42424242", last4: "4242" }] })).toMatchObject({ because: "card" });
  expect(friend({ cards: [...FRIEND.cards, ...MEMBER.cards] })).toMatchObject({ because: "card" });
});

test("cards of which only one half is the same are two", () => {
  expect(friend({ cards: [{ bin: "424242", last4: "4444" }] })).toMatchObject({ verdict: "clear" });
  expect(friend({ cards: [{ bin: "555555", last4: "4242" }] })).toMatchObject({ verdict: "clear" });
});

test("what a gateway does not tell of a card makes no two cards one", () => {
  const member = { ...MEMBER, cards: [{ bin: null, last4: "4242" }] };
  expect(friend({ cards: [{ bin: null, last4: "4242" }] }, member)).toMatchObject({ verdict: "clear" });
});

test("the same client IP", () => {
  expect(friend({ ip: "203.0.113.5" })).toEqual({ verdict: "blocked", because: "ip" });
  expect(friend({ ip: "::ffff:203.0.113.5" })).toMatchObject({ because: "ip" });
  expect(friend({ ip: "203.0.113.6" })).toMatchObject({ verdict: "clear" });
});

test("two devices in one IPv6 network are one household's connection", () => {
  const member = { ...MEMBER, ip: "2001:db8:1:2:3:4:5:6" };
  expect(friend({ ip: "2001:0DB8:0001:0002::1" }, member)).toMatchObject({ because: "ip" });
  expect(friend({ ip: "2001:db8:1:3:3:4:5:6" }, member)).toMatchObject({ verdict: "clear" });
});

test("what is no IP is nobody's", () => {
  for (const text of ["", "unknown", "1:2:3", "g::1", "1:2:3:4:5:6:7:8:9"]) expect(plainIp(text)).toBeNull();
});

describe("the same address", () => {
  const address = {
    address1: "12 HIGH ST.",
    address2: "apartment 3",
    city: "leeds",
    zip: "ls14ab",
    country: "GB",
  };

  test("a household, with another card, IP and e-mail, is a warning and no block", () => {
    expect(friend({ addresses: [address] })).toEqual({ verdict: "warned", because: "household" });
  });

  test.each([
    ["no card", { cards: [] }],
    ["no IP", { ip: null }],
    ["no e-mail", { email: null }],
  ])("with %s to tell them apart it is a block", (_, facts) => {
    expect(friend({ addresses: [address], ...facts })).toEqual({ verdict: "blocked", because: "address" });
  });

  test("with the same card, IP or e-mail that is the reason", () => {
    expect(friend({ addresses: [address], cards: MEMBER.cards })).toMatchObject({ because: "card" });
    expect(friend({ addresses: [address], ip: MEMBER.ip })).toMatchObject({ because: "ip" });
    expect(friend({ addresses: [address], email: MEMBER.email })).toMatchObject({ because: "email" });
  });

  test("accents and punctuation make no other address, another flat does", () => {
    const member = {
      ...MEMBER,
      addresses: [{ address1: "Żurawia 5/7", address2: null, city: "Łódź", zip: "90-001", country: "PL" }],
    };
    const same = { address1: "zurawia 5-7", address2: null, city: "Łódź", zip: "90001", country: "PL" };
    expect(friend({ addresses: [same] }, member)).toMatchObject({ because: "household" });
    expect(friend({ addresses: [{ ...same, address1: "Zurawia 57" }] }, member)).toMatchObject({
      because: "household",
    });
    expect(friend({ addresses: [{ ...same, address1: "Zurawia 6" }] }, member)).toMatchObject({
      verdict: "clear",
    });
  });

  test("an address of nothing but a country is none", () => {
    const nowhere = { address1: null, address2: null, city: null, zip: null, country: "GB" };
    const member = { ...MEMBER, addresses: [nowhere] };
    expect(friend({ addresses: [nowhere] }, member)).toMatchObject({ verdict: "clear" });
  });
});

describe("a stranger with many accounts, beside the member's earlier friends", () => {
  const CLEAR: Finding = { verdict: "clear", because: null };
  const other: OrderEvidence = {
    email: "eve@example.net",
    ip: "192.0.2.9",
    addresses: [{ address1: "8 Quay", address2: null, city: "Hull", zip: "HU1 1AA", country: "GB" }],
    cards: [{ bin: "400000", last4: "0002" }],
  };
  const beside = (facts: Partial<OrderEvidence>, finding = CLEAR, earlier = [other, FRIEND]) =>
    compareWithFriends(finding, { ...other, email: "new@example.org", ...facts }, earlier);

  test.each([
    ["card", { ip: null, addresses: [] }],
    ["ip", { cards: [], addresses: [] }],
    ["address", { ip: null, cards: [] }],
    ["email", { ip: null, cards: [], addresses: [], email: "eve+7@example.net" }],
  ])("the same %s is a block", (because, facts) => {
    expect(beside(facts)).toEqual({ verdict: "blocked", because: `friend-${because}` });
  });

  test("two of one household are a warning, unless one of them is worse", () => {
    const facts = { ip: "192.0.2.77", cards: [{ bin: "411111", last4: "1111" }] };
    expect(beside(facts)).toEqual({ verdict: "warned", because: "friend-household" });
    expect(beside(facts, CLEAR, [other, { ...FRIEND, ip: "192.0.2.77" }])).toMatchObject({
      because: "friend-ip",
    });
    // Another's card tells nobody from who paid with none.
    expect(beside(facts, CLEAR, [{ ...other, cards: [] }, FRIEND])).toMatchObject({
      because: "friend-address",
    });
  });

  test("what was found about the member stays, unless a friend is worse", () => {
    const warned: Finding = { verdict: "warned", because: "household" };
    expect(beside({ ip: "192.0.2.77", cards: [], addresses: [] }, warned)).toBe(warned);
    expect(beside({ ip: "192.0.2.77", cards: [{ bin: "411111", last4: "1111" }] }, warned)).toBe(warned);
    expect(beside({}, warned)).toMatchObject({ verdict: "blocked", because: "friend-card" });
  });

  test("nobody before is nobody to be like", () => {
    expect(beside({}, CLEAR, [])).toBe(CLEAR);
  });
});

test("a ring is found however long it is, and a chain is none", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (length) => {
      // 1 brought 2, 2 brought 3, ...
      const chain = Array.from({ length }, (_, at) => ({ member: at + 1, friend: at + 2 }));
      expect(isRing(1, length + 1, chain)).toBe(true);
      expect(isRing(length + 2, length + 1, chain)).toBe(false);
    }),
  );
  const round = [
    { member: 2, friend: 1 },
    { member: 1, friend: 2 },
  ];
  expect(isRing(9, 1, round)).toBe(false);
});

test("a ring closes through each of those who brought somebody that two customers were merged into", () => {
  const bringings = [
    { member: 7, friend: 1 },
    { member: 8, friend: 1 },
  ];
  for (const friend of [7, 8]) expect(isRing(friend, 1, bringings)).toBe(true);
});

test("who is compared with themselves is never clear, whatever is known of them", () => {
  const maybe = <T>(value: T) => fc.constantFrom(value, null);
  const card = fc.record({ bin: maybe("424242"), last4: maybe("4242") });
  const evidence = fc.record({
    ...{ email: maybe("a@b.example"), ip: maybe("203.0.113.9") },
    addresses: fc.constantFrom([], MEMBER.addresses),
    cards: fc.array(card, { maxLength: 2 }),
  });
  fc.assert(
    fc.property(evidence, (one) => {
      const isKnown = one.email ?? one.ip ?? one.addresses[0] ?? one.cards.find((c) => c.bin && c.last4);
      const found = compareEvidence(one, [one]);
      expect(found.verdict).toBe(isKnown ? "blocked" : "clear");
    }),
  );
});
