// `start ID NAME SECONDS` begins a workflow, `result ID` waits for what it answers.
import { Client, Connection } from "@temporalio/client";

const [verb, workflowId, name, seconds] = process.argv.slice(2);
const { TEMPORAL_HOST, TEMPORAL_NAMESPACE, TASK_QUEUE } = process.env;
const connection = await Connection.connect({ address: TEMPORAL_HOST });
const { workflow } = new Client({ connection, namespace: TEMPORAL_NAMESPACE });
if (verb === "start")
  await workflow.start("greet", { workflowId, taskQueue: TASK_QUEUE, args: [name, Number(seconds)] });
else console.log(await workflow.getHandle(workflowId).result());
await connection.close();
