import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "build",
      ".cache",
      ".data",
      "data",
      "app/db/generated",
      "app/shopify/generated",
      "extensions/*/shopify.d.ts",
      "extensions/*/dist",
      "devstore/public",
      "devstore/themes",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { "react-hooks": reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/ban-ts-comment": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": "off",
      // Remix throws Responses and redirects by design.
      "@typescript-eslint/only-throw-error": "off",
      eqeqeq: "error",
      "no-console": ["error", { allow: ["error"] }],
    },
  },
  {
    // Command-line programs talk to the terminal.
    files: ["scripts/**", "benchmarks/**", "devstore/**", "tests/**"],
    rules: { "no-console": "off" },
  },
  {
    files: ["**/*.js", "**/*.cjs", "**/*.mjs"],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      parserOptions: { project: false, projectService: false },
      globals: { module: "writable", process: "readonly", console: "readonly" },
    },
  },
  {
    // The shopper's browser runs it as it stands.
    files: ["extensions/storefront/assets/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "crypto",
          "document",
          "fetch",
          "location",
          "navigator",
          "sessionStorage",
          "FormData",
          "URLSearchParams",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
);
