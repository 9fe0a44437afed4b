import tseslint from "typescript-eslint";

const AS_TEXT = "Text of others must not become markup: use textContent.";
const NO_MARKUP = ["innerHTML", "outerHTML", "insertAdjacentHTML", "srcdoc", "write", "writeln", "setHTMLUnsafe", "createContextualFragment"];
const NO_INLINE = "Nothing inline: the pages' policy forbids it.";

export default tseslint.config(
  { ignores: ["docs/schemas/events.d.ts", "build/", "clients/typescript/dist/", "node_modules/", ".venv/", "data/", "**/*.gen.ts", "**/*.mjs", "**/*.cjs", "eslint.config.js"] },
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
    // Plain modules that browsers get as they are. `tsc -p control/pages` knows the names and the types.
    files: ["control/pages/**/*.js"],
    ...tseslint.configs.disableTypeChecked,
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      "max-lines": ["error", { max: 400 }],
      "prefer-const": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-restricted-properties": [
        "error",
        ...NO_MARKUP.map((property) => ({ property, message: AS_TEXT })),
        { property: "style", message: NO_INLINE },
        { property: "cssText", message: NO_INLINE },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "AssignmentExpression > MemberExpression.left[property.name=/^on[a-z]+$/]", message: "Use addEventListener." },
        { selector: "CallExpression[callee.property.name='setAttribute'][arguments.0.value=/^(on|style$|srcdoc$)/]", message: NO_INLINE },
      ],
    },
  },
  {
    // node:test returns promises that its runner awaits by itself.
    files: ["tests/bridge/**/*.ts", "tests/clients/**/*.ts"],
    rules: { "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [{ from: "package", name: ["test", "describe", "it", "before", "after", "beforeEach", "afterEach"], package: "node:test" }] }] },
  },
);
