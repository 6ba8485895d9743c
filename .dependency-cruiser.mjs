/**
 * Which folder may import which: imports point one way, and no file is part of a circle.
 * Each row names a folder and every other folder of the program that it may import.
 */
const MAY_IMPORT = {
  "components/model": [],
  "components/settings/kit": ["components/model"],
  "components/settings/sections": ["components/model", "components/settings/kit"],
  "components/platform": ["components/model"],
  "components/services": ["components/model", "components/settings", "components/platform"],
  "components/edge": ["components/model", "components/settings", "components/platform", "components/services/kit"],
  "components/stack": ["components"],
  policies: ["components/model", "components/settings", "components/services/catalogue.ts", "start.cjs"],
  "cli/kit": ["components", "policies"],
  "cli/engine": ["components", "policies", "cli/kit"],
  "cli/runtime": ["components", "policies", "cli/kit", "cli/engine", "cli/images"],
  "cli/backup": ["components", "policies", "cli/kit", "cli/engine", "cli/runtime"],
  "cli/images": ["components/model", "cli/kit"],
  "cli/init": ["components", "cli/kit", "cli/backup/bucket/given-bucket.ts"],
  "cli/render": ["components", "policies", "cli/kit"],
  "cli/doctor": ["components", "policies", "cli/kit", "cli/engine", "cli/runtime", "cli/backup"],
  "cli/ci": ["components", "policies", "cli/kit", "cli/engine"],
  "cli/commands": ["components", "policies", "cli"],
  "cli/main.ts": ["components", "policies", "cli"],
  "cli/bin.mjs": ["cli", "start.cjs"],
  "index.ts": ["components"],
  "start.cjs": [],
  scripts: ["components", "policies", "cli", "test/everything.ts", "test/support/record/monitoring.ts"],
};

/** The one folder that talks to each provider. */
const PROVIDERS = {
  "@pulumi/docker": "components/platform/docker",
  "@pulumi/kubernetes": "components/platform/kubernetes",
  "@pulumi/cloudflare": "components/edge",
  "@pulumi/tls": "components/edge",
  "@pulumi/postgresql": "components/services/postgres/engine",
};

const pattern = (path) => `^${path.replaceAll(".", "\\.")}(/|$)`;

export default {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
      name: `${folder} may import ${["itself", ...allowed].join(", ")}`,
      severity: "error",
      from: { path: pattern(folder) },
      to: {
        path: "^(components|policies|cli|scripts|test|index\\.ts|start\\.cjs)(/|$)",
        pathNot: [folder, ...allowed].map(pattern),
      },
    })),
    ...Object.entries(PROVIDERS).map(([name, folder]) => ({
      name: `${name} is imported under ${folder} only`,
      severity: "error",
      from: { path: "^(components|policies|cli|index\\.ts)", pathNot: pattern(folder) },
      to: { path: `node_modules/${name}` },
    })),
    { name: "no circles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "every folder has a row",
      severity: "error",
      from: { path: "^(components|cli|policies|scripts)/", pathNot: Object.keys(MAY_IMPORT).map(pattern) },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts"] },
  },
};
