#!/usr/bin/env node
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const OWN_NODE = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));

if (!process.features.typescript && existsSync(OWN_NODE)) runUnder(OWN_NODE);
else {
  await import("../start.cjs");
  const { main } = await import("./main.ts");
  await main(process.argv);
}

/** Runs this file under another Node and ends as it ends. */
function runUnder(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  // A terminal sends an interrupt to both: one that is handed on would count as the second, which cuts an update off.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("close", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
