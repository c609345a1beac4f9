/** Pictures of what shoppers see: a member's points and rewards in a light theme, and a cart on a phone in a dark one. */
import type { Browser } from "playwright-core";
import { openWindow } from "../../tests/support/browser.ts";
import { openDressedStorefront, productNamed } from "../../tests/support/dressed-storefront.ts";

export interface Picture {
  name: string;
  png: Buffer;
}

export async function storefrontPictures(browser: Browser): Promise<Picture[]> {
  const storefront = await openDressedStorefront();
  try {
    const shopper = storefront.visit(storefront.rich.id);
    const [variant] = productNamed(storefront.products, "Teapot").variantIds;
    await shopper.send("/cart/add.js", { id: variant, quantity: 1 });
    const take = async (name: string, theme: "dark" | "light", address: string, width: number) => {
      storefront.useTheme(theme);
      const { context, page, faults } = await openWindow(browser, width);
      await context.addCookies(
        [...shopper.cookies].map(([cookie, value]) => ({ name: cookie, value, url: storefront.url })),
      );
      await page.goto(storefront.url + address, { waitUntil: "networkidle" });
      // Below what the theme shows by itself.
      await page.locator(".shopify-app-block").first().scrollIntoViewIfNeeded();
      await page.evaluate(() => document.querySelector(".shopify-app-block")?.scrollIntoView());
      const png = await page.screenshot();
      await context.close();
      if (faults.length > 0) throw new Error(`${address}: ${faults.join("; ")}`);
      return { name, png };
    };
    return [
      await take("storefront", "light", "/", 1280),
      await take("storefront-phone", "dark", "/cart", 360),
    ];
  } finally {
    await storefront.stop();
  }
}
