import { readFileSync } from "node:fs";
import { parse, YAMLParseError, type ScalarTag } from "yaml";
import { ModelError } from "../model/errors.ts";

/**
 * A YAML file as the engine reads it. Undefined where there is none.
 * @throws ModelError for a file that cannot be read
 */
export function readYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ModelError({
      got: `${path}: ${(error as Error).message}`,
      allowed: "a file that can be read",
      fix: "check its permissions",
    });
  }
  try {
    return parse(text, {
      merge: true,
      customTags: (tags) => [goInteger, goTime, ...tags],
    }) as unknown;
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new ModelError({
      got: `${path}: ${error.message.split("\n")[0] ?? ""}`,
      allowed: "YAML",
      fix: "fix that line",
    });
  }
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The engine's library reads `010`, `0b11` and `1_000` as YAML 1.1 did. */
const goInteger: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?(0[bB][01_]+|0[0-7_]+|[1-9]\d*_[\d_]*)$/,
  resolve: (written) => {
    const digits = written.replaceAll("_", "").replace(/^[-+]/, "");
    const value = /^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
    return written.startsWith("-") ? -value : value;
  },
};

/** A date without quotes reaches the program as Go writes times. */
const goTime: ScalarTag = {
  tag: "tag:yaml.org,2002:timestamp",
  default: true,
  test: /^\d{4}-\d\d?-\d\d?(?:(?:[Tt]| +)\d\d?:\d\d:\d\d(?:\.\d+)?Z?)?$/,
  resolve: (written) => {
    const [, date = "", time = "00:00:00"] = /^(\S{8,10}?)(?:(?:[Tt]| +)([\d:.]+)Z?)?$/.exec(written) ?? [];
    return `${date} ${time} +0000 UTC`;
  },
};
