import { expect, test } from "vitest";
import { routePatterns } from "./http.server.ts";

const routes = [
  { id: "root", path: "" },
  { id: "routes/app", parentId: "root", path: "app" },
  { id: "routes/app._index", parentId: "routes/app", index: true },
  { id: "routes/app.$", parentId: "routes/app", path: "*" },
  { id: "routes/app.jobs", parentId: "routes/app", path: "jobs" },
  { id: "routes/app.customers.$id", parentId: "routes/app", path: "customers/:id" },
  { id: "routes/webhooks.$topic", parentId: "root", path: "webhooks/:topic" },
];

const routeOf = (path: string) => routePatterns(routes).find(({ matches }) => matches.test(path))?.route;

test.each([
  ["/app", "/app"],
  ["/app/", "/app"],
  ["/app/jobs", "/app/jobs"],
  ["/app/jobs.data", "/app/jobs"],
  ["/app/customers/42", "/app/customers/:id"],
  ["/app/anything/else", "/app/*"],
  ["/webhooks/orders-create", "/webhooks/:topic"],
  ["/wp-login.php", undefined],
])("%s is counted under %s", (path, route) => {
  expect(routeOf(path)).toBe(route);
});
