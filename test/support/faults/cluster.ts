import { writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { kratos } from "../../../components/services/kratos/index.ts";
import { kubectl } from "../e2e/cluster.ts";
import type { SMALL } from "../e2e/e2e.ts";
import type { Faults } from "./fault.ts";

const { repository, tag, schemas } = kratos.images.kratos;

/** Objects of a cluster otherwise than the model says. What `up` sets back is not undone here. */
export function clusterFaults(namespace: string, { app, postgres }: typeof SMALL): Faults {
  const run = (...args: string[]) => kubectl("--namespace", namespace, ...args);
  const patch = (target: string, body: object) =>
    run("patch", target, "--type", "merge", "--patch", JSON.stringify(body));
  const rolledOut = (target: string) => run("rollout", "status", target, "--timeout=120s");
  const CONTAINER = "spec.template.spec.containers[apprun]";
  /** Of a rollout that is not over, beside its cause. */
  const POD = /^error pods: apprun: pods of deployment\/apprun: /;
  const sql = (statement: string) =>
    run(
      "exec",
      "postgres-0",
      "--",
      "psql",
      "--host=/var/run/postgresql",
      "--username=postgres",
      "--dbname=kratos",
      `--command=${statement}`,
    );

  return {
    "another image": {
      plant: () => run("set", "image", "deployment/apprun", "apprun=websoft9/apprun:9.9.9"),
      undo: async () => {
        await run("set", "image", "deployment/apprun", "apprun=websoft9/apprun:1.0.0");
        await rolledOut("deployment/apprun");
      },
      finds: [
        POD,
        `error objects: deployment/apprun: ${CONTAINER}.image is "websoft9/apprun:9.9.9"; the model says "websoft9/apprun:1.0.0"`,
      ],
    },
    "another environment, and a variable more": {
      plant: async () => {
        await run("set", "env", "deployment/apprun", "LOG_LEVEL=debug", "EXTRA=1");
        await rolledOut("deployment/apprun");
      },
      undo: async () => {
        await run("set", "env", "deployment/apprun", "LOG_LEVEL=info", "EXTRA-");
        await rolledOut("deployment/apprun");
      },
      finds: [
        `error objects: deployment/apprun: ${CONTAINER}.env[LOG_LEVEL].value is another than the model says`,
        `error objects: deployment/apprun: ${CONTAINER}.env[EXTRA] is there; the model says absent`,
      ],
    },
    "a deployment that was scaled to nothing": {
      plant: async () => {
        await run("scale", "deployment/kratos", "--replicas=0");
        await run("wait", "--for=delete", "pod", "--selector=app.kubernetes.io/name=kratos", "--timeout=120s");
      },
      undo: async () => {
        await run("scale", "deployment/kratos", "--replicas=1");
        await rolledOut("deployment/kratos");
      },
      finds: ["error objects: deployment/kratos: spec.replicas is 0; the model says 1"],
    },
    "a port that was opened on every node": {
      plant: () => patch("service/postgres", { spec: { type: "NodePort" } }),
      undo: () => patch("service/postgres", { spec: { type: "ClusterIP" } }),
      finds: ['error objects: service/postgres: spec.type is "NodePort"; the model says "ClusterIP"'],
    },
    "a service of nobody that opens a port": {
      plant: () => run("create", "service", "nodeport", "intruder", "--tcp=5432:5432", "--node-port=31807"),
      undo: () => run("delete", "service", "intruder"),
      finds: ["error ports: service/intruder opens port 31807 on every node and is not in the model"],
    },
    "a claim of nobody": {
      plant: () => {
        const file = join(mkdtempSync(join(tmpdir(), "apprun-")), "claim.json");
        const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } };
        writeFileSync(
          file,
          JSON.stringify({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "intruder" }, spec }),
        );
        return run("apply", "--filename", file);
      },
      undo: () => run("delete", "persistentvolumeclaim", "intruder"),
      finds: ["warning objects: persistentvolumeclaim/intruder is not in the model"],
    },
    "a namespace that takes any pod": {
      plant: () =>
        kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=privileged", "--overwrite"),
      undo: () =>
        kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted", "--overwrite"),
      finds: [
        `error objects: namespace/${namespace}: metadata.labels.pod-security.kubernetes.io/enforce is "privileged"; the model says "restricted"`,
      ],
    },
    "a claim that cannot grow": {
      settings: { postgres: { ...postgres, storage: "300Mi" } },
      finds: [
        /^error cluster: volume postgres-17: got 300Mi; allowed: 200Mi: its class \S+ does not let volumes grow$/,
      ],
    },
    "a certificate that ends in days": {
      plant: async () => {
        const { private: key, cert } = await generate([{ name: "commonName", value: "x" }], {
          keyType: "ec",
          notAfterDate: new Date(Date.now() + 3.5 * 86_400_000),
        });
        const directory = mkdtempSync(join(tmpdir(), "apprun-"));
        for (const [file, text] of Object.entries({ key, cert })) writeFileSync(join(directory, file), text);
        await run(
          "create",
          "secret",
          "tls",
          "ends",
          `--cert=${join(directory, "cert")}`,
          `--key=${join(directory, "key")}`,
        );
      },
      undo: () => run("delete", "secret", "ends"),
      finds: ["warning tls: secret/ends: its certificate holds for 3 more days; 14 are the least"],
    },
    "a schema that is older than the image": {
      plant: () => sql(`UPDATE schema_migration SET version = '0' WHERE version = '${schemas.kratos}'`),
      undo: () => sql(`UPDATE schema_migration SET version = '${schemas.kratos}' WHERE version = '0'`),
      finds: [
        new RegExp(
          `^error schemas: database kratos: its schema is \\d+; ${repository}:${tag} works on ${schemas.kratos}$`,
        ),
      ],
    },
    "another setting than what runs": {
      settings: { app: { ...app, logLevel: "debug" } },
      finds: [`error objects: deployment/apprun: ${CONTAINER}.env[LOG_LEVEL].value is another than the model says`],
    },
    "a cluster that does not answer": {
      settings: { kubernetes: { kubeconfig: nowhere() } },
      finds: [/^error cluster: missing a Kubernetes cluster at https:\/\/127\.0\.0\.1:1 /],
    },
    "no such context": {
      settings: { kubernetes: { context: "nowhere" } },
      finds: [/^error cluster: kubernetes\.context: got "nowhere"; allowed: /],
    },
    "a network policy that lets everything in": {
      plant: () => patch("networkpolicy/postgres", { spec: { ingress: [{}] } }),
      // The last two: only `up` brings these back.
      undo: () => run("delete", "networkpolicy", "postgres"),
      finds: [
        "error objects: networkpolicy/postgres: spec.ingress[0].from is a list of 0; the model says a list of 1",
        "error objects: networkpolicy/postgres: spec.ingress[0].ports is a list of 0; the model says a list of 1",
      ],
    },
    "network policies that were deleted": {
      plant: () => run("delete", "networkpolicy", "default-deny"),
      finds: [
        "error objects: networkpolicy/postgres is missing",
        "error objects: networkpolicy/default-deny is missing",
      ],
    },
  };
}

/** A kubeconfig of a cluster that is not there. */
function nowhere(): string {
  const file = join(mkdtempSync(join(tmpdir(), "apprun-")), "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "x",
    clusters: [{ name: "x", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "x", user: {} }],
    contexts: [{ name: "x", context: { cluster: "x", user: "x" } }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
