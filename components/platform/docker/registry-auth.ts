import { secret, type Output } from "@pulumi/pulumi";
import { HUB } from "../../model/images.ts";
import type { RegistryLogin } from "../../model/registry-login.ts";

/** The host that Docker Hub's images are pulled from, by which the provider looks up a login. */
const HUB_HOST = "registry-1.docker.io";

/** Logins as the provider takes them, secret as a whole: the state keeps what a provider is told. */
export function registryAuth(
  logins: readonly RegistryLogin[],
): Output<{ address: string; username: string; password: string }>[] {
  return logins.map(({ host, username, password }) =>
    secret(password).apply((value) => ({ address: host === HUB ? HUB_HOST : host, username, password: value })),
  );
}
