import { writeFileSync } from "node:fs";
import { stackFileSchema } from "../components/stack/json-schema.ts";

// `npm run schema` writes the editor's schema; a test fails when it is out of date.
writeFileSync(new URL("../Pulumi.schema.json", import.meta.url), `${JSON.stringify(stackFileSchema("apprun"), null, 2)}\n`);
