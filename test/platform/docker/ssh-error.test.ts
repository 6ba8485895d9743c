import { expect, it } from "vitest";
import { addressParts, type AddressParts } from "../../../components/model/docker-address.ts";
import { dockerSshError } from "../../../components/platform/docker/ssh-command.ts";

const ADDRESS = addressParts("ssh://deploy@vps:2222") as Extract<AddressParts, { kind: "ssh" }>;
const BY_HAND = "ssh -p 2222 deploy@vps docker version";

// The words of OpenSSH 9.2 and of Docker's command line 28.
it.each<[string, string, string]>([
  [
    "No ED25519 host key is known for [vps]:2222 and you have requested strict checking.\nHost key verification failed.\n",
    "its host key is not a known one",
    `compare the fingerprint that ssh shows, and accept it once by hand: ${BY_HAND}`,
  ],
  [
    "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.\n",
    "it shows another host key than the known one: another machine may answer in its place",
    `ask whoever runs it for the new key's fingerprint; only then replace the line in known_hosts and try: ${BY_HAND}`,
  ],
  [
    "deploy@vps: Permission denied (publickey).\n",
    "it refuses this user and these keys",
    `name the user in apprun:docker.host and see that the key is in the agent or in ~/.ssh: ${BY_HAND}`,
  ],
  [
    "failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: permission denied\n",
    "that user may not use Docker there",
    "add the user to the group docker on that machine, or name another in apprun:docker.host",
  ],
  [
    "failed to open the raw stream connection: dial unix /nope.sock: connect: no such file or directory\n",
    "no Docker Engine answers on that machine",
    "start it there, or name its socket: ssh://host/path/of/docker.sock in apprun:docker.host",
  ],
  [
    "bash: line 1: docker: command not found\n",
    "it has no docker program on that user's PATH",
    "install Docker's command line there",
  ],
  [
    "ssh: connect to host vps port 2222: Connection refused\n",
    "ssh: connect to host vps port 2222: Connection refused",
    `see what this says: ${BY_HAND}`,
  ],
  ["", "ssh ended without a word", `see what this says: ${BY_HAND}`],
])("what ssh says is told with what to do: %j", (said, reason, fix) => {
  const error = dockerSshError(ADDRESS, said);
  expect([error.message, error.fix]).toEqual([reason, fix]);
});
