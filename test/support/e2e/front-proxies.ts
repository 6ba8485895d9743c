import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

// Proxies of an operator's own in front of a stack, with the configuration that docs/edge.md shows.

export type FrontProxy = "nginx" | "caddy" | "haproxy";

export interface FrontPlace {
  readonly directory: string;
  /** The stack's domain. */
  readonly host: string;
  /** Where browsers connect to. */
  readonly port: number;
  /** The stack's own port on the loopback. */
  readonly stackPort: number;
}

/** Whether this machine has the three programs. */
export function hasFrontProxies(): boolean {
  try {
    for (const [program, flag] of [
      ["nginx", "-v"],
      ["caddy", "version"],
      ["haproxy", "-v"],
      ["openssl", "version"],
    ] as const)
      execFileSync(program, [flag], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Makes a certificate for the domain and all below it, and returns it. */
export function certify({ directory, host }: FrontPlace): string {
  mkdirSync(directory, { recursive: true });
  const names = `subjectAltName=DNS:${host},DNS:*.${host}`;
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=front"];
  execFileSync("openssl", [...request, "-addext", names, "-keyout", "site.key", "-out", "site.crt"], {
    cwd: directory,
    stdio: "ignore",
  });
  const certificate = readFileSync(join(directory, "site.crt"), "utf8");
  writeFileSync(join(directory, "site.pem"), certificate + readFileSync(join(directory, "site.key"), "utf8"));
  return certificate;
}

/** Starts one with what the page shows, for these names and ports, and waits until it listens. */
export async function startFront(proxy: FrontProxy, place: FrontPlace): Promise<ChildProcess> {
  const { directory, port } = place;
  const [file, args] = COMMANDS[proxy](directory);
  writeFileSync(file, CONFIGURATIONS[proxy](place));
  const child = spawn(proxy, args, { cwd: directory, stdio: "inherit" });
  for (let tries = 0; tries < 100; tries += 1) {
    if (await listens(port)) return child;
    await sleep(100);
  }
  child.kill();
  throw new Error(`${proxy} does not listen on ${port}`);
}

/** Ends one and waits until its port is free. */
export async function stopFront(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await Promise.race([exited, sleep(5000).then(() => child.kill("SIGKILL"))]);
}

const COMMANDS: Readonly<Record<FrontProxy, (directory: string) => readonly [string, string[]]>> = {
  nginx: (directory) => [join(directory, "nginx.conf"), ["-p", directory, "-c", join(directory, "nginx.conf")]],
  caddy: (directory) => [
    join(directory, "Caddyfile"),
    ["run", "--config", join(directory, "Caddyfile"), "--adapter", "caddyfile"],
  ],
  haproxy: (directory) => [join(directory, "haproxy.cfg"), ["-db", "-f", join(directory, "haproxy.cfg")]],
};

const CONFIGURATIONS: Readonly<Record<FrontProxy, (place: FrontPlace) => string>> = {
  nginx(place) {
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${kind};`);
    return `daemon off;\npid nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${temporary.join("\n")}\n${shown("nginx", place)}}\n`;
  },
  caddy(place) {
    const { host, port, directory } = place;
    const names = `https://${host}:${port}, https://*.${host}:${port} {\n  tls ${directory}/site.crt ${directory}/site.key`;
    const site = shown("caddyfile", place).replace(`${host}, *.${host} {`, names);
    return `{\n  admin off\n  auto_https off\n  storage file_system ${directory}\n}\n${site}`;
  },
  haproxy: (place) => `defaults\n  timeout connect 5s\n  timeout client 1h\n${shown("haproxy", place)}`,
};

/** A block of the page, with this place's names and ports. */
function shown(language: string, { directory, host, port, stackPort }: FrontPlace): string {
  const page = readFileSync(new URL("../../../docs/edge.md", import.meta.url), "utf8");
  const block = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  if (block === undefined) throw new Error(`docs/edge.md shows no ${language}`);
  return block
    .replaceAll("/etc/ssl/example.com.pem", `${directory}/site.pem`)
    .replaceAll("/etc/ssl/example.com.key", `${directory}/site.key`)
    .replaceAll("example.com", host)
    .replaceAll(":8000", `:${stackPort}`)
    .replaceAll("listen 443", `listen ${port}`)
    .replaceAll(":443", `:${port}`);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}
