/**
 * The document that component tests render into: the one of Shopify's own workers, so that what is not there in a shopper's browser is
 * not there in a test. Import it before anything that reads `document`.
 */
import "@remote-dom/core/polyfill";

// Shopify's elements have a property for each of their events, by which Preact knows how an event is written.
for (const name of ["onclick", "onchange"])
  Object.defineProperty(Element.prototype, name, { value: null, writable: true, configurable: true });
