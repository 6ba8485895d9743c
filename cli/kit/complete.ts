import type { Argument, Command, Option } from "commander";

/** Shells whose completion is known. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A word that may come next, with what it means. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What is being written: the option or the argument whose value comes next, and what came before. */
export interface Wanted {
  readonly kind: "option" | "argument";
  /** Such as `--stack`, or `service`. */
  readonly name: string;
  /** The command that it belongs to, such as `logs`. */
  readonly command: string;
  readonly choices: readonly string[];
}

/** A place in a command line, as the tree of commands sees it. */
export interface Place {
  /** Commands and options that may come next. */
  readonly words: readonly Candidate[];
  /** The value that may come next. `@default -` none */
  readonly wanted?: Wanted;
  /** Values of options so far, by their long name. */
  readonly given: Readonly<Record<string, string>>;
}

/** Where the last of these words stands; it is not finished, and may be empty. */
export function placeOf(program: Command, words: readonly string[]): Place {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  const given: Record<string, string> = {};
  let command = program;
  let operands = 0;
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] ?? "";
    if (word === "--") return { words: [], given };
    const option = optionOf(command, word);
    if (option !== undefined && takesValue(option)) {
      at += 1;
      if (at === before.length) return { words: [], wanted: ofOption(command, option), given };
      given[option.long ?? word] = before[at] ?? "";
    } else if (!word.startsWith("-")) {
      const next = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
      if (next === undefined) operands += 1;
      command = next ?? command;
    }
  }
  if (current.startsWith("-")) return { words: optionsOf(command), given };
  const argument = command.registeredArguments[operands];
  return {
    words: operands > 0 ? [] : commandsOf(command),
    ...(argument !== undefined && { wanted: ofArgument(command, argument) }),
    given,
  };
}

function optionOf(command: Command, word: string): Option | undefined {
  return command.options.find(({ long, short }) => word === long || word === short);
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

function ofOption(command: Command, { long, argChoices = [] }: Option): Wanted {
  return { kind: "option", name: long ?? "", command: command.name(), choices: argChoices };
}

function ofArgument(command: Command, argument: Argument): Wanted {
  return { kind: "argument", name: argument.name(), command: command.name(), choices: argument.argChoices ?? [] };
}

function optionsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long === undefined ? [] : [{ value: long, description }]));
}

function commandsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ value: each.name(), description: each.description() }));
}
