// What every process of the program does first. On a Node that cannot read TypeScript it ends with words, instead of a syntax error.
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");

if (!process.features.typescript) {
  const own = join(__dirname, "node_modules", "node", "bin");
  console.error(
    `got Node ${process.versions.node}; allowed: 22.18 or newer, which reads TypeScript by itself; run npm ci, then put ${own} first on PATH`,
  );
  process.exit(2);
}
// Below node_modules, because whoever can write to a shared directory for temporary files could change what runs.
enableCompileCache(join(__dirname, "node_modules", ".cache", "compile"));
