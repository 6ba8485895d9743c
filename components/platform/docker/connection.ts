import { readFileSync } from "node:fs";
import type { Agent } from "node:http";
import { join } from "node:path";
import { addressParts, type DockerAddress } from "../../model/docker-address.ts";
import { ModelError } from "../../model/errors.ts";
import { SshAgent } from "./ssh-connection.ts";

/** How HTTP requests reach an engine; every field is given, because what is missing a library takes from the environment. */
export interface Connection {
  readonly protocol: "http" | "https";
  readonly socketPath: string | undefined;
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly agent: Agent | undefined;
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
}

const NOTHING: Connection = {
  protocol: "http",
  socketPath: undefined,
  host: undefined,
  port: undefined,
  agent: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
};

/** One for each address: its connections are used again by whoever asks there. */
const agents = new Map<string, SshAgent>();

/**
 * How to reach the engine at an address.
 * @throws ModelError for what is no address, and for a certificate that cannot be read
 */
export function connectionTo({ host, certPath }: DockerAddress): Connection {
  const parts = addressParts(host);
  if (parts === undefined)
    throw new ModelError({
      got: `apprun:docker.host: got ${JSON.stringify(host)}`,
      allowed: "the address of a Docker Engine",
      fix: "change it",
    });
  switch (parts.kind) {
    case "unix":
      return { ...NOTHING, socketPath: parts.path };
    case "ssh": {
      const agent = agents.get(host) ?? new SshAgent(parts);
      agents.set(host, agent);
      // A name for the request's header; the process of the agent decides where it goes.
      return { ...NOTHING, host: "docker", agent };
    }
    case "tcp": {
      const plain = { ...NOTHING, host: parts.machine, port: parts.port };
      if (certPath === undefined || certPath === "") return plain;
      const read = (file: string) => pem(certPath, file);
      return { ...plain, protocol: "https", ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
    }
  }
}

function pem(directory: string, file: string): Buffer {
  const path = join(directory, file);
  try {
    return readFileSync(path);
  } catch {
    throw new ModelError({
      got: `apprun:docker.certPath: got ${directory}, in which ${file} cannot be read`,
      allowed: "a directory with ca.pem, cert.pem and key.pem",
      fix: "put the files there, or name another",
    });
  }
}
