import { writeFileSync } from "node:fs";
import { loadProject } from "./project.js";
import { portsDocument } from "./render/ports.js";

// `npm run ports` writes the table of the stack prod; a test fails when it is out of date.
const stack = "prod";
const { recording } = await loadProject({ stack, cwd: "." });
writeFileSync(new URL("../docs/ports.md", import.meta.url), portsDocument(stack, recording.result.inventory));
