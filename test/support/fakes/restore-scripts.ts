import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SCRIPTS = fileURLToPath(new URL("../../../components/services/backup/scripts/", import.meta.url));

/** Understands the statements of restore.sh; a database is a file that says whose data it holds. */
const PSQL = `#!/bin/sh
name= ; for word; do case "$word" in name=*) name=\${word#name=} ;; esac; done
cd "$DATABASES" && while read -r line; do
  case "$line" in
    *"SELECT count(*) FROM pg_database"*) [ -e "$name" ] && echo 1 || echo 0 ;;
    'DROP DATABASE "'*) file=\${line#*\\"}; rm "\${file%%\\"*}" ;;
    *'" RENAME TO "'*) from=\${line#*\\"}; to=\${line%\\"*}; mv -n "\${from%%\\"*}" "\${to##*\\"}" ;;
  esac
done
`;

/** The scripts of a restore over a directory, and a server that is one. */
export class RestoreScripts {
  readonly root = mkdtempSync(join(tmpdir(), "restore-"));

  constructor(databases: Readonly<Record<string, string>>, mark?: string) {
    for (const folder of ["databases", "sources", "state", "bin", "scripts"]) mkdirSync(this.path(folder));
    cpSync(SCRIPTS, this.path("scripts"), { recursive: true });
    for (const name of readdirSync(this.path("scripts"))) {
      const text = readFileSync(this.path(`scripts/${name}`), "utf8")
        .replaceAll("/backup/state", this.path("state"))
        .replaceAll("SOURCES=/sources", `SOURCES=${this.path("sources")}`)
        .replaceAll("/run/secrets/", `${this.root}/`);
      writeFileSync(this.path(`scripts/${name}`), text);
    }
    writeFileSync(this.path("admin-password"), "secret");
    writeFileSync(this.path("bin/psql"), PSQL, { mode: 0o755 });
    writeFileSync(this.path("bin/pg_isready"), "#!/bin/sh\n", { mode: 0o755 });
    for (const [name, content] of Object.entries(databases)) writeFileSync(this.path(`databases/${name}`), content);
    if (mark !== undefined) writeFileSync(this.path("state/swap"), mark);
  }

  path(name: string): string {
    return join(this.root, name);
  }

  /** A file of the app's volume. */
  file(name: string, content: string): this {
    const path = this.path(`sources/files/${name}`);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, content);
    return this;
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}, script = "restore.sh") {
    const { status, stderr } = spawnSync("bash", [this.path(`scripts/${script}`), ...args], {
      encoding: "utf8",
      env: {
        PATH: `${this.path("bin")}:${process.env["PATH"] ?? ""}`,
        DATABASES: this.path("databases"),
        BACKUP_STACK: "apprun/dev",
        BACKUP_DATABASES: "app kratos",
        BACKUP_TREES: existsSync(this.path("sources/files")) ? "files" : "",
        BACKUP_ADMIN: "postgres",
        BACKUP_WORK: this.path("work"),
        ...env,
      },
    });
    return { code: status, stderr };
  }

  /** Whose data each database holds. */
  databases(): Record<string, string> {
    return contents(this.path("databases"));
  }

  files(): Record<string, string> {
    return contents(this.path("sources/files"));
  }

  write(name: string, content: string): void {
    writeFileSync(this.path(`state/${name}`), content);
  }

  /** What a file of the state says. */
  state(name: string): string | undefined {
    return existsSync(this.path(`state/${name}`)) ? readFileSync(this.path(`state/${name}`), "utf8") : undefined;
  }
}

function contents(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, readFileSync(join(directory, name), "utf8")]),
  );
}
