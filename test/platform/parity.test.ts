import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../cli/kit/record.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import type { Stack } from "../../components/stack/stack.ts";
import { marked, SHARED, SHARED_SECRETS } from "../everything.ts";
import { fromDocker, fromKubernetes, type NormalForm } from "../support/record/parity.ts";
import { stackOf } from "../support/record/stacks.ts";

/** The only differences between the two targets: which containers, which field, and why. */
const DIFFERENCES: readonly { readonly field: keyof NormalForm; readonly of: RegExp; readonly because: string }[] = [
  {
    field: "user",
    of: /^(postgres|cache|backup-tools)$/,
    because:
      "a fresh Docker volume belongs to root, so the entrypoint hands it over and steps down; on Kubernetes fsGroup does that",
  },
  {
    field: "addedCapabilities",
    of: /^(postgres|cache|backup-tools)$/,
    because: "what it takes to write into that volume or to hand it over",
  },
  {
    field: "readOnlyRoot",
    of: /^(kratos|alertmanager|postgres-exporter$|cache-exporter|loki|alloy|jaeger|centrifugo|postgrest$|seaweedfs$|seaweedfs-copy$|pgbouncer)/,
    because: "Docker cannot copy files into a container whose root is read-only",
  },
  {
    field: "files",
    of: /^(prometheus|alertmanager|grafana|kratos|kratos-migrate)$/,
    because: "pages have other addresses, replicas other names, and the cluster watches its own hosts and proxy",
  },
  {
    field: "files",
    of: /^alloy$/,
    because: "the engine of a Docker host sends lines; on a cluster they are read from the API server",
  },
  { field: "args", of: /^alertmanager$/, because: "its own URL has another port" },
  { field: "env", of: /^grafana$/, because: "its own URL has another port" },
  {
    field: "stopSeconds",
    of: /^(?!postgres$|cache$)/,
    because: "a pod drains for 5 s before its stop signal; a job's pod has no grace of its own",
  },
  {
    field: "probe",
    of: /./,
    because: "Docker runs an HTTP probe with a tool of the image, the kubelet asks itself: the path is the same",
  },
];

/** What runs on one target only, and why. */
const ONLY_ON_DOCKER: Record<string, string> = {
  proxy: "a cluster brings its own ingress controller",
  "proxy-routes": "the routes are objects of that controller there",
  "proxy-operators": "operators' pages have no route there",
  "host-exporter": "a cluster has several machines, which need an exporter on each",
};

const ONLY_ON_KUBERNETES: Record<string, string> = {
  "kube-state-metrics": "it asks the API server, which a Docker host has none of",
};

/** Pages on a developer's Docker host have a port of their own, those of a cluster have the usual one. */
function withoutPort(form: NormalForm): NormalForm {
  return JSON.parse(JSON.stringify(form).replaceAll(`${SHARED.domain}:8000`, SHARED.domain)) as NormalForm;
}

const CONTROLLER = /^kubernetes:(apps\/v1:(Deployment|StatefulSet)|batch\/v1:Job)$/;

describe("Docker and Kubernetes run the same services", () => {
  let docker: Recording<Stack>;
  let kubernetes: Recording<Stack>;
  let forms: { name: string; docker: NormalForm; kubernetes: NormalForm }[];

  beforeAll(async () => {
    const secrets = marked(SHARED_SECRETS);
    docker = await stackOf({ ...SHARED, host: { memory: "16Gi" } }, "dev", secrets);
    kubernetes = await stackOf({ ...SHARED, platform: "kubernetes" }, "dev", secrets);
    const controllers = kubernetes.resources.filter(
      ({ type, name }) => CONTROLLER.test(type) && !(name in ONLY_ON_KUBERNETES),
    );
    forms = controllers.map((controller) => {
      // Of replicas, the first.
      const names = [controller.name, `${controller.name}-1`];
      const container = docker.resources.find(
        ({ type, name }) => type === "docker:index/container:Container" && names.includes(name),
      );
      if (container === undefined) throw new Error(`${controller.name} does not run on Docker`);
      return {
        name: controller.name,
        docker: withoutPort(fromDocker(container.inputs as RecordedContainer, "apprun-dev-")),
        kubernetes: fromKubernetes(controller, kubernetes.resources),
      };
    });
  });

  it("all of them, except for what the table names", () => {
    const names = (recording: Recording<Stack>) => recording.result.inventory.workloads.map(({ name }) => name);
    const missing = names(docker).filter((name) => !names(kubernetes).includes(name));
    expect(missing.sort()).toEqual(Object.keys(ONLY_ON_DOCKER).sort());
    expect(names(kubernetes).filter((name) => !names(docker).includes(name))).toEqual(Object.keys(ONLY_ON_KUBERNETES));
    const jobsAndWorkloads = kubernetes.result.inventory.workloads.filter(
      ({ kind, name }) => kind !== "schedule" && !(name in ONLY_ON_KUBERNETES),
    );
    expect(forms.map(({ name }) => name).sort()).toEqual(jobsAndWorkloads.map(({ name }) => name).sort());
  });

  it("with the same image, command, variables, files, secrets, volumes, user and limits, except for the table's lines", () => {
    for (const { name, docker: ours, kubernetes: theirs } of forms)
      for (const field of Object.keys(ours) as (keyof NormalForm)[]) {
        if (DIFFERENCES.some((difference) => difference.field === field && difference.of.test(name))) continue;
        expect.soft(theirs[field], `${name} ${field}`).toEqual(ours[field]);
      }
  });

  it("and no line of the table is without a difference", () => {
    for (const { field, of } of DIFFERENCES) {
      const differs = forms.filter(
        ({ name, ...form }) =>
          of.test(name) && JSON.stringify(form.docker[field]) !== JSON.stringify(form.kubernetes[field]),
      );
      expect(differs.length, `${field} of ${of.source}`).toBeGreaterThan(0);
    }
  });

  it("even where a line allows a difference: the same keys, paths and questions", () => {
    for (const { name, docker: ours, kubernetes: theirs } of forms) {
      const files = Object.keys(ours.files).filter((path) => !/dashboards\/apprun-(host|proxy)\.json$/.test(path));
      const same = Object.keys(theirs.files).filter((path) => !path.endsWith("dashboards/apprun-kubernetes.json"));
      expect(same.sort(), `${name} files`).toEqual(files.sort());
      expect(
        theirs.env.map((line) => line.split("=")[0]),
        `${name} env`,
      ).toEqual(ours.env.map((line) => line.split("=")[0]));
      expect(ours.probe.endsWith(theirs.probe), `${name} probe: ${theirs.probe}`).toBe(true);
    }
  });

  it("on the same ports, in the same order, with the same arrows", () => {
    for (const theirs of kubernetes.result.inventory.workloads.filter(({ name }) => !(name in ONLY_ON_KUBERNETES))) {
      const ours = docker.result.inventory.workloads.find(({ name }) => name === theirs.name);
      // A port of the host's own is there for the host's engine, and a cluster has several hosts.
      expect.soft(theirs.ports, theirs.name).toEqual(ours?.ports.filter(({ listens }) => listens === undefined));
      expect.soft(theirs.startsAfter, theirs.name).toEqual(ours?.startsAfter);
      expect(
        theirs.connectsTo.filter((name) => !(name in ONLY_ON_KUBERNETES)),
        theirs.name,
      ).toEqual(ours?.connectsTo.filter((name) => !(name in ONLY_ON_DOCKER)));
      expect(theirs.resources, theirs.name).toEqual(ours?.resources);
    }
  });
});
