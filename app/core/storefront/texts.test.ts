import { expect, test } from "vitest";
import {
  faultOfText,
  faultsOfForms,
  filled,
  numbersOfForm,
  publishedTexts,
  textsOf,
  tidyText,
} from "./texts.ts";

const FILE = {
  plural: { one: "one", other: "other" },
  number: { group: "," },
  points: { title: "Your points", amount: { one: "{{ points }} point", other: "{{ points }} points" } },
};

test("are read from an extension's file, but for what the language says", () => {
  expect(textsOf(FILE)).toEqual({
    "points.title": { "": "Your points" },
    "points.amount": { one: "{{ points }} point", other: "{{ points }} points" },
  });
});

test.each<[string, string, string, string | null]>([
  ["another wording", "You have {{ points }} beans", "{{ points }} points", null],
  ["narrow braces", "You have {{points}} beans", "{{ points }} points", null],
  ["nothing", "  ", "Your points", "empty"],
  ["a novel", "x".repeat(301), "Your points", "too-long"],
  ["HTML", "<b>Your</b> points", "Your points", "markup"],
  ["a comparison", "more > less", "Your points", "markup"],
  ["a Liquid tag", "{% render 'x' %}", "Your points", "markup"],
  ["a Liquid filter", "{{ points | times: 2 }}", "{{ points }} points", "markup"],
  ["an object's field", "{{ shop.name }}", "Your points", "markup"],
  ["a lone brace", "Your { points", "Your points", "markup"],
  ["two lines", "Your\npoints", "Your points", "line-break"],
  ["a variable of another text", "{{ points }} until {{ date }}", "{{ points }} points", "variable-unknown"],
  ["a variable left out", "Many points", "{{ points }} points", "variable-missing"],
  ["eleven months", "a,b,c,d,e,f,g,h,i,j,k", "a,b,c,d,e,f,g,h,i,j,k,l", "parts"],
])("%s is judged by what the usual text has", (_what, text, usual, is) => {
  expect(faultOfText(text, usual)?.is ?? null).toBe(is);
});

test("every form of a count is needed, each with its variables", () => {
  const usual = { one: "{{ points }} point", other: "{{ points }} points" };
  expect(faultsOfForms({ one: "{{ points }} bean" }, usual)).toEqual({ other: { is: "empty" } });
  expect(faultsOfForms({ one: "{{ points }} bean", other: "{{ points }} beans" }, usual)).toEqual({});
});

test("variables are written as the theme looks for them, and filled for a preview", () => {
  expect(tidyText(" {{points}} beans by {{ date}} ")).toBe("{{ points }} beans by {{ date }}");
  expect(filled("{{ points }} beans, {{ other }}", { points: "$1" })).toBe("$1 beans, {{ other }}");
});

test("forms are explained by numbers of the language's own rules", () => {
  expect(numbersOfForm("ru", "one")).toEqual([1, 21, 31]);
  expect(numbersOfForm("pl", "few")).toEqual([2, 3, 4]);
  expect(numbersOfForm("lv", "zero")).toEqual([10, 11, 12]);
  expect(numbersOfForm("ja", "one")).toEqual([]);
});

test("are published by key, forms after a point", () => {
  const own = { "points.title": { "": "Beans" }, "points.amount": { one: "a", other: "b" } };
  expect(publishedTexts(own)).toEqual({
    "points.title": "Beans",
    "points.amount.one": "a",
    "points.amount.other": "b",
  });
});
