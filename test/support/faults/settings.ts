import type { Faults } from "./fault.ts";

/** Settings and surroundings that do not fit what runs. */
export function settingsFaults(stack: string, port: number, app: Record<string, unknown>): Faults {
  const name = (service: string) => `apprun-${stack}-${service}`;
  return {
    "another image than the model's": {
      settings: { images: { pins: { apprun: { tag: "1.1.0" } } } },
      finds: [
        `error containers: container ${name("apprun")}: its image is websoft9/apprun:1.0.0; the model says websoft9/apprun:1.1.0`,
      ],
    },
    "another environment than the model's": {
      settings: { app: { ...app, logLevel: "debug" } },
      finds: [
        `error containers: container ${name("apprun")}: its environment is another for LOG_LEVEL; the model says otherwise`,
      ],
    },
    "another port than the model's": {
      settings: { proxy: { port: 18_804 } },
      finds: [
        "error ports: 127.0.0.1:18804: nothing of this stack listens there; allowed: what the model names",
        `error ports: 127.0.0.1:${port}: a container of this stack listens there; allowed: 127.0.0.1:18804`,
        `error containers: container ${name("proxy")}: its list of ports on the host is 127.0.0.1:${port}->8000; the model says 127.0.0.1:18804->8000`,
        `error containers: container ${name("grafana")}: its environment is another for GF_SERVER_ROOT_URL; the model says otherwise`,
      ],
    },
    "bad settings": {
      settings: { app: { replicas: 99 } },
      finds: [
        `error settings: Pulumi.${stack}.yaml has 1 problem:\n  apprun:app.replicas: got 99; allowed: a whole number from 1 to 20; change it`,
      ],
    },
    "no engine, and no plugins": {
      env: { PATH: "/usr/bin:/bin", PULUMI_HOME: "/nonexistent", HOME: "/nonexistent" },
      finds: [
        /^error engine: missing a Pulumi CLI >=3\.258\.0 <4\.0\.0 \(/,
        /^warning engine: plugin docker 5\.2\.0 is not in \/nonexistent\/plugins; /,
        /^warning engine: plugin random 4\.21\.2 is not in \/nonexistent\/plugins; /,
      ],
    },
    "a domain that does not resolve": {
      settings: { domain: "nowhere.invalid" },
      finds: [
        `error containers: container ${name("grafana")}: its environment is another for GF_SERVER_ROOT_URL; the model says otherwise`,
        ...["", "api.", "auth.", "grafana.", "prometheus.", "alertmanager.", "temporal."].map(
          (host) => `error dns: host name ${host}nowhere.invalid does not resolve`,
        ),
      ],
    },
  };
}
