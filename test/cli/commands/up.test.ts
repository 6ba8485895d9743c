import { describe, expect, it } from "vitest";
import { EXIT, type ExitCode } from "../../../cli/kit/exit.ts";
import { CliError } from "../../../cli/kit/exit.ts";
import {
  CHECKED,
  CONTAINER,
  GUARDED,
  IMAGE,
  NATS,
  PASSWORD,
  resource,
  run,
  SCHEDULE,
  type World,
  REPAIRED,
} from "../../support/fakes/up-world.ts";

describe("an update that goes well", () => {
  it("looks at the host first, repairs, applies, and asks the runtime for health", async () => {
    const { log, code, stdout, stderr } = await run();
    expect(log).toEqual([...REPAIRED, "up", "copy state", "observe"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^0 of \d+ ready · 0 s\nthe engine's own lines: \S+\/logs\/up-dev-\d{8}T\d{6}Z\.log\n$/);
    expect(stdout).toMatch(/^service +state +address +credentials\n/);
    expect(stdout).toMatch(/^postgres +healthy /m);
  });

  it("prints data where that is asked for", async () => {
    const { stdout } = await run({ options: { json: true } });
    expect(JSON.parse(stdout)).toMatchObject({
      stack: "dev",
      services: expect.arrayContaining([expect.objectContaining({ service: "postgres" })]) as unknown,
    });
  });

  it("replaces what is not healthy, and says so", async () => {
    const { log, stderr } = await run({
      state: { resources: [SCHEDULE, resource(CONTAINER, "grafana")] },
      broken: ["grafana"],
    });
    expect(log).toEqual([...REPAIRED, "up replace grafana", "copy state", "observe"]);
    expect(stderr).toMatch(/^replacing grafana: it is not healthy\n/);
  });

  it("forgets the operations of an update that was interrupted", async () => {
    const { log } = await run({ state: { resources: [], pending_operations: [{ resource: SCHEDULE }] } });
    expect(log).toEqual([
      ...GUARDED,
      "remove orphans",
      'import {"resources":[],"pending_operations":[]}',
      "observe",
      "up",
      "copy state",
      "observe",
    ]);
  });
});

describe("what is refused before anything is changed", () => {
  it.each<[string, World, string[], ExitCode, string]>([
    [
      "a policy that there is not",
      { settings: { policies: { accept: { nothing: "x" } } } },
      [],
      2,
      "Pulumi.dev.yaml: apprun:policies.accept: got",
    ],
    [
      "another place than the state's, before the host is looked at or the lock is made there",
      { known: true, fails: { "guard place": new CliError({ happened: "another engine answers", fix: "name it" }) } },
      ["require", "guard place"],
      1,
      "another engine answers",
    ],
    [
      "a host that cannot take the stack",
      { fails: { preflight: new CliError({ happened: "the host is small", fix: "take a larger one" }) } },
      ["preflight"],
      1,
      "the host is small",
    ],
    [
      "a restore that was interrupted",
      { restoring: "20261121T023000Z" },
      ["preflight"],
      1,
      "stack dev: the restore of set 20261121T023000Z was interrupted",
    ],
    [
      "versions that the data cannot go to",
      { state: { resources: [resource(IMAGE, "image-kratos", { inputs: { name: "oryd/kratos:v99.0.0" } })] } },
      CHECKED,
      2,
      "stack dev: versions that the data cannot go to",
    ],
    [
      "a generation that is gone",
      { state: { resources: [resource(PASSWORD, "cache-password-5")] } },
      CHECKED,
      2,
      "stack dev: generations of secrets that cannot be",
    ],
    [
      "data that the settings drop",
      { state: { resources: [NATS] } },
      CHECKED,
      1,
      "stack dev: the settings would drop what holds data or belongs to it: nats",
    ],
    [
      "a place that has other data",
      { fails: { guard: new CliError({ happened: "other volumes are there", fix: "bring back their state" }) } },
      [...CHECKED, "guard"],
      1,
      "other volumes are there",
    ],
    [
      "images that cannot be had, as the last of what is refused",
      { fails: { "prepare images": new CliError({ happened: "no such image", fix: "name another" }) } },
      GUARDED,
      1,
      "no such image",
    ],
    [
      "a name that is not the stack's",
      { state: { resources: [NATS] }, options: { forgetData: true, confirm: "prod" } },
      CHECKED,
      2,
      '--forget-data: got "prod"',
    ],
  ])("%s", async (_, world, did, exitCode, begins) => {
    const { log, code, message, stdout } = await run(world);
    expect({ log, code, stdout }).toEqual({ log: did, code: exitCode, stdout: "" });
    expect(message.startsWith(begins)).toBe(true);
  });
});

describe("an update that fails", () => {
  it("names what runs and is not as it should be, and leaves it", async () => {
    const error = new Error("the provider says no\nand repeats all of it");
    const { log, message, code, stdout, stderr, ...rest } = await run({
      throws: { up: error },
      states: { grafana: "unhealthy", kratos: "missing" },
    });
    expect(log).toEqual([...REPAIRED, "up", "observe", "copy state"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(message).toBe("the update failed: grafana is unhealthy; fix that, then run: npm run up");
    expect(stderr).toMatch(
      /\ngrafana \(container apprun-dev-grafana\) is unhealthy\n {2}its log says:\n {4}last words of apprun-dev-grafana\n$/,
    );
    expect(rest.error!.cause).toBe(error);
  });

  it("is one whose state is in no bucket: the services are shown first, and health says more", async () => {
    const copyFails = new CliError({ happened: "its state was not copied", fix: "fix the cause" });
    const healthy = await run({ copyFails });
    expect(healthy).toMatchObject({ code: 1, message: "its state was not copied; fix the cause" });
    expect(healthy.stdout).toMatch(/^postgres +healthy /m);
    expect((await run({ copyFails, states: { grafana: "exited (1)" } })).message).toContain("grafana is exited");
    const failed = await run({ copyFails, throws: { up: new Error("no") }, states: { grafana: "exited (1)" } });
    expect(failed.message).toContain("the update failed");
    expect(failed.stderr).toContain("its state was not copied; fix the cause\n");
  });

  it("says where the runtime does not answer either", async () => {
    let asked = 0;
    const gone = {
      get observe() {
        return (asked += 1) > 1 ? new Error("connection refused\nmore") : undefined;
      },
    };
    const { message, stderr } = await run({ throws: { up: new Error("no") }, fails: gone });
    expect(stderr).toMatch(/\nthe runtime does not answer: connection refused\n$/);
    expect(message).toBe("the update failed: no; fix that, then run: npm run up");
  });

  it("is one that leaves a service unhealthy: the table shows it, and the exit code says it", async () => {
    const { log, code, stdout, stderr, message } = await run({ states: { grafana: "exited (1)" } });
    expect(log).toEqual([...REPAIRED, "up", "copy state", "observe"]);
    expect(stdout).toMatch(/^grafana +exited \(1\)/m);
    expect(code).toBe(1);
    expect(message).toMatch(/^1 of \d+ are not healthy: grafana is exited \(1\); fix that, then run: npm run up$/);
    expect(stderr).toMatch(/\ngrafana \(container apprun-dev-grafana\) is exited \(1\)\n/);
  });
});

describe("where Docker or the engine is missing", () => {
  const missing = new CliError(
    { happened: "nothing was deployed: missing an engine", fix: "install it" },
    EXIT.noEngine,
  );

  it.each<[string, World, string[]]>([
    ["Docker", { fails: { preflight: missing } }, ["preflight"]],
    ["the engine", { throws: { "open stack": missing } }, ["preflight", "open stack"]],
  ])("%s, the plan is printed and the exit code is 3", async (_, world, did) => {
    const { log, code, stdout, message } = await run(world);
    expect({ log, code, message }).toEqual({
      log: did,
      code: 3,
      message: "nothing was deployed: missing an engine; install it",
    });
    expect(stdout).toMatch(/^Plan of stack dev: /);
  });

  it("nothing is printed for a program that reads the output", async () => {
    const { code, stdout } = await run({ fails: { preflight: missing }, options: { json: true } });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  });
});
