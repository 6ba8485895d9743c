import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { changedContainers, containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { listeningSockets } from "../../cli/runtime/docker/sockets.ts";
import { plannedSecrets, whereSecretsCouldBe } from "../support/e2e/inspect.ts";
import { getAsOperator } from "../support/e2e/operators.ts";

const STACK = "pr-901";
const PORT = 10_901;
const HOST = `${STACK}.localhost`;
const name = (service: string) => `apprun-${STACK}-${service}`;
const project = new TestProject(STACK, SMALL);
const items = async () => (JSON.parse((await get(PORT, HOST, "/api/items")).body) as { count: number }).count;

/** The outcome of an update that changed nothing. */
const NOTHING_CHANGED = /Resources:\s+\d+ unchanged/;

describe("a stack on a real Docker Engine", () => {
  beforeAll(() => wipe(STACK));
  afterAll(() => wipe(STACK));

  it("comes up from nothing, healthy, and answers through the proxy", async () => {
    const { code, stdout, stderr } = await project.cli(["up", "--json"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
    const { services } = JSON.parse(stdout) as { services: { service: string; state: string }[] };
    expect(Object.fromEntries(services.map(({ service, state }) => [service, state]))).toEqual({
      proxy: "healthy",
      postgres: "healthy",
      cache: "healthy",
      kratos: "healthy",
      temporal: "healthy",
      "temporal-ui": "healthy",
      apprun: "healthy",
      "postgres-exporter": "healthy",
      "cache-exporter": "healthy",
      "host-exporter": "healthy",
      alertmanager: "healthy",
      grafana: "healthy",
      prometheus: "healthy",
    });
    expect((await get(PORT, HOST, "/health")).status).toBe(200);
    expect(await get(PORT, HOST, "/ready")).toMatchObject({
      status: 200,
      body: expect.stringContaining('"temporal":"ok"') as string,
    });
    expect((await get(PORT, `auth.${HOST}`, "/health/ready")).status).toBe(200);
    expect((await get(PORT, `grafana.${HOST}`, "/api/health")).status).toBe(200);
    const temporal = await getAsOperator(project, PORT, `temporal.${HOST}`, "/api/v1/namespaces/apprun");
    expect(temporal.status).toBe(200);
    expect((await get(PORT, "nobody.example.com", "/")).status).toBe(404);
  });

  it("has databases that sort alike under every C library", async () => {
    const sql = "select distinct datlocprovider, datlocale from pg_database";
    expect(await docker("exec", name("postgres"), "psql", "-XAtq", "-U", "postgres", "-c", sql)).toBe("b|C.UTF-8\n");
  });

  it("carries a WebSocket through the proxy", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${PORT}/ws`, { headers: { Host: HOST } });
    await once(socket, "open");
    socket.send("hello");
    const [echo] = (await once(socket, "message")) as [Buffer];
    socket.close();
    expect(echo.toString()).toBe("hello");
  });

  it("has every scrape target up", async () => {
    await expect
      .poll(
        async () => {
          const { body } = await getAsOperator(project, PORT, `prometheus.${HOST}`, "/api/v1/targets");
          const { data } = JSON.parse(body) as {
            data: { activeTargets: { labels: { job: string }; health: string }[] };
          };
          return Object.fromEntries(data.activeTargets.map(({ labels, health }) => [labels.job, health]));
        },
        { timeout: 60_000, interval: 1000 },
      )
      .toEqual({
        alertmanager: "up",
        apprun: "up",
        "cache-exporter": "up",
        grafana: "up",
        "host-exporter": "up",
        kratos: "up",
        "postgres-exporter": "up",
        prometheus: "up",
        proxy: "up",
        temporal: "up",
      });
  });

  it("changes nothing in a second up, with a refresh, and in a preview by hand", async () => {
    const before = await containers(STACK);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(NOTHING_CHANGED);
    expect(changedContainers(before, await containers(STACK))).toEqual([]);
    const preview = await project.pulumi(["preview", "--refresh", "--expect-no-changes", "--diff"]);
    expect(preview.code, preview.stdout).toBe(0);
    project.output += preview.stdout + preview.stderr;
  });

  it("listens on the host only where the model says so", async () => {
    const published = (
      await docker("ps", "--filter", `label=io.apprun.stack=apprun/${STACK}`, "--format", "{{.Ports}}")
    )
      .split(/[\n,]\s*/)
      .filter((entry) => entry.includes("->"));
    expect(published).toEqual([`127.0.0.1:${PORT}->8000/tcp`]);
    expect(listeningSockets().filter(({ port }) => port === PORT)).toEqual([
      { transport: "tcp", address: "127.0.0.1", port: PORT },
    ]);
    const dataPorts = [5432, 6379, 4433, 4434, 7233, 8080, 9090, 3000];
    expect(listeningSockets().filter(({ transport, port }) => transport === "tcp" && dataPorts.includes(port))).toEqual(
      [],
    );
  });

  it("keeps a row through another app image and a restart of every container", async () => {
    expect((await get(PORT, HOST, "/api/items", { method: "POST", body: "first" })).status).toBe(201);
    const before = await containers(STACK);
    project.configure({ ...SMALL, images: { pins: { apprun: { tag: "1.1.0" } } } });
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(changedContainers(before, await containers(STACK))).toEqual([name("apprun")]);
    expect((await get(PORT, HOST, "/version")).body.trim()).toBe("1.1.0");
    await docker(
      "restart",
      ...Object.keys(await containers(STACK)).filter(
        (container) => !/-(provision|migrate|schema|namespace|routes|role)$/.test(container),
      ),
    );
    await expect.poll(async () => (await project.cli(["status"])).code, { timeout: 90_000, interval: 2000 }).toBe(0);
    expect(await items()).toBe(1);
  });

  it("restarts exactly the consumer of a changed configuration file", async () => {
    const before = await containers(STACK);
    project.configure({
      ...SMALL,
      images: { pins: { apprun: { tag: "1.1.0" } } },
      app: { ...SMALL.app, config: { feature: { enabled: true } } },
    });
    expect((await project.cli(["up"])).code).toBe(0);
    expect(changedContainers(before, await containers(STACK))).toEqual([name("apprun")]);
    expect(await docker("exec", name("apprun"), "cat", "/app/config/default.yaml")).toBe("feature:\n  enabled: true\n");
  });

  it("leaves the proxy alone when routes change", async () => {
    const before = await containers(STACK);
    project.configure({
      ...SMALL,
      images: { pins: { apprun: { tag: "1.1.0" } } },
      app: { ...SMALL.app, balancing: "least-loaded" },
    });
    expect((await project.cli(["up"])).code).toBe(0);
    const changed = changedContainers(before, await containers(STACK));
    expect(changed).toContain(name("proxy-routes"));
    expect(changed).not.toContain(name("proxy"));
    expect((await get(PORT, HOST, "/health")).status).toBe(200);
  });

  it("fails with the name and the log of an app that never gets healthy, and is healed by a good image", async () => {
    const before = await containers(STACK);
    project.configure({ ...SMALL, images: { pins: { apprun: { tag: "broken" } } } });
    const start = Date.now();
    const { code, stderr } = await project.cli(["up"]);
    expect(code).toBe(1);
    expect(Date.now() - start).toBeLessThan(90_000);
    expect(stderr).toContain(`apprun (container ${name("apprun")}) is`);
    expect(stderr).toContain('"msg":"listening"');
    const changed = changedContainers(before, await containers(STACK));
    expect(changed.filter((container) => container !== name("proxy-routes"))).toEqual([name("apprun")]);
    expect(
      await docker(
        "exec",
        name("postgres"),
        "psql",
        "-U",
        "postgres",
        "-h",
        "/var/run/postgresql",
        "-d",
        "apprun",
        "-tAc",
        "select count(*) from items",
      ),
    ).toBe("1\n");

    const again = await project.cli(["up"]);
    expect(again.code, "a broken image stays a failure").toBe(1);

    project.configure(SMALL);
    const healed = await project.cli(["up"]);
    expect(healed.code, healed.stderr).toBe(0);
    expect(await items()).toBe(1);
  });

  it("repairs killed and removed containers", async () => {
    await docker("kill", name("kratos"));
    await docker("rm", "-f", name("temporal-ui"));
    expect((await project.cli(["status"])).code).toBe(1);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
  });

  it("shows no secret in inspect, logs, output, state or rendered files", async () => {
    expect((await project.cli(["render", "--out", join(project.directory, "rendered")])).code).toBe(0);
    const planned = await plannedSecrets(project);
    const { secrets, places } = await whereSecretsCouldBe(project, STACK);
    expect(Object.keys(secrets).sort()).toEqual(planned);
    for (const [place, text] of Object.entries(places)) {
      expect(text.length, place).toBeGreaterThan(0);
      for (const [secret, value] of Object.entries(secrets))
        expect(text.includes(value), `${secret} in ${place}`).toBe(false);
    }
  });

  it("leaves no container and no network after destroy, keeps the data, and finds it again", async () => {
    const { code, stderr } = await project.cli(["destroy"]);
    expect(code, stderr).toBe(0);
    expect(await containers(STACK)).toEqual({});
    expect(await docker("network", "ls", "-q", "--filter", `label=io.apprun.stack=apprun/${STACK}`)).toBe("");
    const volumes = (await docker("volume", "ls", "-q", "--filter", `label=io.apprun.stack=apprun/${STACK}`))
      .trim()
      .split("\n")
      .sort();
    expect(volumes).toEqual(["apprun-storage", "cache", "grafana", "postgres-17", "prometheus"].map(name));
    const up = await project.cli(["up"]);
    expect(up.code, up.stderr).toBe(0);
    expect(await items()).toBe(1);
  });

  it("removes data only for who types the stack's name", async () => {
    const refused = await project.cli(["destroy", "--remove-data", "--confirm", "dev"]);
    expect(refused).toMatchObject({
      code: 2,
      stderr: `--remove-data: got "dev"; allowed: "${STACK}", the stack's name; nothing was changed; name the stack\n`,
    });
    expect(await items()).toBe(1);
    const { code, stderr } = await project.cli(["destroy", "--remove-data", "--confirm", STACK]);
    expect(code, stderr).toBe(0);
    expect(await docker("volume", "ls", "-q", "--filter", `label=io.apprun.stack=apprun/${STACK}`)).toBe("");
  });
});
