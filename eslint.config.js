import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["docs/schemas/events.d.ts", "build/", "node_modules/", ".venv/", "data/", "**/*.gen.ts", "**/*.mjs", "**/*.cjs", "eslint.config.js"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "no-console": "error",
      eqeqeq: "error",
      "max-lines": ["error", { max: 400 }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
    },
  },
  {
    // node:test returns promises that its runner awaits by itself.
    files: ["tests/bridge/**/*.ts"],
    rules: { "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [{ from: "package", name: ["test", "describe", "it", "before", "after", "beforeEach", "afterEach"], package: "node:test" }] }] },
  },
);
