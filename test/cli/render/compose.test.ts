import { beforeAll, describe, expect, it } from "vitest";
import { record } from "../../../cli/kit/record.ts";
import { escaped } from "../../../cli/render/compose-text.ts";
import { composeProject, type Rendered } from "../../../cli/render/compose.ts";
import { settingsFromFile } from "../../../components/stack/stack-file.ts";
import { Stack } from "../../../components/stack/stack.ts";
import { stackOf } from "../../support/record/stacks.ts";

interface Service {
  readonly depends_on?: Record<string, { condition: string }>;
  readonly secrets?: { source: string; target: string; mode: number }[];
  readonly configs?: { target: string }[];
}

describe("the Compose project of a recorded stack", () => {
  let rendered: Rendered;
  let services: Record<string, Service>;

  beforeAll(async () => {
    const settings = settingsFromFile(".", "apprun", "dev");
    const { resources, result } = await record(settings.identity, () => new Stack(settings));
    rendered = composeProject("apprun-dev", resources, result.inventory);
    services = (rendered.compose as { services: Record<string, Service> }).services;
  });

  it("waits as the model does: for health, for the end of a job, and for who writes a volume", () => {
    expect(services["apprun-dev-kratos-migrate"]?.depends_on).toEqual({
      "apprun-dev-postgres-provision": { condition: "service_completed_successfully" },
    });
    expect(services["apprun-dev-postgres-provision"]?.depends_on).toEqual({
      "apprun-dev-postgres": { condition: "service_healthy" },
    });
    expect(services["apprun-dev-proxy"]?.depends_on).toEqual({
      "apprun-dev-proxy-operators": { condition: "service_completed_successfully" },
      "apprun-dev-proxy-routes": { condition: "service_completed_successfully" },
    });
  });

  it("refers to every secret file and holds no secret", () => {
    expect(JSON.stringify(rendered.compose)).not.toContain("__secret_");
    expect(services["apprun-dev-grafana"]?.secrets).toEqual([
      {
        source: expect.stringMatching(/^apprun-dev-grafana-grafana-admin-password-/) as string,
        target: "/run/secrets/grafana-admin-password",
        mode: 0o444,
      },
    ]);
    const referred = Object.values(services).flatMap(({ secrets = [] }) => secrets.map(({ source }) => source));
    expect(referred.sort()).toEqual(rendered.secrets.map(({ file }) => file).sort());
  });

  it("keeps everything that the recorded containers say", () => {
    expect(services["apprun-dev-postgres"]).toMatchObject({
      image: "postgres:17-alpine",
      cap_drop: ["ALL"],
      cap_add: ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID"],
      security_opt: ["no-new-privileges:true"],
      mem_limit: "512m",
      memswap_limit: "512m",
      networks: { "apprun-dev-data": { aliases: ["postgres"] } },
      restart: "unless-stopped",
      stop_grace_period: "120s",
    });
  });
});

it("lines go to the collector's UDP port, as the recorded containers say", async () => {
  const { resources, result } = await stackOf({ logs: { enabled: true } });
  const { services } = composeProject("apprun-dev", resources, result.inventory).compose as {
    services: Record<string, { ports?: string[]; logging: object }>;
  };
  expect(services["apprun-dev-alloy"]).toMatchObject({
    ports: ["127.0.0.1:8000:12201/udp"],
    logging: { driver: "json-file" },
  });
  expect(services["apprun-dev-apprun"]?.logging).toMatchObject({
    driver: "gelf",
    options: { "gelf-address": "udp://127.0.0.1:8000" },
  });
});

it("a dollar sign stands for itself, not for a variable of Compose", () => {
  expect(escaped('PGPASSWORD="$(cat /x)"')).toBe('PGPASSWORD="$$(cat /x)"');
});
