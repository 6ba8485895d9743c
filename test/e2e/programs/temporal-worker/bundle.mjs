// Makes of the workflow one file, as an image of a worker has it.
import { writeFileSync } from "node:fs";
import { bundleWorkflowCode } from "@temporalio/worker";

const { code } = await bundleWorkflowCode({ workflowsPath: new URL("workflow.mjs", import.meta.url).pathname });
writeFileSync(new URL("workflow-bundle.js", import.meta.url), code);
