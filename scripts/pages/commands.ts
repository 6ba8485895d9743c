import type { Command, Option } from "commander";
import { EXIT, EXIT_MEANINGS } from "../../cli/kit/exit.ts";
import { commandLine } from "../../cli/main.ts";
import type { Page } from "./page.ts";

/** What a command that only looks has, all others on a stack have too. */
const shared = commandLine().commands.find((command) => command.name() === "status")?.options ?? [];

/** Every command, with its options, as the command line itself has them. */
export const commands: Page = {
  file: "docs/commands.md",
  content: () =>
    [
      "# Commands",
      "",
      "`npm run generate` writes this page from the command line itself. `npm run NAME -- OPTIONS` and `node cli/bin.mjs NAME OPTIONS` are the same; the second is the way to a command that has no script in `package.json`. Without `--stack` a command works on `dev`; others are `test`, `staging`, `prod` and `pr-<n>`.",
      "",
      "Every command that works on a stack takes these:",
      "",
      ...shared.map(line),
      "",
      ...commandLine()
        .commands.filter((command) => !isHidden(command))
        .flatMap((command) => page(command, command.name(), 2)),
      "## Exit codes",
      "",
      ...exitCodes(),
      "",
      "`exec` and `psql` end with the exit code of what they ran.",
      "",
    ].join("\n"),
};

function exitCodes(): readonly string[] {
  return Object.entries(EXIT_MEANINGS).map(([name, meaning]) => `- ${EXIT[name as keyof typeof EXIT]}: ${meaning}`);
}

function line({ flags, description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? "" : `: ${argChoices.map((each) => `\`${each}\``).join(", ")}`;
  const without = typeof defaultValue === "string" ? `; default \`${defaultValue}\`` : "";
  return `- \`${flags}\`: ${description}${choices}${without}`;
}

/** The library offers no public way to ask; its own help leaves these out. */
function isHidden(command: Command): boolean {
  return (command as unknown as { readonly _hidden?: boolean })._hidden === true;
}

function page(command: Command, name: string, level: number): readonly string[] {
  const args = command.registeredArguments.map((argument) => {
    const word = argument.name() + (argument.variadic ? "..." : "");
    return argument.required ? `<${word}>` : `[${word}]`;
  });
  const description = command.description();
  const options = command.options.filter(
    ({ hidden, flags }) => !hidden && !shared.some((each) => each.flags === flags),
  );
  return [
    `${"#".repeat(level)} ${name}`,
    "",
    `\`${[name, ...args].join(" ")}\`: ${description}.`,
    "",
    ...options.map(line),
    "",
    ...command.commands
      .filter((inner) => !isHidden(inner))
      .flatMap((inner) => page(inner, `${name} ${inner.name()}`, level + 1)),
  ];
}
