import { isSecret, output, secret, type Output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { registryAuth } from "../../components/platform/docker/registry-auth.ts";
import type { KubernetesContext } from "../../components/platform/kubernetes/context.ts";
import { pullSecret } from "../../components/platform/kubernetes/pull-secret.ts";

const LOGINS = [{ host: "docker.io", username: "ci", password: secret("hunter2") }];
const CONTEXT = { identity: { project: "apprun", stack: "dev" }, namespace: "apprun-dev" } as KubernetesContext;

describe("a login of a registry", () => {
  it("is secret in all that the Docker provider is told, which the state keeps", async () => {
    // As the provider's own constructor does it.
    const told = output(registryAuth(LOGINS)).apply(JSON.stringify);
    expect(await isSecret(told)).toBe(true);
    expect(await new Promise((done) => told.apply(done))).toBe(
      '[{"address":"registry-1.docker.io","username":"ci","password":"hunter2"}]',
    );
  });

  it("is secret in the object of a cluster", async () => {
    const { stringData } = pullSecret(CONTEXT, LOGINS) as { stringData: Record<string, Output<string>> };
    const config = stringData[".dockerconfigjson"];
    expect(config === undefined ? false : await isSecret(config)).toBe(true);
  });
});
