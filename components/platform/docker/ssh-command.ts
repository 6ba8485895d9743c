import type { AddressParts } from "../../model/docker-address.ts";

export type SshAddress = Extract<AddressParts, { kind: "ssh" }>;

/**
 * Arguments of the ssh program that carry one connection to the engine: the
 * same as the engine's provider and Docker's own command line use.
 */
export function dockerSshArguments(address: SshAddress): readonly string[] {
  const { socket } = address;
  const engine = socket === undefined ? [] : [`--host=unix://${socket}`];
  return sshArguments(address, ["docker", ...engine, "system", "dial-stdio"]);
}

/**
 * Arguments of the ssh program that run a command. What they leave open, the
 * user's configuration, agent, known hosts and jump hosts say.
 */
export function sshArguments({ user, machine, port }: SshAddress, command: readonly string[]): readonly string[] {
  return [
    // Without a terminal that answers, a question of ssh would wait for ever.
    "-oBatchMode=yes",
    "-oConnectTimeout=30",
    "-T",
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", port]),
    "--",
    machine,
    ...command,
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

/** What names the machine and what tries it by hand, for the words of an error. */
interface SshPurpose {
  /** Where the address was given. */
  readonly setting: string;
  /** A command that shows whether it works. */
  readonly proof: string;
}

const DOCKER: SshPurpose = { setting: "apprun:docker.host", proof: "docker version" };

type Cause = readonly [says: RegExp, reason: string, fix: (by: string, setting: string) => string];

/** What ssh says before the command runs there, in the order in which it is looked for. */
const LOGIN_CAUSES: readonly Cause[] = [
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
    (by, setting) => `name the user in ${setting} and see that the key is in the agent or in ~/.ssh: ${by}`,
  ],
];

/** What Docker's program says that runs there. */
const DOCKER_CAUSES: readonly Cause[] = [
  [
    /permission denied while trying to connect to the Docker|dial unix \S+: connect: permission denied/i,
    "that user may not use Docker there",
    (_, setting) => `add the user to the group docker on that machine, or name another in ${setting}`,
  ],
  [
    /docker: (command )?not found|No such file or directory.*docker/,
    "it has no docker program on that user's PATH",
    () => "install Docker's command line there",
  ],
  [
    /Cannot connect to the Docker daemon|dial unix \S+: connect: /i,
    "no Docker Engine answers on that machine",
    (_, setting) => `start it there, or name its socket: ssh://host/path/of/docker.sock in ${setting}`,
  ],
];

/** What went wrong on the way to an engine, from what was printed on standard error. */
export function dockerSshError(address: SshAddress, output: string): SshError {
  return sshError(address, output, DOCKER, [...LOGIN_CAUSES, ...DOCKER_CAUSES]);
}

/** What went wrong with a command by ssh, from what was printed on standard error. */
export function sshError(
  { port, user, machine }: SshAddress,
  output: string,
  { setting, proof }: SshPurpose,
  causes: readonly Cause[] = LOGIN_CAUSES,
): SshError {
  const by = `ssh ${port === undefined ? "" : `-p ${port} `}${user === undefined ? "" : `${user}@`}${machine} ${proof}`;
  const cause = causes.find(([says]) => says.test(output));
  if (cause !== undefined) return new SshError(cause[1], cause[2](by, setting));
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return new SshError(lines.at(-1)?.trim() ?? "ssh ended without a word", `see what this says: ${by}`);
}
