import { expect } from "vitest";
import { docker } from "../e2e/e2e.ts";
import type { Faults } from "./fault.ts";

/** Containers otherwise than the model says. */
export function containerFaults(stack: string): Faults {
  const name = (service: string) => `apprun-${stack}-${service}`;
  const LABEL = `io.apprun.stack=apprun/${stack}`;
  const stray = (...args: string[]) =>
    docker("create", "--name", name("stray"), "--label", LABEL, ...args, "postgres:17-alpine");
  const withoutStray = () => docker("rm", "-f", name("stray"));
  const STRAY = `warning containers: container ${name("stray")} carries the stack's label and is not in the model`;
  const healthy = (service: string) =>
    expect
      .poll(async () => (await docker("inspect", "--format", "{{.State.Health.Status}}", name(service))).trim(), {
        timeout: 60_000,
        interval: 500,
      })
      .toBe("healthy");
  return {
    "a service that was stopped": {
      plant: () => docker("stop", name("grafana")),
      undo: async () => {
        await docker("start", name("grafana"));
        await healthy("grafana");
      },
      finds: [new RegExp(`^error containers: grafana: container ${name("grafana")} is exited \\(\\d+\\)$`)],
    },
    "a service that was paused": {
      plant: () => docker("pause", name("temporal-ui")),
      undo: async () => {
        await docker("unpause", name("temporal-ui"));
        await healthy("temporal-ui");
      },
      finds: [`error containers: container ${name("temporal-ui")} is paused`],
    },
    "a container that is gone, and one that nobody asked for": {
      plant: () => docker("rename", name("temporal-ui"), name("stray")),
      undo: () => docker("rename", name("stray"), name("temporal-ui")),
      finds: [`error containers: temporal-ui: container ${name("temporal-ui")} is missing`, STRAY],
    },
    "a limit that was changed by hand": {
      plant: () => docker("update", "--memory", "100m", "--memory-swap", "100m", name("apprun")),
      undo: () => docker("update", "--memory", "128m", "--memory-swap", "128m", name("apprun")),
      finds: [`error containers: container ${name("apprun")}: its memory limit is 100Mi; the model says 128Mi`],
    },
    "a restart policy that was changed by hand": {
      plant: () => docker("update", "--restart", "no", name("kratos")),
      undo: () => docker("update", "--restart", "unless-stopped", name("kratos")),
      finds: [`error containers: container ${name("kratos")}: its restart policy is no; the model says unless-stopped`],
    },
    "a network that was taken away": {
      plant: () => docker("network", "disconnect", name("backend"), name("grafana")),
      undo: () => docker("network", "connect", "--alias", "grafana", name("backend"), name("grafana")),
      finds: [
        `error containers: container ${name("grafana")}: its list of networks is empty; the model says ${name("backend")}`,
      ],
    },
    "a default secret in an environment": {
      plant: () => stray("--env", "POSTGRES_PASSWORD=password"),
      undo: withoutStray,
      finds: [
        STRAY,
        `error policies: secret-strength: container "${name("stray")}": got for POSTGRES_PASSWORD a default that everybody knows; allowed: generated secrets of 16 characters or more`,
        `error policies: secret-not-in-env: container "${name("stray")}": got a secret in POSTGRES_PASSWORD; allowed: a file below /run/secrets, or a reference to a Kubernetes Secret`,
      ],
    },
    "a database on a public port": {
      plant: () => stray("--publish", "18432:5432"),
      undo: withoutStray,
      finds: [
        STRAY,
        `error policies: no-public-data-port: container "${name("stray")}": got PostgreSQL on 0.0.0.0:18432; allowed: 127.0.0.1, or no port at all`,
        `error policies: only-proxy-public: container "${name("stray")}": got a public port, 0.0.0.0:18432; allowed: the service "proxy"`,
      ],
    },
    "a privileged container with the Docker socket": {
      plant: () => stray("--privileged", "--volume", "/var/run/docker.sock:/var/run/docker.sock"),
      undo: withoutStray,
      finds: [
        STRAY,
        `error policies: no-privileged: container "${name("stray")}": got privileged; allowed: containers without it`,
        `error policies: no-host-paths: container "${name("stray")}": got the Docker socket /var/run/docker.sock; allowed: named volumes and uploaded files`,
      ],
    },
  };
}
