import { createHash, randomBytes } from "node:crypto";
import { Stack } from "../../components/stack/stack.ts";
import type { Project } from "../kit/project.ts";
import { record, type Recording } from "../kit/record.ts";

/** What a renderer wrote. */
export interface Written {
  /** The file or directory to run it from. */
  readonly main: string;
  /** What it refers to and does not contain. */
  readonly secrets: readonly object[];
  /** The same in words that complete "it refers to …". */
  readonly needs: string;
}

/** The program with newly generated secrets, all at once: a password is the same wherever it stands. */
export function recordWithValues({ settings }: Pick<Project, "settings">): Promise<Recording<Stack>> {
  return record(settings.identity, () => new Stack(settings), { secret: randomText, hash: htpasswd });
}

/** A hash that the proxy takes too. A password of 190 random bits needs no slow one, which Node does not have. */
function htpasswd(value: string): string {
  return `{SHA}${createHash("sha1").update(value).digest("base64")}`;
}

/** Letters and digits, as the engine's generated secrets. */
function randomText(_name: string, length: number): string {
  let text = "";
  while (text.length < length) text += randomBytes(length).toString("base64").replace(/[+/=]/g, "");
  return text.slice(0, length);
}
