import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../policies/read/values.ts";
import { containersOf } from "../../../policies/read/container.ts";
import { exposuresOf } from "../../../policies/read/exposure.ts";
import { imagesOf, parseImage } from "../../../policies/read/image.ts";
import { kubernetesKind } from "../../../policies/read/kubernetes.ts";
import { deploymentReplicas } from "../../../policies/read/replicas.ts";
import { isSecretKey } from "../../../policies/read/secret.ts";
import { isGrafana } from "../../../policies/read/grafana.ts";
import { isSet, record, text, texts } from "../../../policies/read/values.ts";
import { container, deployment, remoteImage, resource } from "../describe-policy.ts";

const one = (changes: Record<string, unknown>) => containersOf(container(changes))[0];

describe("a container as the Docker provider has it", () => {
  it("names capabilities without their prefix, and only that", () => {
    expect(one({ capabilities: { adds: ["CAP_CHOWN", "NOCAP_X"] } })?.addedCapabilities).toEqual(["CHOWN", "NOCAP_X"]);
  });

  it("belongs to the service of its label, or is one of its own", () => {
    expect(one({ labels: [{ label: "io.apprun.service", value: "service" }] })?.service).toBe("service");
    expect(one({ labels: [] })?.service).toBe("app");
  });

  it("has no version in an image id, and no secret in its environment", () => {
    expect(one({ image: `sha256:${"a".repeat(64)}` })?.image).toBeUndefined();
    expect(one({ image: `postgres@sha256:${"a".repeat(64)}` })?.image).toBe(`postgres@sha256:${"a".repeat(64)}`);
    expect(one({})?.secretEnv).toEqual([]);
  });

  it("leaves out a path that is not known yet", () => {
    expect(one({ mounts: [{ type: "bind", source: UNKNOWN }] })?.hostPaths).toEqual([]);
  });
});

describe("a pod's container", () => {
  const pod = (changes: Parameters<typeof deployment>[0], kind?: string) =>
    containersOf(deployment(changes, "app", kind))[0];

  it("belongs to the service of its label", () => {
    const named = resource("kubernetes:apps/v1:Deployment", "resource", {
      spec: {
        template: {
          metadata: { labels: { "app.kubernetes.io/name": "service" } },
          spec: { containers: [{ name: "main" }] },
        },
      },
    });
    expect(containersOf(named)[0]?.service).toBe("service");
    expect(containersOf({ ...named, props: { spec: { template: { spec: { containers: [{}] } } } } })[0]?.service).toBe(
      "resource",
    );
  });

  it("runs once in a Job and a CronJob only", () => {
    expect([pod({}), pod({}, "batch/v1:Job"), pod({}, "batch/v1:CronJob")].map((view) => view?.job)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it("tells variables of secrets from plain ones", () => {
    const env = [
      { name: "PLAIN", value: "x" },
      { name: "SECRET", valueFrom: { secretKeyRef: {} } },
      { name: UNKNOWN, valueFrom: { secretKeyRef: {} } },
    ];
    expect(pod({ container: { env } })).toMatchObject({ env: [{ key: "PLAIN", value: "x" }], secretEnv: ["SECRET"] });
  });

  it("publishes the ports of the host only", () => {
    expect(
      pod({ container: { ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 8081 }] } })?.published,
    ).toEqual([{ address: "0.0.0.0", port: 8081, target: 81 }]);
  });

  it("is one of a Kubernetes object", () => {
    expect(kubernetesKind(resource("kubernetes:apps/v1:DeploymentPatch", "x"))).toBe("Deployment");
    expect(kubernetesKind(resource("other-kubernetes:apps/v1:Deployment", "x"))).toBeUndefined();
  });
});

describe("a port of every node", () => {
  const service = (type: string, kind = "Service") =>
    exposuresOf(
      resource(`kubernetes:core/v1:${kind}`, "web", {
        spec: { type, ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] },
      }),
    );

  it("is the node port, or the one of the load balancer", () => {
    expect(service("NodePort")).toMatchObject([{ port: 30080, target: 8080, address: "every node (NodePort)" }]);
    expect(service("LoadBalancer")).toMatchObject([{ port: 80, target: 8080, address: "every node (LoadBalancer)" }]);
  });

  it("is a Service's alone", () => {
    expect(service("NodePort", "Other")).toEqual([]);
    expect(service("ClusterIP")).toEqual([]);
  });
});

describe("an image", () => {
  it.each([
    ["postgres", { repository: "postgres", tag: undefined, digest: undefined }],
    ["localhost:5000/postgres", { repository: "localhost:5000/postgres", tag: undefined, digest: undefined }],
    ["localhost:5000/postgres:17@sha256:a", { repository: "localhost:5000/postgres", tag: "17", digest: "sha256:a" }],
  ])("%s", (reference, parts) => {
    expect(parseImage(reference)).toEqual({ reference, ...parts });
  });

  it("is not guessed where it is not known yet", () => {
    expect(imagesOf(remoteImage(UNKNOWN))).toEqual([]);
  });

  it("of Grafana is one by its name, with a registry or without", () => {
    const images = [
      "grafana/grafana:12.4.0",
      "mirror.example.com/grafana/grafana-oss@sha256:a",
      "grafana/grafana",
      "acme/my-grafana/grafana2:1",
      "x/agrafana/grafana:1",
    ];
    expect(images.map((image) => isGrafana({ service: "x", image }))).toEqual([true, true, true, false, false]);
  });
});

describe("what policies read", () => {
  it("counts replicas by an autoscaler, not by what looks like one", () => {
    const other = resource("kubernetes:keda.sh/v1:ScaledObject", "x", {
      spec: { minReplicas: 9, scaleTargetRef: { name: "app" } },
    });
    expect(deploymentReplicas(deployment({ spec: { replicas: 3 } }), [other])).toBe(3);
  });

  it("knows a secret by the end of its key", () => {
    expect(["DB_PASSWORD", "DB_NAME_PASSWORD", "DB_PASSWORD_FILE", "TOKEN_TTL", "PATH"].map(isSecretKey)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("counts what is of another form as absent", () => {
    expect([record(null), record([1]), record("x")]).toEqual([{}, {}, {}]);
    expect([text(5), text(UNKNOWN), text("x")]).toEqual([undefined, undefined, "x"]);
    expect(texts([1, UNKNOWN, "x"])).toEqual(["x"]);
    expect([null, undefined, "", 0].some(isSet)).toBe(false);
  });
});
