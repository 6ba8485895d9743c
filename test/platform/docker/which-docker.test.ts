import { describe, expect, it } from "vitest";
import type { DockerAddress } from "../../../components/model/docker-address.ts";
import {
  DOCKER_VARIABLES,
  providerArgs,
  requireShielded,
  whichDocker,
  type ChosenContext,
  type DockerEnvironment,
} from "../../../components/platform/docker/which-docker.ts";
import { inputsOf, stackOf } from "../../support/record/stacks.ts";

const LOCAL = { host: "unix:///var/run/docker.sock" };
const SSH = { host: "ssh://deploy@vps" };
const TLS = { host: "tcp://vps:2376", certPath: "/etc/docker/tls" };
const COLIMA = { name: "colima", host: "unix:///home/me/.colima/docker.sock" };

describe("a stack talks to the Docker of its settings", () => {
  it.each<[string, DockerAddress, DockerEnvironment, ChosenContext | undefined, readonly string[]]>([
    ["nothing else is named", LOCAL, {}, undefined, []],
    ["the environment names the same", LOCAL, { DOCKER_HOST: LOCAL.host }, undefined, []],
    ["variables are empty", SSH, { DOCKER_HOST: "", DOCKER_CONTEXT: "", DOCKER_CERT_PATH: "" }, undefined, []],
    ["DOCKER_HOST names another", LOCAL, { DOCKER_HOST: "tcp://old:2375" }, undefined, ["DOCKER_HOST=tcp://old:2375"]],
    ["DOCKER_HOST names this machine's", SSH, { DOCKER_HOST: LOCAL.host }, undefined, [`DOCKER_HOST=${LOCAL.host}`]],
    ["DOCKER_CONTEXT is set", LOCAL, { DOCKER_CONTEXT: "prod" }, undefined, ["DOCKER_CONTEXT=prod"]],
    [
      "DOCKER_CONTEXT names Docker's default",
      SSH,
      { DOCKER_CONTEXT: "default" },
      undefined,
      ["DOCKER_CONTEXT=default"],
    ],
    ["a context was chosen", LOCAL, {}, COLIMA, [`Docker's context colima (${COLIMA.host})`]],
    ["a context with the same engine was chosen", { host: COLIMA.host }, {}, COLIMA, []],
    ["certificates are in the environment", LOCAL, { DOCKER_CERT_PATH: "/c" }, undefined, ["DOCKER_CERT_PATH=/c"]],
    ["the same certificates are in the environment", TLS, { DOCKER_CERT_PATH: TLS.certPath }, undefined, []],
    ["TLS is asked for", LOCAL, { DOCKER_TLS_VERIFY: "1" }, undefined, ["DOCKER_TLS_VERIFY"]],
    [
      "a key is in the environment, which is not shown",
      TLS,
      { DOCKER_CA_MATERIAL: "ca", DOCKER_CERT_MATERIAL: "cert", DOCKER_KEY_MATERIAL: "key" },
      undefined,
      ["DOCKER_CA_MATERIAL", "DOCKER_CERT_MATERIAL", "DOCKER_KEY_MATERIAL"],
    ],
    ["options of ssh are set", SSH, { DOCKER_SSH_OPTS: "-oProxyCommand=x" }, undefined, ["DOCKER_SSH_OPTS"]],
    [
      "all of it at once",
      LOCAL,
      { DOCKER_HOST: SSH.host, DOCKER_CONTEXT: "colima" },
      COLIMA,
      [`DOCKER_HOST=${SSH.host}`, "DOCKER_CONTEXT=colima", `Docker's context colima (${COLIMA.host})`],
    ],
  ])("where %s", (_, settings, environment, context, ignored) => {
    const which = whichDocker(settings, environment, context);
    expect(which.address).toEqual(settings);
    expect(which.ignored).toEqual(ignored);
  });
});

describe("under plain `pulumi up`", () => {
  it.each<[DockerAddress, string | undefined]>([
    [LOCAL, undefined],
    [TLS, "/etc/docker/tls"],
  ])("%j is let through where the provider reads nothing else", (address, path) => {
    const everything = Object.fromEntries(DOCKER_VARIABLES.map((name) => [name, "x"]));
    expect(() => {
      requireShielded(address, { ...everything, DOCKER_CERT_PATH: path });
    }).not.toThrow();
  });

  it("the one variable that the provider obeys whatever it is told is refused by name", () => {
    expect(() => {
      requireShielded(LOCAL, { DOCKER_CERT_PATH: "/certs" });
    }).toThrow(
      'DOCKER_CERT_PATH: got "/certs" in the environment; allowed: nothing, as in apprun:docker.certPath: the engine\'s provider reads it before the settings; unset it, or run npm run up, which does',
    );
  });
});

describe("the engine's provider is told everything that it would take from the environment", () => {
  const SHIELDED = { context: "", caMaterial: "", certMaterial: "", keyMaterial: "" };

  it.each<[DockerAddress, object]>([
    [LOCAL, { ...SHIELDED, ...LOCAL, certPath: "", sshOpts: [] }],
    [SSH, { ...SHIELDED, ...SSH, certPath: "", sshOpts: ["-oBatchMode=yes"] }],
    [TLS, { ...SHIELDED, ...TLS, sshOpts: [] }],
  ])("for %j", async (docker, expected) => {
    expect(providerArgs(docker)).toEqual(expected);
    const recorded = inputsOf<Record<string, unknown>>(await stackOf({ docker }), "pulumi:providers:docker", "docker");
    // The SDK hands a list to a provider as JSON.
    expect({ ...recorded, sshOpts: JSON.parse(String(recorded["sshOpts"])) as unknown }).toMatchObject(expected);
  });
});
