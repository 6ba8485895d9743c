import { interpolate } from "@pulumi/pulumi";
import type { Volume } from "../../model/volume.ts";
import type { JobSpec } from "../../model/workload.ts";
import type { IngressSpec, OperatorsLogin } from "../ingress.ts";
import { OPERATORS } from "../traefik/middlewares.ts";
import { ROUTES_DIRECTORY, type ProxyArgs } from "./proxy.ts";

const GIVEN = "/run/secrets/operators";

/** The proxy reads the file when its name is new to it, and not again. */
const usersFile = ({ generation }: OperatorsLogin) => `${ROUTES_DIRECTORY}/operators-${generation}.htpasswd`;

/** Asks for the operators' password, and passes it on to nobody. */
export function operatorsMiddleware({ operators }: IngressSpec): Readonly<Record<string, object>> {
  if (operators === undefined) return {};
  return {
    [OPERATORS]: { basicAuth: { usersFile: usersFile(operators), realm: "operators", removeHeader: true } },
  };
}

/** The job that writes the hash beside the routes, for the proxy's user alone: in the routes themselves it would hide them from policies. */
export function operatorsJob({ image, resources }: ProxyArgs, operators: OperatorsLogin, volume: Volume): JobSpec {
  const file = usersFile(operators);
  return {
    image,
    entrypoint: ["sh", "-c"],
    args: [
      `cp ${GIVEN} ${file}.new && chmod 0400 ${file}.new && chown ${image.uid}:${image.gid} ${file}.new && mv ${file}.new ${file}`,
    ],
    secretFiles: [{ path: GIVEN, content: interpolate`${operators.username}:${operators.hash}\n` }],
    mounts: [{ volume, path: ROUTES_DIRECTORY }],
    resources,
    runAs: { uid: image.uid, gid: image.gid, entrypointStepsDown: true },
    zone: "edge",
  };
}
