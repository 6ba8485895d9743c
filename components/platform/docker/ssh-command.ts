import type { AddressParts } from "../../model/docker-address.ts";

type SshAddress = Extract<AddressParts, { kind: "ssh" }>;

/**
 * Arguments of the ssh program that carry one connection to the engine: the
 * same as the engine's provider and Docker's own command line use. What they
 * leave open, the user's configuration, agent, known hosts and jump hosts say.
 */
export function sshArguments({ user, machine, port, socket }: SshAddress): readonly string[] {
  return [
    // Without a terminal that answers, a question of ssh would wait for ever.
    "-oBatchMode=yes",
    "-oConnectTimeout=30",
    "-T",
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", port]),
    "--",
    machine,
    "docker",
    ...(socket === undefined ? [] : [`--host=unix://${socket}`]),
    "system",
    "dial-stdio",
  ];
}

/** Why a connection over ssh failed, and what to do about it. */
export class SshError extends Error {
  readonly fix: string;

  constructor(reason: string, fix: string) {
    super(reason);
    this.fix = fix;
  }
}

/** What ssh and the program that it runs there say, in the order in which they are looked for. */
const CAUSES: readonly (readonly [says: RegExp, reason: string, fix: (by: string) => string])[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    "it shows another host key than the known one: another machine may answer in its place",
    (by) =>
      `ask whoever runs it for the new key's fingerprint; only then replace the line in known_hosts and try: ${by}`,
  ],
  [
    /Host key verification failed/,
    "its host key is not a known one",
    (by) => `compare the fingerprint that ssh shows, and accept it once by hand: ${by}`,
  ],
  [
    /Permission denied \(/,
    "it refuses this user and these keys",
    (by) => `name the user in apprun:docker.host and see that the key is in the agent or in ~/.ssh: ${by}`,
  ],
  [
    /permission denied while trying to connect to the Docker|dial unix \S+: connect: permission denied/i,
    "that user may not use Docker there",
    () => "add the user to the group docker on that machine, or name another in apprun:docker.host",
  ],
  [
    /docker: (command )?not found|No such file or directory.*docker/,
    "it has no docker program on that user's PATH",
    () => "install Docker's command line there",
  ],
  [
    /Cannot connect to the Docker daemon|dial unix \S+: connect: /i,
    "no Docker Engine answers on that machine",
    () => "start it there, or name its socket: ssh://host/path/of/docker.sock in apprun:docker.host",
  ],
];

/** What went wrong, from what was printed on standard error. */
export function sshError(address: SshAddress, output: string): SshError {
  const by = `ssh ${address.port === undefined ? "" : `-p ${address.port} `}${address.user === undefined ? "" : `${address.user}@`}${address.machine} docker version`;
  const cause = CAUSES.find(([says]) => says.test(output));
  if (cause !== undefined) return new SshError(cause[1], cause[2](by));
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return new SshError(lines.at(-1)?.trim() ?? "ssh ended without a word", `see what this says: ${by}`);
}
