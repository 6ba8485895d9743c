import { writeFileSync } from "node:fs";
import { policiesPage } from "../policies/page.ts";

// `npm run policies:page` writes the page; a test fails when it is out of date.
writeFileSync(new URL("../docs/policies.md", import.meta.url), policiesPage());
