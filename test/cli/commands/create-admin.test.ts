import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { createAdmin } from "../../../cli/commands/create-admin.ts";
import { readSecret } from "../../../cli/kit/ask-secret.ts";
import type { ExecRequest } from "../../../cli/runtime/operations.ts";
import { DEV, operateWorld } from "../../support/fakes/operate-world.ts";
import { messageOf } from "../../support/record/settings.ts";
import { captured } from "../../support/fakes/terminal.ts";

const REPLICAS = { apprun: ["apprun-dev-apprun-1", "apprun-dev-apprun-2"] };
const COMMAND = ["/app/shop", "admin", "create", "--email={email}"];
const SETTINGS = { app: { createAdmin: { command: COMMAND } } };
const hunter = () => Promise.resolve("hunter2");

describe("create-admin", () => {
  it("runs the app's own command once, with the password on standard input alone", async () => {
    const { system, operations } = await operateWorld({ replicas: REPLICAS, exitCode: 3 }, SETTINGS);
    let request: ExecRequest | undefined;
    const exec = operations.exec.bind(operations);
    operations.exec = (replica, asked) => {
      request = asked;
      return exec(replica, asked);
    };
    const { error, stdout, stderr } = await captured(() => createAdmin("ada@example.com", DEV, system, hunter));
    expect(error).toMatchObject({ exitCode: 3 });
    expect(operations.log).toEqual(["exec in apprun-dev-apprun-1: /app/shop admin create --email=ada@example.com"]);
    expect(await text(request?.stdin ?? new PassThrough())).toBe("hunter2\n");
    expect(stdout + stderr + (error?.message ?? "")).not.toContain("hunter2");
  });

  it.each([
    ["ada", SETTINGS, 'email: got "ada"; allowed: a mail address such as admin@example.com; change it'],
    ["ada@example.com", {}, "create-admin: got stack dev without app.createAdmin; "],
  ])("refuses %s with %j before it asks for a password", async (email, settings, begins) => {
    const { system, operations } = await operateWorld({ replicas: REPLICAS }, settings);
    const never = () => Promise.reject(new Error("asked"));
    const { error } = await captured(() => createAdmin(email, DEV, system, never));
    expect(error?.message.startsWith(begins)).toBe(true);
    expect(error).toMatchObject({ exitCode: 2 });
    expect(operations.log).toEqual([]);
  });

  it("needs the place of the address in the command", () => {
    expect(messageOf({ app: { createAdmin: { command: ["/app/shop", "admin"] } } })[0]).toContain(
      "apprun:app.createAdmin.command: got",
    );
  });
});

describe("a password", () => {
  /** What somebody types, or a pipe brings; and what is written meanwhile. */
  async function typed(keys: string, isTTY: boolean) {
    const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => input });
    const output = new PassThrough();
    input.end(keys);
    const secret = await readSecret("Password: ", { input, output }).catch((error: unknown) => error as Error);
    output.end();
    return { secret, written: await text(output) };
  }

  it("is the first line of what a pipe brings", async () => {
    expect(await typed("hunter2\nmore\n", false)).toEqual({ secret: "hunter2", written: "" });
  });

  it("is asked for twice in a terminal, and never written there", async () => {
    const { secret, written } = await typed("hunter2\rhunter2\r", true);
    expect(secret).toBe("hunter2");
    expect(written).toBe("Password: \nThe same again: \n");
  });

  it.each([
    ["", false, "password: got nothing"],
    ["\n", false, "password: got nothing"],
    ["hunter2\rhunter3\r", true, "password: got two that differ"],
  ])("%j is refused", async (keys, isTTY, message) => {
    const { secret, written } = await typed(keys, isTTY);
    expect((secret as Error).message).toContain(message);
    expect(written).not.toContain("hunter");
  });
});
