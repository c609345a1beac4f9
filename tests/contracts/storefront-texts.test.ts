/** The storefront's texts as a merchant changes them, on both databases. */
import { expect, test } from "vitest";
import { ensureShop } from "../../app/db/stores/shops.server.ts";
import { changeText } from "../../app/services/storefront/change-text.server.ts";
import { openTexts } from "../../app/services/storefront/open-texts.server.ts";
import { ownTexts } from "../../app/services/storefront/own-texts.server.ts";
import { usualTexts } from "../../app/services/storefront/usual-texts.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";

const LATVIAN = { language: "lv", key: "points.amount" };
const FORMS = { zero: "{{ points }} pupiņu", one: "{{points}} pupiņa", other: " {{ points }} pupiņas" };

test("every text has the same variables in every language, and its language's forms of a count", () => {
  const english = usualTexts().get("en") ?? {};
  for (const [language, texts] of usualTexts()) {
    expect(Object.keys(texts).toSorted(), language).toEqual(Object.keys(english).toSorted());
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    for (const text of Object.values(texts)) {
      const names = Object.keys(text).toSorted();
      if (names.length > 1 || names[0] !== "") expect(names, language).toEqual(forms);
    }
  }
});

describeOnBothDatabases("a shop's texts", (open) => {
  test("are changed, undone and brought back, and what is published is what is the shop's own", async () => {
    const db = await open();
    const shop = await db.write((tx) => ensureShop(tx, "texts.myshopify.com"));
    const other = await db.write((tx) => ensureShop(tx, "other.myshopify.com"));
    const change = (form: Record<string, unknown>) => changeText(db, shop, form);
    const shown = async () => {
      const { texts } = await openTexts(db, shop, new URLSearchParams({ language: "lv" }));
      return texts.find(({ key }) => key === LATVIAN.key);
    };
    const save = (forms: object) => change({ intent: "save", ...LATVIAN, forms: JSON.stringify(forms) });

    expect(await shown()).toMatchObject({ own: null, canUndo: false, english: "{{ points }} points" });
    expect(await save(FORMS)).toMatchObject({ ok: true });
    const published = {
      "points.amount.zero": "{{ points }} pupiņu",
      "points.amount.one": "{{ points }} pupiņa",
      "points.amount.other": "{{ points }} pupiņas",
    };
    expect(await ownTexts(db, shop.id)).toEqual({ lv: published });
    expect(await ownTexts(db, other.id)).toEqual({});

    for (const zero of ["<b>{{ points }}</b>", "{{ points | upcase }}", "pupiņas", ""])
      expect(await save({ ...FORMS, zero })).toMatchObject({ ok: false });
    expect(await ownTexts(db, shop.id)).toEqual({ lv: published });

    expect(await save({ ...FORMS, other: "{{ points }} zirņi" })).toMatchObject({ ok: true });
    expect(await change({ intent: "undo", ...LATVIAN })).toMatchObject({ ok: true });
    expect(await ownTexts(db, shop.id)).toEqual({ lv: published });
    expect(await change({ intent: "reset", ...LATVIAN })).toMatchObject({ ok: true });
    expect(await ownTexts(db, shop.id)).toEqual({});
    expect(await shown()).toMatchObject({ own: null, canUndo: true });
    expect(await change({ intent: "undo", ...LATVIAN })).toMatchObject({ ok: true });
    expect(await ownTexts(db, shop.id)).toEqual({ lv: published });
    // The usual words are nobody's own.
    expect(await save(usualTexts().get("lv")?.[LATVIAN.key] ?? {})).toMatchObject({ ok: true });
    expect(await ownTexts(db, shop.id)).toEqual({});
  });

  test("that there are not cannot be written", async () => {
    const db = await open();
    const shop = await db.write((tx) => ensureShop(tx, "texts.myshopify.com"));
    const forms = JSON.stringify({ "": "x" });
    for (const wish of [
      { intent: "save", language: "xx", key: "points.title", forms },
      { intent: "save", language: "en", key: "points.nothing", forms },
      { intent: "save", language: "en", key: "__proto__", forms },
      { intent: "save", language: "en", key: "points.title", forms: "{" },
      { intent: "save", language: "en", key: "points.title", forms: "[]" },
      { intent: "grow", language: "en", key: "points.title" },
    ])
      expect(await changeText(db, shop, wish)).toBeNull();
    expect(await db.prisma.storefrontText.count()).toBe(0);
  });
});
