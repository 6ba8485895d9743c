/** Where a stack's Docker Engine is, as the settings name it: for the command line and for the engine's provider alike. */
export interface DockerAddress {
  /** Such as `unix:///var/run/docker.sock`. */
  readonly host: string;
  /** Directory with `ca.pem`, `cert.pem` and `key.pem`. `@default -` no TLS */
  readonly certPath?: string | undefined;
}

/** The parts of an address. */
export type AddressParts =
  | { readonly kind: "unix"; readonly path: string }
  | {
      readonly kind: "ssh";
      readonly user: string | undefined;
      /** A name, an address, or an alias of the user's ssh configuration. */
      readonly machine: string;
      readonly port: string | undefined;
      /** The socket on that machine. `@default -` the one that its own docker command uses */
      readonly socket: string | undefined;
    }
  | { readonly kind: "tcp"; readonly machine: string; readonly port: string };

/** What an address must look like, in words. */
export const ADDRESS_WORDS =
  "unix:///path/of/docker.sock, ssh://[user@]host[:port][/path/of/docker.sock] or tcp://host:port";

/**
 * What an address must look like. The path of a Unix socket is absolute and has
 * no variable, because nobody expands one. A host that began with a dash would be an option of ssh.
 */
export const ADDRESS_PATTERN =
  /^(?:unix:\/\/(\/[^\s$~]+)|ssh:\/\/(?:([^\s@:/-][^\s@:/]*)@)?(\[[\dA-Fa-f:.]+(?:%\w+)?\]|\w[\w.-]*)(?::(\d+))?(\/[\w./+@,-]*)?|tcp:\/\/(\[[\dA-Fa-f:]+\]|\w[\w.-]*):(\d+))$/;

/** The parts of an address, or nothing for a text that is none. */
export function addressParts(host: string): AddressParts | undefined {
  const match = ADDRESS_PATTERN.exec(host);
  if (match === null) return undefined;
  const [, path, user, machine, port, socket, server, serverPort] = match;
  if (path !== undefined) return { kind: "unix", path };
  if (machine !== undefined)
    return { kind: "ssh", user, machine: unbracketed(machine), port, socket: socket === "/" ? undefined : socket };
  return { kind: "tcp", machine: unbracketed(server ?? ""), port: serverPort ?? "" };
}

/** Whether nothing leaves this machine on the way to an address. */
export function isLoopbackMachine(machine: string): boolean {
  return machine === "localhost" || machine === "::1" || /^127(\.\d+){3}$/.test(machine);
}

function unbracketed(machine: string): string {
  return machine.replace(/^\[(.*)\]$/, "$1");
}
