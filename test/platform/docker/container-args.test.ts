import { output, secret, type Output } from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { jobContainerArgs, workloadContainerArgs } from "../../../components/platform/docker/container-args.ts";
import { appSpec, endpoint, RESOURCES } from "../../support/record/specs.ts";
import { selectImage } from "../../../components/services/catalogue.ts";

const context = {
  identity: { project: "apprun", stack: "dev" },
  networks: { edge: "apprun-dev-edge", backend: "apprun-dev-backend", data: "apprun-dev-data" },
  ipv6Network: "apprun-dev-edge-ipv6",
};
const resolved = (value: unknown) => new Promise((resolve) => void (output(value) as Output<unknown>).apply(resolve));

it("renders a workload with everything that keeps a host safe", async () => {
  const spec = appSpec({
    env: { B: "2", A: "1" },
    secretEnv: { C: secret("three") },
    connectsTo: [endpoint("postgres", 5432, { zone: "data" })],
    args: ["serve"],
    stopGrace: "90s",
  });
  expect(await resolved(workloadContainerArgs(context, "app", "app-2", spec))).toEqual({
    name: "apprun-dev-app-2",
    command: ["serve"],
    envs: ["A=1", "B=2", "C=three"],
    user: "10001:10001",
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    readOnly: false,
    volumes: [],
    networksAdvanced: [
      { name: "apprun-dev-backend", aliases: ["app", "app-2"] },
      { name: "apprun-dev-data", aliases: ["app", "app-2"] },
    ],
    memory: 128,
    memoryReservation: 64,
    memorySwap: 128,
    cpus: "0.5",
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
    labels: [
      { label: "io.apprun.managed-by", value: "pulumi" },
      { label: "io.apprun.role", value: "workload" },
      { label: "io.apprun.service", value: "app" },
      { label: "io.apprun.stack", value: "apprun/dev" },
    ],
    ports: [],
    restart: "unless-stopped",
    healthcheck: {
      tests: [
        "CMD",
        "curl",
        "--fail",
        "--silent",
        "--show-error",
        "--output",
        "/dev/null",
        "http://127.0.0.1:8080/health",
      ],
      interval: "30s",
      timeout: "5s",
      retries: 2,
      startPeriod: "30s",
      startInterval: "5s",
    },
    wait: true,
    waitTimeout: 180,
    destroyGraceSeconds: 90,
    stopTimeout: 90,
  });
});

it("asks a workload to stop with the signal that it needs", async () => {
  const spec = appSpec({ stopSignal: "SIGINT" });
  expect(await resolved(workloadContainerArgs(context, "app", "app", spec))).toMatchObject({ stopSignal: "SIGINT" });
});

it("keeps secret environment and secret files out of what a preview shows, and nothing else", async () => {
  const { isSecret } = await import("@pulumi/pulumi");
  const plain = workloadContainerArgs(context, "app", "app", appSpec({ env: { A: "1" } }));
  const withSecret = workloadContainerArgs(context, "app", "app", appSpec({ secretEnv: { A: secret("x") } }));
  expect(await isSecret(output(plain.envs))).toBe(false);
  expect(await isSecret(output(withSecret.envs))).toBe(true);
});

it("makes the root read-only where no file has to be copied in: Docker refuses the copy", () => {
  const file = { path: "/etc/app.yml", content: "a: 1" };
  expect(workloadContainerArgs(context, "app", "app", appSpec({ readOnlyRoot: true })).readOnly).toBe(true);
  expect(
    workloadContainerArgs(context, "app", "app", appSpec({ readOnlyRoot: true, files: [file] })).readOnly,
  ).toBeUndefined();
});

it("copies files in, sorted, readable in the container and writable by nobody", async () => {
  const spec = appSpec({
    files: [{ path: "/z.sh", content: "z", executable: true }],
    secretFiles: [{ path: "/a", content: secret("hidden") }],
  });
  expect(await resolved(workloadContainerArgs(context, "app", "app", spec).uploads)).toEqual([
    { file: "/a", content: "hidden", permissions: "0444" },
    { file: "/z.sh", content: "z", permissions: "0555" },
  ]);
});

it("gives an entrypoint that steps down what it needs for that, and no more", () => {
  const { user, capabilities } = workloadContainerArgs(
    context,
    "db",
    "db",
    appSpec({ runAs: { uid: 70, gid: 70, entrypointStepsDown: true } }),
  );
  expect(user).toBeUndefined();
  expect(capabilities).toEqual({
    drops: ["ALL"],
    adds: ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID"],
  });
});

it("runs as root with those capabilities only who reads the files of others", () => {
  const { user, capabilities } = workloadContainerArgs(
    context,
    "b",
    "b",
    appSpec({ runAs: { uid: 70, gid: 70, administersFiles: true } }),
  );
  expect(user).toBe("0:0");
  expect(capabilities).toEqual({
    drops: ["ALL"],
    adds: ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID"],
  });
});

it("gives a way out only to who asks for it", () => {
  const networks = (egress: boolean) =>
    workloadContainerArgs(context, "app", "app", appSpec({ egress })).networksAdvanced;
  expect(networks(false)).toEqual([{ name: "apprun-dev-backend", aliases: ["app"] }]);
  expect(networks(true)).toEqual([
    { name: "apprun-dev-edge", aliases: ["app"] },
    { name: "apprun-dev-backend", aliases: ["app"] },
  ]);
});

it("runs a job once, attached to its end", () => {
  const args = jobContainerArgs(context, "migrate", {
    image: selectImage("kratos"),
    resources: RESOURCES,
    runAs: { uid: 1, gid: 1 },
    zone: "backend",
  });
  expect(args).toMatchObject({ name: "apprun-dev-migrate", restart: "no", mustRun: false, attach: true, logs: true });
  expect(args).not.toHaveProperty("healthcheck");
});
