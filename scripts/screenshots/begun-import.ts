/** A merchant who comes from another app and has counted what the file would come to, for the picture of that page. */
import type { Frame, Page } from "playwright-core";
import { untilSettled } from "../../tests/support/browser.ts";

const WAIT_MS = 120_000;

/** `open` is the page of imports; addresses are those of the shop's own customers. */
export async function countAnImport(page: Page, open: () => Promise<Frame>, emails: readonly string[]) {
  const frame = await open();
  await frame.getByRole("button", { name: "Begin an import" }).click();
  await frame.getByRole("button", { name: "Choose a CSV file" }).waitFor();
  const rows = emails.map(
    (email, at) => `${email},${(at + 1) * 120},${at % 9 === 0 ? "Gold" : "Silver"},${(at % 12) + 1}/15/1985`,
  );
  const mistakes = ["nobody@shop.example,340,Silver,", `${emails[0] ?? ""},50,,`, `${emails[1] ?? ""},-5,,`];
  const text = ["Email,Points Balance,VIP Tier,Birthday", ...rows, ...mistakes].join("\r\n");
  const file = { name: "members.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
  await frame.locator('input[type="file"]').setInputFiles(file);
  await frame.getByRole("button", { name: "Count what it would come to" }).click({ timeout: WAIT_MS });
  await frame.getByText("would get").waitFor({ timeout: WAIT_MS });
  await untilSettled(page);
}
