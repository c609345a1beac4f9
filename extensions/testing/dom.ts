/**
 * The document that component tests render into: the one of Shopify's own workers, so that what is not there in a shopper's browser is
 * not there in a test. Import it before anything that reads `document`.
 */
import "@remote-dom/core/polyfill";
