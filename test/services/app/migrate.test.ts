import { describe, expect, it } from "vitest";
import { findingsOf } from "../../../cli/kit/policies.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import { filesOf } from "../../support/record/monitoring.ts";
import { messageOf } from "../../support/record/settings.ts";
import { inputsOf, settingsOf, stackOf } from "../../support/record/stacks.ts";

const CONTAINER = "docker:index/container:Container";
const APP = { files: { "/etc/shop/NOTICE": "LICENSE" }, migrate: { command: ["migrate", "up"], timeout: "15m" } };

describe("app.migrate", () => {
  it("runs with the app's image, variables, secrets and files, without its volume, and before the app", async () => {
    const recording = await stackOf({ app: APP });
    const [job, app] = ["apprun-migrate", "apprun"].map((name) =>
      inputsOf<RecordedContainer>(recording, CONTAINER, name),
    );
    expect(job).toMatchObject({ command: ["migrate", "up"], attach: true, restart: "no", volumes: [] });
    expect([job?.image, job?.envs, job?.user]).toEqual([app?.image, app?.envs, app?.user]);
    expect(filesOf(recording, "apprun-migrate")).toEqual(filesOf(recording, "apprun"));
    const { workloads } = recording.result.inventory;
    expect(workloads.find(({ name }) => name === "apprun")?.startsAfter).toContainEqual({
      name: "apprun-migrate",
      kind: "job",
    });
    expect(workloads.find(({ name }) => name === "apprun-migrate")).toMatchObject({ kind: "job", timeout: "15m" });
  });

  it("may have the secrets in variables that the app may", async () => {
    const variables = { app: { ...APP, variablesPreset: "public" } };
    const found = findingsOf({ stack: "dev", settings: settingsOf(variables), recording: await stackOf(variables) });
    expect(found.filter(({ enforcement }) => enforcement === "mandatory")).toEqual([]);
  });

  it("is a Job on Kubernetes", async () => {
    const recording = await stackOf({ platform: "kubernetes", app: APP });
    expect(inputsOf(recording, "kubernetes:batch/v1:Job", "apprun-migrate")).toMatchObject({
      spec: { activeDeadlineSeconds: 900, template: { spec: { containers: [{ args: ["migrate", "up"] }] } } },
    });
  });
});

describe("app.files", () => {
  it("are in the container, beside what the platform puts there", async () => {
    const files = filesOf(await stackOf({ app: APP }), "apprun");
    expect(files.get("/etc/shop/NOTICE")).toContain("Apache License");
    expect(files.has("/app/config/default.yaml")).toBe(true);
  });

  it("do not take the place of what app.config writes", () => {
    expect(messageOf({ app: { files: { "/app/config/default.yaml": "LICENSE" } } })).toEqual([
      "  apprun:app.files./app/config/default.yaml: got a file; allowed: other paths: app.config is written there; set app.config",
    ]);
  });
});
