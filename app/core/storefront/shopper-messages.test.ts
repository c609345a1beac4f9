import { expect, test } from "vitest";
import { SHOPPER_LANGUAGES, shopperMessage } from "./shopper-messages.ts";

test("are told in the language of the storefront, whatever its region, and else in English", () => {
  expect(shopperMessage("ru-RU", "joined")).toBe("Теперь вы участник программы.");
  expect(shopperMessage("JA", "joined")).toBe("プログラムの会員になりました。");
  for (const other of ["pt-BR", "", "constructor", "__proto__"])
    expect(shopperMessage(other, "joined")).toBe("You are a member now.");
});

test("carry the code as it is, in every language", () => {
  expect(SHOPPER_LANGUAGES).toEqual(["en", "pl", "ru", "th", "ja", "lv"]);
  for (const language of SHOPPER_LANGUAGES)
    expect(shopperMessage(language, "code", "$&K7")).toMatch(/: \$&K7$/);
});
