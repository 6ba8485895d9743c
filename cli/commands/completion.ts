import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { databaseRoles } from "../../components/stack/database-roles.ts";
import { importable } from "../backup/dump/importable.ts";
import { placeOf, type Shell, type Wanted } from "../kit/complete.ts";
import { print } from "../kit/output.ts";
import { loadProject, type Project } from "../kit/project.ts";
import { running } from "../kit/services.ts";

const BIN = fileURLToPath(new URL("../bin.mjs", import.meta.url));

/** Prints what a shell reads to complete the command line, and the command `apprun-infra` itself where there is none. */
export function completion(shell: Shell): void {
  print(script(shell, `${quoted(process.execPath)} ${quoted(BIN)}`));
}

/** The script of a shell: it asks the command line itself, so that it knows the stack's services. */
export function script(shell: Shell, program: string): string {
  const scripts: Record<Shell, readonly string[]> = {
    bash: [
      `command -v apprun-infra >/dev/null || apprun-infra() { ${program} "$@"; }`,
      "_apprun_infra() {",
      "  local IFS=$'\\n'",
      `  COMPREPLY=($(${program} complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1))`,
      "}",
      "complete -o default -F _apprun_infra apprun-infra",
    ],
    zsh: [
      `(( $+commands[apprun-infra] )) || apprun-infra() { ${program} "$@"; }`,
      "_apprun_infra() {",
      `  local -a found=("\${(@f)$(${program} complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")`,
      `  if [[ -n $found[1] ]]; then compadd -- "\${found[@]%%$'\\t'*}"; else _files; fi`,
      "}",
      "compdef _apprun_infra apprun-infra",
    ],
    fish: [
      `type -q apprun-infra; or function apprun-infra; ${program} $argv; end`,
      `function _apprun_infra; ${program} complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null; end`,
      "complete -c apprun-infra -f -a '(_apprun_infra)'",
    ],
  };
  return scripts[shell].join("\n");
}

function quoted(path: string): string {
  return `'${path}'`;
}

/** Prints the words that may come last, one a line; nothing where none is known: a shell must not show errors. */
export async function complete(program: Command, words: readonly string[]): Promise<void> {
  const { words: own, wanted, given } = placeOf(program, words);
  const current = words.at(-1) ?? "";
  const values = wanted === undefined ? [] : await valuesOf(wanted, given).catch(() => []);
  const all = [...own, ...values.map((value) => ({ value, description: "" }))];
  for (const { value, description } of all)
    if (value.startsWith(current)) print(description === "" ? value : `${value}\t${description}`);
}

async function valuesOf(
  { kind, name, command, choices }: Wanted,
  { "--stack": stack = "dev", "--cwd": cwd = "." }: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  if (choices.length > 0) return choices;
  if (name === "--stack" || (kind === "option" && name === "--from")) return stacksIn(cwd);
  const values = kind === "argument" ? (VALUES[`${command} ${name}`] ?? VALUES[name]) : VALUES[`${command} ${name}`];
  return values === undefined ? [] : values(await loadProject({ stack, cwd }));
}

/** Values by the name of an argument, and by that of its command where they differ. */
const VALUES: Readonly<Record<string, (project: Project) => readonly string[]>> = {
  service: ({ settings, recording }) =>
    running(recording.result.inventory.workloads, settings.platform).map(({ name }) => name),
  "logs service": ({ recording }) => recording.result.inventory.workloads.map(({ name }) => name),
  "credentials service": ({ recording }) => Object.keys(recording.result.credentials),
  page: ({ recording }) => Object.keys(recording.result.urls),
  database: ({ settings }) => databaseRoles(settings).flatMap(({ databases }) => databases),
  "import --database": ({ settings }) => importable(settings),
  "psql --role": ({ settings }) =>
    databaseRoles(settings)
      .filter(({ login = true }) => login)
      .map(({ role }) => role),
};

/** Stacks that have a file. */
function stacksIn(directory: string): readonly string[] {
  return readdirSync(directory).flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? []);
}
