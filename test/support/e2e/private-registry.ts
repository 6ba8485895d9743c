import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { docker } from "./e2e.ts";
import { referenceOf } from "./own-apps.ts";

export const REGISTRY_IMAGE = "registry:3";
/** The password below by bcrypt, which is all that the registry takes. */
const HTPASSWD = "ci:$2b$12$bULtxdUDzDDXfN.wXFVlg.SyqXy2wvxyccg04tWcDqYnf8Nzy3beu";
/** All that the registry is told: its image's own file is elsewhere in each version. */
const CONFIGURATION = JSON.stringify({
  version: "0.1",
  storage: { filesystem: { rootdirectory: "/var/lib/registry" } },
  http: { addr: ":5000" },
  auth: { htpasswd: { realm: "e2e", path: "/tmp/htpasswd" } },
});

/** A registry with a password on this machine's loopback, where Docker and containerd take one without TLS. */
export class PrivateRegistry {
  readonly user = "ci";
  readonly password = "correct-horse-battery";
  readonly host: string;
  readonly #container: string;

  constructor(container: string, port: number) {
    this.#container = container;
    this.host = `127.0.0.1:${port}`;
  }

  /** An image under a name of this registry, as settings have it; the app's stand-in unless told otherwise. */
  image(repository: string, tag: string, facts: object = { uid: 10001, gid: 10001, probeTool: "curl" }) {
    return { registry: this.host, repository, tag, ...facts };
  }

  /** `apprun:registries`, whose password is a secret of this name. */
  setting(secret: string) {
    return { [this.host]: { username: this.user, password: { secret } } };
  }

  async start(): Promise<void> {
    await docker("rm", "-f", this.#container).catch(() => "");
    await docker(
      ...["create", "--name", this.#container, "-p", `${this.host}:5000`],
      ...["-e", `HTPASSWD=${HTPASSWD}`, "-e", `CONFIGURATION=${CONFIGURATION}`],
      ...["--entrypoint", "sh", REGISTRY_IMAGE, "-c"],
      'echo "$HTPASSWD" >/tmp/htpasswd; echo "$CONFIGURATION" >/tmp/config.yml; exec registry serve /tmp/config.yml',
    );
    await docker("start", this.#container);
  }

  /** Gives the registry an image that the engine has, and takes the new name off the engine. */
  async push(source: string, image: ReturnType<PrivateRegistry["image"]>): Promise<void> {
    const config = ["--config", mkdtempSync(join(tmpdir(), "apprun-"))];
    await docker("tag", source, referenceOf(image));
    const { user, password, host } = this;
    await vi.waitFor(
      async () => {
        expect(await docker(...config, "login", "-u", user, "-p", password, host)).toContain("Login Succeeded");
      },
      { timeout: 20_000 },
    );
    await docker(...config, "push", referenceOf(image));
    await docker("rmi", referenceOf(image));
  }

  async stop(image: ReturnType<PrivateRegistry["image"]>): Promise<void> {
    await docker("rm", "-f", "-v", this.#container);
    await docker("rmi", referenceOf(image)).catch(() => "");
  }
}
