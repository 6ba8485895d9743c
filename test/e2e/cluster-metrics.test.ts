import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kubeletObservability } from "../../components/services/prometheus/kubelet-observability.ts";
import { kubernetesObservability } from "../../components/services/cluster/kubernetes-observability.ts";
import { hasClusterWith, kubectl, LITTLE, SMALL_CLUSTER, wipeCluster } from "../support/e2e/cluster.ts";
import { SMALL, TestProject } from "../support/e2e/e2e.ts";
import { askPrometheusIn, expectData, queryIn } from "../support/e2e/prometheus.ts";

const STACK = "pr-705";
const NAMESPACE = `apprun-${STACK}`;
const SETTINGS = {
  ...SMALL_CLUSTER,
  app: { ...SMALL.app, readyTimeout: "60s" },
  temporal: { enabled: false },
  grafana: { enabled: false },
  alerting: { enabled: false },
  prometheus: { ...SMALL.prometheus, resources: LITTLE },
  exporters: { kubelets: true, postgres: false, cache: false },
};
const WATCHED_LESS = { ...SETTINGS, exporters: { ...SETTINGS.exporters, kubelets: false, kubernetes: false } };
const inNamespace = (...args: string[]) => kubectl("--namespace", NAMESPACE, ...args);

const query = (expr: string) => queryIn(NAMESPACE, expr);

describe.skipIf(!(await hasClusterWith("kubeStateMetrics")))(
  "the metrics of a real cluster (skipped without one, or where no node has kube-state-metrics' image)",
  () => {
    const project = new TestProject(STACK, SETTINGS);
    beforeAll(() => wipeCluster(NAMESPACE));
    afterAll(async () => {
      await kubectl("delete", "clusterrole,clusterrolebinding", `${NAMESPACE}-prometheus`, "--ignore-not-found");
      await wipeCluster(NAMESPACE);
    });

    it("has every target up, the node's kubelet among them", async () => {
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      await project.rememberSalt();
      await expect
        .poll(
          async () => {
            const { activeTargets } = await askPrometheusIn<{
              activeTargets: { scrapePool: string; health: string; lastError: string }[];
            }>(NAMESPACE, "targets");
            return activeTargets
              .map(({ scrapePool, health, lastError }) => `${scrapePool} ${health}${lastError}`)
              .sort();
          },
          { timeout: 120_000, interval: 3000 },
        )
        .toEqual([
          "apprun up",
          "kratos up",
          "kube-state-metrics up",
          "kubelet up",
          "kubelet-cadvisor up",
          "kubelet-resource up",
          "prometheus up",
        ]);
    });

    it("knows memory and limit of the stack's containers, and nothing of other namespaces", async () => {
      await expect
        .poll(() => query("container_memory_working_set_bytes"), { timeout: 90_000, interval: 3000 })
        .not.toEqual([]);
      const others = await query(`{job=~"kubelet.*|kube-state-metrics", namespace!="${NAMESPACE}", namespace!=""}`);
      expect(others).toEqual([]);
      const containers = (await query("container_memory_working_set_bytes")).map(({ metric }) => metric["container"]);
      expect(containers).toEqual(expect.arrayContaining(["apprun", "postgres", "prometheus"]));
    });

    it("answers every query of its dashboards except for volumes, of which local-path may have no figures", async () => {
      const panels = [kubernetesObservability(), kubeletObservability()].flatMap(
        ({ dashboard }) => dashboard?.panels ?? [],
      );
      const queries = panels
        .filter(({ title }) => title !== "Volumes free")
        .flatMap((panel) => panel.queries.map(({ expr }) => expr));
      expect(queries.length).toBeGreaterThan(6);
      await expectData(query, queries);
    });

    it("counts the restart of a container that ended", async () => {
      const restarts = async () =>
        Number((await query('sum(kube_pod_container_status_restarts_total{container="kratos"})'))[0]?.value[1] ?? -1);
      expect(await restarts()).toBe(0);
      const pod = (
        await inNamespace("get", "pods", "--selector", "app.kubernetes.io/name=kratos", "--output", "name")
      ).trim();
      await inNamespace("exec", pod, "--", "kill", "1");
      await expect.poll(restarts, { timeout: 90_000, interval: 3000 }).toBe(1);
    });

    it("may read its own namespace and the nodes' metrics, and nothing else", async () => {
      const may = async (account: string, verb: string, resource: string, ...more: string[]) =>
        (
          await kubectl(
            "auth",
            "can-i",
            verb,
            resource,
            "--as",
            `system:serviceaccount:${NAMESPACE}:${account}`,
            ...more,
          ).catch(() => "no")
        ).trim();
      expect(await may("kube-state-metrics", "list", "pods", "--namespace", NAMESPACE)).toBe("yes");
      expect(await may("kube-state-metrics", "list", "secrets", "--namespace", NAMESPACE)).toBe("no");
      expect(await may("kube-state-metrics", "list", "pods", "--namespace", "kube-system")).toBe("no");
      expect(await may("prometheus", "get", "nodes", "--subresource", "metrics")).toBe("yes");
      expect(await may("prometheus", "get", "nodes", "--subresource", "proxy")).toBe("no");
      expect(await may("prometheus", "list", "pods", "--namespace", NAMESPACE)).toBe("no");
    });

    it("changes nothing in a second up, and takes its cluster-wide role away when switched off", async () => {
      const again = await project.cli(["up"]);
      expect(again.code, again.stderr).toBe(0);
      expect(again.stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
      project.configure(WATCHED_LESS);
      const off = await project.cli(["up"]);
      expect(off.code, off.stderr).toBe(0);
      await expect(kubectl("get", "clusterrole", `${NAMESPACE}-prometheus`)).rejects.toThrow("not found");
      const rules = await inNamespace("exec", "prometheus-0", "--", "cat", "/etc/prometheus/rules.yml");
      expect(rules).not.toMatch(/PodPending|PodThrottled/);
    });

    it("is switched off, and on again with the figures that it had, in the claim that it had", async () => {
      const claim = () =>
        inNamespace("get", "pvc", "prometheus", "--output", "jsonpath={.metadata.uid} {.spec.volumeName}");
      const before = await claim();
      const figure = 'up{job="apprun"}';
      const then = (await query(figure))[0]?.value[0] ?? 0;
      const [off, on] = [{ ...WATCHED_LESS, prometheus: { enabled: false } }, WATCHED_LESS];
      project.configure(off);
      const forgotten = await project.cli(["up", "--forget-data", "--confirm", STACK]);
      expect(forgotten.code, forgotten.stderr).toBe(0);
      project.configure(on);
      expect(await project.cli(["up"])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/did not make: prometheus; .* npm run up -- --take-data/) as string,
      });
      const taken = await project.cli(["up", "--take-data", "--confirm", STACK]);
      expect(taken.code, taken.stderr).toBe(0);
      expect(taken.stderr).toContain("taken up: prometheus\n");
      expect(await claim()).toBe(before);
      expect((await queryIn(NAMESPACE, figure, then)).map(({ value }) => value[1])).toEqual(["1"]);
      const again = await project.cli(["up"]);
      expect(again.code, again.stderr).toBe(0);
      expect(again.stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
      project.configure(off);
      expect((await project.cli(["up"])).stderr).toContain("would drop what holds data or belongs to it: prometheus;");
    });
  },
);
