import { describe, expect, it } from "vitest";
import { SECRET_KEYS, settingsSchema } from "../components/stack/schema.ts";
import { everything, EVERYTHING, TARGETS, type Target } from "./everything.ts";
import { OFF } from "./support/record/off.ts";
import { NOT_CHOSEN } from "./support/record/not-chosen.ts";
import { choicesOf, switchesOf } from "./support/record/switches.ts";

const under = (path: string, lines: object) =>
  Object.keys(lines).filter((line) => path === line || path.startsWith(`${line}.`) || path.startsWith(`${line}=`));
const secretsOf = (target: Target) =>
  Object.keys(SECRET_KEYS).map((key) => ({
    path: `secrets.${key}`,
    on: Object.hasOwn(everything(target).secrets, key),
  }));

describe.each(TARGETS)("the stack with everything on, on %s", (target) => {
  const off = () =>
    [...switchesOf(settingsSchema, settingsSchema.parse(EVERYTHING[target])), ...secretsOf(target)]
      .filter(({ on }) => !on)
      .map(({ path }) => path);

  it("is accepted", () => {
    expect(everything(target).platform).toBe(target);
  });

  it("has every flag, optional setting, list and secret on, except those that the table names with a reason", () => {
    expect(off().filter((path) => under(path, OFF[target]).length === 0)).toEqual([]);
  });

  it("has nothing on that the table says is off", () => {
    const lines = off().flatMap((path) => under(path, OFF[target]));
    expect(Object.keys(OFF[target]).filter((line) => !lines.includes(line))).toEqual([]);
  });
});

describe("the choices of the settings", () => {
  const choices = TARGETS.flatMap((target) => choicesOf(settingsSchema, settingsSchema.parse(EVERYTHING[target])));
  const taken = choices.map(({ path, taken: choice }) => `${path}=${choice ?? ""}`);
  const left = [
    ...new Set(choices.flatMap(({ path, allowed }) => allowed.map((choice) => `${path}=${choice}`))),
  ].filter((choice) => !taken.includes(choice));

  it("are each taken by a target, except those that the table names with a reason", () => {
    expect(left.filter((choice) => under(choice, NOT_CHOSEN).length === 0)).toEqual([]);
  });

  it("are not taken where the table says so", () => {
    const lines = left.flatMap((choice) => under(choice, NOT_CHOSEN));
    expect(Object.keys(NOT_CHOSEN).filter((line) => !lines.includes(line))).toEqual([]);
  });
});
