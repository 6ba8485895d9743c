import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import { docker } from "./e2e.ts";

/** The host's address as containers see it; the engine only knows it while one is attached. */
export async function hostAddress(name: string): Promise<string> {
  await docker("run", "-d", "--name", name, "postgres:17-alpine", "sleep", "60");
  const address = (await docker("inspect", "--format", "{{.NetworkSettings.Gateway}}", name)).trim();
  await docker("rm", "-f", "-v", name);
  return address;
}

/** An authority and a certificate of it for one address. */
export class Authority {
  readonly certificate: string;
  readonly #directory: string;

  constructor(directory: string, name: string) {
    this.#directory = join(directory, name);
    mkdirSync(this.#directory, { recursive: true });
    this.#openssl(
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      "ca.key",
      "-out",
      "ca.crt",
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
    );
    this.certificate = readFileSync(join(this.#directory, "ca.crt"), "utf8");
  }

  /** Makes `server.crt` and `server.key` and returns their directory. */
  certify(address: string): string {
    writeFileSync(join(this.#directory, "names"), `subjectAltName=IP:${address}\n`);
    this.#openssl(
      "req",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      "server.key",
      "-out",
      "server.csr",
      "-subj",
      "/CN=server",
    );
    this.#openssl(
      "x509",
      "-req",
      "-in",
      "server.csr",
      "-CA",
      "ca.crt",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      "2",
      "-extfile",
      "names",
      "-out",
      "server.crt",
    );
    return this.#directory;
  }

  #openssl(...args: string[]): void {
    execFileSync("openssl", args, { cwd: this.#directory, stdio: "ignore" });
  }
}

/** Starts a container on the host's address with the files of a directory in /tls, which belong to `user`. */
async function start(
  name: string,
  image: string,
  tls: string | undefined,
  user: string,
  publish: string,
  env: readonly string[],
  command: string,
): Promise<void> {
  await docker("rm", "-f", "-v", name).catch(() => "");
  const script = `mkdir -p /own && cp -r /tls/. /own && chown -R ${user} /own && chmod 600 /own/*.key 2>/dev/null; ${command}`;
  await docker(
    "create",
    "--name",
    name,
    "-p",
    publish,
    ...env.flatMap((line) => ["-e", line]),
    "--user",
    "0",
    "--entrypoint",
    "sh",
    image,
    "-c",
    script,
  );
  if (tls !== undefined) await docker("cp", `${tls}/.`, `${name}:/tls`);
  await docker("start", name);
}

export interface ServerArgs {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly password: string;
}

/** A PostgreSQL with these parameters; encrypted with `tls`, the directory of its certificate. */
export async function startPostgres({
  name,
  address,
  port,
  password,
  image,
  tls,
  parameters,
}: ServerArgs & {
  readonly image: string;
  readonly tls?: string;
  readonly parameters: readonly string[];
}): Promise<void> {
  const ssl = tls === undefined ? [] : ["ssl=on", "ssl_cert_file=/own/server.crt", "ssl_key_file=/own/server.key"];
  const options = ["listen_addresses='*'", ...ssl, ...parameters].map((parameter) => `-c ${parameter}`).join(" ");
  await start(
    name,
    image,
    tls,
    "postgres",
    `${address}:${port}:5432`,
    [`POSTGRES_PASSWORD=${password}`],
    `exec docker-entrypoint.sh postgres ${options}`,
  );
  await vi.waitFor(() => docker("exec", name, "pg_isready", "-h", "127.0.0.1"), { timeout: 60_000, interval: 500 });
}

/** A Valkey with TLS only, and a user `apprun`. */
export async function startValkey({
  name,
  address,
  port,
  password,
  tls,
}: ServerArgs & { readonly tls: string }): Promise<void> {
  const options =
    "--port 0 --tls-port 6379 --tls-cert-file /own/server.crt --tls-key-file /own/server.key --tls-ca-cert-file /own/ca.crt --tls-auth-clients no";
  await start(
    name,
    "valkey/valkey:8-alpine",
    tls,
    "root",
    `${address}:${port}:6379`,
    [],
    `exec valkey-server ${options} --maxmemory-policy noeviction --user default off --user apprun on '>${password}' '~*' '&*' +@all`,
  );
}

export const MINIO = "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z";

/** A MinIO with TLS and an empty bucket. */
export async function startMinio({
  name,
  address,
  port,
  password,
  bucket,
  tls,
}: ServerArgs & { readonly bucket: string; readonly tls: string }): Promise<void> {
  const env = ["MINIO_ROOT_USER=apprun", `MINIO_ROOT_PASSWORD=${password}`];
  await start(
    name,
    MINIO,
    tls,
    "root",
    `${address}:${port}:9000`,
    env,
    "cd /own && mkdir -p certs && cp server.crt certs/public.crt && cp server.key certs/private.key && exec minio server --certs-dir /own/certs /data",
  );
  const make = [
    "exec",
    name,
    "curl",
    "-sfk",
    "-X",
    "PUT",
    "--aws-sigv4",
    "aws:amz:us-east-1:s3",
    "-u",
    `apprun:${password}`,
    `https://127.0.0.1:9000/${bucket}`,
  ];
  await vi.waitFor(() => docker(...make), { timeout: 60_000, interval: 500 });
}
