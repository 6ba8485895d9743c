import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasClusterWith, kubectl, LITTLE, SMALL_CLUSTER, wipeCluster } from "../support/e2e/cluster.ts";
import { SMALL, TestProject } from "../support/e2e/e2e.ts";
import { expectLine, LokiApi } from "../support/e2e/loki.ts";

const STACK = "pr-711";
const NAMESPACE = `apprun-${STACK}`;
const SETTINGS = {
  ...SMALL_CLUSTER,
  app: { ...SMALL.app, readyTimeout: "60s" },
  temporal: { enabled: false },
  prometheus: { enabled: false },
  grafana: { enabled: false },
  logs: { enabled: true, storage: "200Mi", resources: LITTLE, collectorResources: LITTLE },
};
const inNamespace = (...args: string[]) => kubectl("--namespace", NAMESPACE, ...args);
const soon = { timeout: 120_000, interval: 2000 };

/** The API server's way to a Service: no pod but the collector may ask Loki. */
const loki = new LokiApi((path) =>
  kubectl("get", "--raw", `/api/v1/namespaces/${NAMESPACE}/services/loki:http/proxy${path}`),
);

describe.skipIf(!(await hasClusterWith("loki", "alloy")))(
  "logs on a real cluster (skipped without one that has Loki and Alloy)",
  () => {
    const project = new TestProject(STACK, SETTINGS);
    beforeAll(() => wipeCluster(NAMESPACE));
    afterAll(() => wipeCluster(NAMESPACE));

    it("finds a JSON line of the app and a plain one of PostgreSQL, with the labels stack, service and level alone", async () => {
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      await project.rememberSalt();
      await expectLine(
        loki,
        '{service="apprun"} |= "listening"',
        { stack: STACK, service: "apprun", level: "info" },
        /^\{.*"msg":"listening".*\}$/,
      );
      await expect(psql("SELECT 1/0")).rejects.toThrow("division by zero");
      await expectLine(
        loki,
        '{service="postgres"}',
        { stack: STACK, service: "postgres", level: "error" },
        / ERROR: {2}division by zero$/,
      );
      expect([...(await loki.labels())].sort()).toEqual(["level", "service", "stack"]);
    });

    it("has the lines of jobs too, and none of the collector and the store", async () => {
      await expect.poll(() => loki.values("service"), soon).toContain("kratos-migrate");
      expect(await loki.values("service")).not.toContain("alloy");
      expect(await loki.values("service")).not.toContain("loki");
    });

    it("reads pods and their logs in the stack's namespace, and nothing else", async () => {
      const may = async (verb: string, resource: string, namespace: string) =>
        (
          await kubectl(
            "auth",
            "can-i",
            verb,
            resource,
            "--as",
            `system:serviceaccount:${NAMESPACE}:alloy`,
            "--namespace",
            namespace,
          ).catch((error: unknown) => (error as { stdout?: string }).stdout ?? "")
        ).trim();
      expect(await may("list", "pods", NAMESPACE)).toBe("yes");
      expect(await may("get", "pods/log", NAMESPACE)).toBe("yes");
      expect(await may("get", "secrets", NAMESPACE)).toBe("no");
      expect(await may("delete", "pods", NAMESPACE)).toBe("no");
      expect(await may("get", "pods/log", "kube-system")).toBe("no");
      expect(await inNamespace("get", "pods", "--output", "jsonpath={.items[*].spec.volumes[*].hostPath}")).toBe("");
    });

    it("reads what was printed while the collector was away", async () => {
      await inNamespace("scale", "deployment/alloy", "--replicas=0");
      await inNamespace("wait", "--for=delete", "pod", "--selector=app.kubernetes.io/name=alloy", "--timeout=60s");
      await expect(psql("SELECT 711/0")).rejects.toThrow("division by zero");
      await inNamespace("scale", "deployment/alloy", "--replicas=1");
      await expect.poll(() => loki.find('{service="postgres"} |= "SELECT 711/0"').catch(String), soon).toHaveLength(1);
      // What it reads a second time, Loki knows already.
      const [stream] = await loki.find('{service="postgres"} |= "SELECT 1/0"');
      expect(stream?.lines).toHaveLength(1);
    });

    it("changes nothing in a second up", async () => {
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(/(\d+) unchanged/);
      expect(stderr).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
    });
  },
);

function psql(statement: string): Promise<string> {
  return inNamespace(
    "exec",
    "postgres-0",
    "--",
    "psql",
    "-U",
    "postgres",
    "-h",
    "/var/run/postgresql",
    "-c",
    statement,
  );
}
