/** The arrows of the house (docs/decisions/001-structure.md): who may import whom. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: "\\.test\\.tsx?$" },
  to: { path: "^(app|devstore|extensions|scripts|tests|benchmarks)/", pathNot: allowed },
});
const notOutside = (name, packages, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: "^app/", pathNot: allowed },
  to: { path: packages },
});

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-unresolved",
      severity: "error",
      from: { pathNot: "^build" },
      to: { couldNotResolve: true, pathNot: "^virtual:" },
    },
    only("core-is-pure", "^app/core/", "^app/core/", "core imports nothing but core"),
    only(
      "figures-know-no-forecasts",
      "^app/core/metrics/",
      "^app/core/(metrics/|[^/]+\\.ts$)",
      "core/questions and core/customers stand on the figures and the forecasts, forecasts and segments on the figures",
    ),
    only("forecasts-stand-on-figures", "^app/core/clv/", "^app/core/(clv/|metrics/|[^/]+\\.ts$)"),
    only("segments-stand-on-both", "^app/core/segments/", "^app/core/(segments/|clv/|metrics/|[^/]+\\.ts$)"),
    {
      name: "core-has-no-packages",
      severity: "error",
      from: { path: "^app/core/", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["npm", "core", "npm-dev"] },
    },
    only(
      "shopify-arrows",
      "^app/shopify/",
      "^app/(core|shopify)/|^app/config\\.server\\.ts|^app/observability/",
    ),
    only("db-arrows", "^app/db/", "^app/(core|db)/|^app/config\\.server\\.ts|^app/observability/"),
    only(
      "services-arrows",
      "^app/services/",
      "^app/(core|db|shopify|services)/|^app/config\\.server\\.ts|^app/observability/",
    ),
    only(
      "jobs-arrows",
      "^app/jobs/",
      "^app/(core|db|services|jobs)/|^app/config\\.server\\.ts|^app/observability/",
    ),
    only(
      "routes-arrows",
      "^app/routes/",
      "^app/(core|services|components|routes|observability)/|^app/db/queries/|^app/db/database\\.server\\.ts|^app/(config|authentication|context)\\.server\\.ts",
      "routes never touch db/stores or shopify/",
    ),
    only("components-arrows", "^app/components/", "^app/(core|components)/"),
    only(
      "devstore-alone",
      "^devstore/",
      "^devstore/|^scripts/shopify-schema\\.ts$",
      "the local Shopify knows nothing of the app",
    ),
    only(
      "extensions-arrows",
      "^extensions/([^/]+)/src/",
      "^extensions/($1|shared)/|^app/core/",
      "an extension is its own modules, plain ones that extensions share, and the programme's pure rules",
    ),
    only(
      "shared-by-extensions",
      "^extensions/shared/",
      "^extensions/shared/|^app/core/",
      "what extensions share are plain modules",
    ),
    {
      name: "extensions-carry-little",
      comment: "a shopper's browser loads it all",
      severity: "error",
      from: { path: "^extensions/[^/]+/src/|^extensions/shared/" },
      to: {
        dependencyTypes: ["npm", "core", "npm-dev"],
        pathNot: "node_modules/(preact|@preact/signals|@shopify/ui-extensions)/",
      },
    },
    {
      name: "extensions-for-shopify-only",
      comment: "the app and the local Shopify know extensions by what they declare and by their bundles",
      severity: "error",
      from: { path: "^(app|devstore)/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^extensions/" },
    },
    {
      name: "app-without-devstore",
      severity: "error",
      from: { path: "^app/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^devstore/" },
    },
    notOutside(
      "prisma-in-db",
      "node_modules/(@prisma|prisma|better-sqlite3|pg|pg-copy-streams)/",
      "^app/db/",
    ),
    notOutside(
      "shopify-api-in-shopify",
      "node_modules/@shopify/(shopify-api|shopify-app-remix)/",
      "^app/(shopify/|authentication\\.server\\.ts|root\\.tsx|routes/app(\\.tsx|/))",
    ),
    notOutside(
      "remix-in-routes",
      "node_modules/(@remix-run|@shopify/polaris)",
      "^app/(routes|components)/|^app/(root|entry\\.)",
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules|app/db/generated|app/shopify/generated" },
    exclude: { path: "^build/|node_modules/(?!@prisma|prisma|better-sqlite3|pg|@shopify|@remix-run)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json"],
    },
  },
};
