import tseslint from "typescript-eslint";

/** Who may not be imported by whom: model <- platform <- services <- edge <- stack <- index, cli. */
const layers = ["model", "config", "platform", "services", "edge", "stack"];
const providers = { "@pulumi/docker": "platform", "@pulumi/kubernetes": "platform", "@pulumi/cloudflare": "edge", "@pulumi/tls": "edge" };

/** A rule that forbids a folder to import the given layers and every provider but its own. */
function boundary(folder, { forbidden, allowProviders = [] }) {
  const paths = Object.entries(providers)
    .filter(([name]) => !allowProviders.includes(name))
    .map(([name, home]) => ({ name, message: `${name} is imported under components/${home} only` }));
  const patterns =
    forbidden.length === 0
      ? []
      : [{ regex: `/(${forbidden.join("|")})(/|\\.js$)`, message: `${folder} may not import ${forbidden.join(", ")}: imports point one way` }];
  return { files: [folder], rules: { "no-restricted-imports": ["error", { paths, patterns }] } };
}
const but = (...allowed) => [...layers.filter((layer) => !allowed.includes(layer)), "cli", "policies"];

export default tseslint.config(
  { ignores: ["node_modules", ".apprun", "**/*.js", "**/*.mjs", "**/*.cjs"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "max-lines": ["error", 250],
      "valid-typeof": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  boundary("components/model/**/*.ts", { forbidden: but("model") }),
  boundary("components/config/**/*.ts", { forbidden: but("model", "config") }),
  boundary("components/platform/**/*.ts", { forbidden: but("model", "platform"), allowProviders: ["@pulumi/docker", "@pulumi/kubernetes"] }),
  boundary("components/services/**/*.ts", { forbidden: but("model", "platform", "services") }),
  boundary("components/edge/**/*.ts", { forbidden: but("model", "platform", "services", "edge"), allowProviders: ["@pulumi/cloudflare", "@pulumi/tls"] }),
  boundary("components/stack.ts", { forbidden: ["cli", "policies"] }),
  boundary("index.ts", { forbidden: ["cli", "policies"] }),
  boundary("policies/**/*.ts", { forbidden: ["platform", "services", "cli"] }),
  boundary("cli/**/*.ts", { forbidden: [] }),
  {
    files: ["components/services/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: "MemberExpression[property.name='kind'][object.name='platform']", message: "a service never asks which platform it is on" },
      ],
    },
  },
  { files: ["test/**/*.ts"], rules: { "@typescript-eslint/no-non-null-assertion": "off", "max-lines": "off" } },
);
