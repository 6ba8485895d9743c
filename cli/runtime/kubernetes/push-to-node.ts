import { spawn } from "node:child_process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { registryParts } from "../../../components/model/images.ts";
import { addressParts } from "../../../components/model/docker-address.ts";
import { sshArguments, sshError, type SshAddress } from "../../../components/platform/docker/ssh-command.ts";
import { CliError, EXIT } from "../../kit/exit.ts";

const OPTION = "--node";
/** Reads what the API server knows each node by. */
const WHO = "cat /etc/machine-id";
/** Where the kubelet looks for images; `k3s ctr` speaks to the containerd that k3s brings. */
const AS_ROOT = [
  `as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }`,
  `if k3s=$(command -v k3s); then set -- "$k3s" ctr; else set -- "$(command -v ctr || echo ctr)"; fi`,
  `as_root "$@" --namespace k8s.io images`,
].join("; ");

/** What a pipe says whose reader has ended, before or after its end was noticed. */
const ENDED_BEFORE: readonly string[] = ["EPIPE", "ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_DESTROYED"];

/** A node, as ssh reaches it. */
export interface NodeAddress extends SshAddress {
  /** As it was given. */
  readonly text: string;
}

/** @throws CliError with exit code 2 for what is no such address */
export function nodeAddress(text: string): NodeAddress {
  const parts = addressParts(text);
  if (parts?.kind === "ssh" && parts.socket === undefined) return { ...parts, text };
  throw new CliError(
    { got: `${OPTION}: got ${JSON.stringify(text)}`, allowed: "ssh://[user@]host[:port]", fix: "change it" },
    EXIT.usage,
  );
}

/** The machine's own id, by which the cluster's API knows a node too. */
export async function machineId(node: NodeAddress): Promise<string> {
  return (await onNode(node, WHO)).trim();
}

/**
 * Hands an archive of `docker save` to a node's containerd, and looks whether it has the image then.
 * @throws CliError with what the node said
 */
export async function importOnNode(node: NodeAddress, reference: string, archive: Readable): Promise<void> {
  const name = fullReference(reference);
  await onNode(node, `${AS_ROOT} import -`, archive);
  const list = await onNode(node, `${AS_ROOT} list --quiet`);
  if (!list.split("\n").includes(name))
    throw new CliError({
      happened: `${node.text} took the archive and has no ${name} then`,
      fix: `see what this says: ssh there and run: ctr --namespace k8s.io images list`,
    });
}

/** A reference with what Docker leaves out of it, as containerd and the kubelet name an image. */
export function fullReference(reference: string): string {
  const { registry, repository } = registryParts(reference);
  return `${registry}/${repository}`;
}

/** Runs a script there; `input` is its standard input. Returns what it printed. */
async function onNode(node: NodeAddress, script: string, input: Readable = Readable.from([])): Promise<string> {
  // One word for whatever shell the user has there; the scripts have no single quote.
  const child = spawn("ssh", sshArguments(node, [`sh -c '${script}'`]), { stdio: ["pipe", "pipe", "pipe"] });
  let [printed, said] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  // A command that ends before it has read all says why on standard error; the broken pipe says nothing.
  const sent = pipeline(input, child.stdin).then(
    () => undefined,
    (error: unknown) => error as NodeJS.ErrnoException,
  );
  const [code, broken] = await Promise.all([ended, sent]);
  if (broken !== undefined && !ENDED_BEFORE.includes(broken.code ?? "")) throw broken;
  if (code === 0) return printed;
  const { message, fix } = sshError(node, said, { setting: OPTION, proof: WHO });
  const password = /^sudo: .*password/m.test(said);
  throw new CliError({
    happened: `${node.text}: ${message}`,
    fix: password ? "let that user run ctr with sudo without a password, or name root" : fix,
  });
}
