// A worker of Temporal's own SDK, told everything by variables. It answers its probe while it takes work.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { activityInfo } from "@temporalio/activity";
import { NativeConnection, Worker } from "@temporalio/worker";

const { TEMPORAL_HOST, TEMPORAL_NAMESPACE, TASK_QUEUE, DRAIN_TIMEOUT, GREETING } = process.env;

const connection = await NativeConnection.connect({ address: TEMPORAL_HOST });
const worker = await Worker.create({
  connection,
  namespace: TEMPORAL_NAMESPACE,
  taskQueue: TASK_QUEUE,
  shutdownGraceTime: DRAIN_TIMEOUT,
  workflowBundle: { codePath: new URL("workflow-bundle.js", import.meta.url).pathname },
  activities: {
    async compose(name, seconds) {
      console.log(`composing for ${name}`);
      await sleep(seconds * 1000);
      return `${GREETING} ${name}, try ${activityInfo().attempt}`;
    },
  },
});
const probe = createServer((_, answer) => answer.writeHead(worker.getState() === "RUNNING" ? 200 : 503).end());
probe.listen(8080, "127.0.0.1");
await worker.run();
probe.close();
await connection.close();
