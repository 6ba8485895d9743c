import { writeFileSync } from "node:fs";
import { portsExample } from "../cli/render/ports-example.ts";

// `npm run ports` writes the table; a test fails when it is out of date.
writeFileSync(new URL("../docs/ports.md", import.meta.url), await portsExample());
