import { expect, it } from "vitest";
import { addressParts, type AddressParts } from "../../components/model/docker-address.ts";
import { dockerSshArguments } from "../../components/platform/docker/ssh-command.ts";

const ssh = (machine: string, more: object = {}) => ({
  kind: "ssh",
  user: undefined,
  machine,
  port: undefined,
  socket: undefined,
  ...more,
});

it.each<[string, object | undefined]>([
  ["unix:///var/run/docker.sock", { kind: "unix", path: "/var/run/docker.sock" }],
  ["unix://$HOME/.colima/docker.sock", undefined],
  ["unix://~/.docker/run/docker.sock", undefined],
  ["unix://docker.sock", undefined],
  ["ssh://vps", ssh("vps")],
  ["ssh://vps/", ssh("vps")],
  ["ssh://My_Alias", ssh("My_Alias")],
  ["ssh://deploy@vps.example.com:2222", ssh("vps.example.com", { user: "deploy", port: "2222" })],
  ["ssh://root@[2001:db8::1]", ssh("2001:db8::1", { user: "root" })],
  ["ssh://[fe80::1%eth0]:22", ssh("fe80::1%eth0", { port: "22" })],
  ["ssh://me@vps/run/user/1000/docker.sock", ssh("vps", { user: "me", socket: "/run/user/1000/docker.sock" })],
  ["ssh://me:secret@vps", undefined],
  ["ssh://-oProxyCommand=x", undefined],
  ["ssh://-l@vps", undefined],
  ["ssh://vps/run/$(id)", undefined],
  ["ssh://vps?x=1", undefined],
  ["ssh://", undefined],
  ["tcp://127.0.0.1:2375", { kind: "tcp", machine: "127.0.0.1", port: "2375" }],
  ["tcp://[::1]:2375", { kind: "tcp", machine: "::1", port: "2375" }],
  ["tcp://vps", undefined],
  ["http://vps:2375", undefined],
  ["localhost:2375", undefined],
])("%s has its parts, or is no address", (address, parts) => {
  expect(addressParts(address)).toEqual(parts);
});

it.each<[string, string]>([
  ["ssh://vps", "-- vps docker system dial-stdio"],
  ["ssh://deploy@[2001:db8::1]:2222", "-l deploy -p 2222 -- 2001:db8::1 docker system dial-stdio"],
  ["ssh://vps/run/user/1000/docker.sock", "-- vps docker --host=unix:///run/user/1000/docker.sock system dial-stdio"],
])("%s is reached by ssh without a question", (address, command) => {
  expect(dockerSshArguments(addressParts(address) as Extract<AddressParts, { kind: "ssh" }>).join(" ")).toBe(
    `-oBatchMode=yes -oConnectTimeout=30 -T ${command}`,
  );
});
