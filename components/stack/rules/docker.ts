import { addressParts, isLoopbackMachine } from "../../model/docker-address.ts";
import { problem, type Rule } from "../../settings/kit/rule.ts";
import type { Settings } from "../settings.ts";

/** Who reads the connection to the engine reads every secret of the stack; who may write to it is root on that host. */
export const dockerRules: readonly Rule<Settings>[] = [
  ({ docker }) => {
    const parts = addressParts(docker.host);
    return parts?.kind === "tcp" && docker.certPath === undefined && !isLoopbackMachine(parts.machine)
      ? problem(
          "docker.certPath",
          "nothing",
          "the directory with ca.pem, cert.pem and key.pem, with tcp:// to another machine",
          "set it, or use ssh:// in apprun:docker.host",
        )
      : undefined;
  },
  ({ docker }) =>
    docker.certPath !== undefined && addressParts(docker.host)?.kind !== "tcp"
      ? problem(
          "docker.certPath",
          JSON.stringify(docker.certPath),
          "nothing with another address than tcp:// in apprun:docker.host",
          "remove it, or set apprun:docker.host",
        )
      : undefined,
];
