import { expect, it } from "vitest";
import { CannotRun, parseOptions } from "./options.ts";

it("has defaults that run", () => {
  expect(parseOptions([])).toEqual({
    data: null,
    columns: null,
    dates: null,
    currency: null,
    timeZone: null,
    seed: null,
    port: 4000,
    appPort: 3000,
    reset: false,
    once: false,
  });
});

it("takes every option", () => {
  const args = "--data f.csv --columns customer=a,date=b,amount=c --dates dmy --currency EUR --zone Europe/Rome --port 1 --app-port 2 --reset --once";
  expect(parseOptions(args.split(" "))).toMatchObject({
    data: "f.csv",
    columns: "customer=a,date=b,amount=c",
    dates: "dmy",
    currency: "EUR",
    timeZone: "Europe/Rome",
    port: 1,
    appPort: 2,
    reset: true,
    once: true,
  });
  expect(parseOptions(["--help"])).toBeNull();
}); // prettier-ignore

it("refuses what makes no sense, in one sentence", () => {
  const wrong = ["--colour red", "--port", "--port x", "--port 70000", "--dates ymd --data f", "--columns a=b", "--seed 1 --data f", "--port 3000", "file.csv"];
  for (const args of wrong) {
    expect(() => parseOptions(args.split(" ")), args).toThrow(CannotRun);
    expect(() => parseOptions(args.split(" ")), args).toThrow(/^[^\n]+\.$/);
  }
}); // prettier-ignore
