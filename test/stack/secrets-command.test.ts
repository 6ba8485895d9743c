import { expect, it } from "vitest";
import { runSecretsCommand } from "../../components/stack/secrets-command.ts";

const printing = (script: string) => () => runSecretsCommand([process.execPath, "-e", script], import.meta.dirname);

it("reads the texts of a map that the program prints, whatever else is in it", () => {
  const text = JSON.stringify({ stripe: "sk_live", port: 7, sops: { mac: "x" }, empty: "" });
  expect([...printing(`process.stdout.write(${JSON.stringify(text)})`)()]).toEqual([["stripe", "sk_live"]]);
});

it("passes arguments on without a shell, in the project's directory, without the engine's decrypted configuration", () => {
  process.env["PULUMI_CONFIG"] = "hunter2";
  try {
    const script = `console.log(JSON.stringify({ a: process.argv[1], b: process.cwd(), c: String(process.env.PULUMI_CONFIG) }))`;
    const printed = runSecretsCommand([process.execPath, "-e", script, "$(id); '"], import.meta.dirname);
    expect([...printed.values()]).toEqual(["$(id); '", import.meta.dirname, "undefined"]);
  } finally {
    delete process.env["PULUMI_CONFIG"];
  }
});

it.each([
  ["console.log('hunter2'); console.error('hunter2'); process.exit(3)", "ended with 3"],
  ["console.log('hunter2')", "printed no JSON map of names and secrets"],
  ["console.log('[\"hunter2\"]')", "printed no JSON map of names and secrets"],
  ["process.kill(process.pid, 'SIGKILL')", "ended with SIGKILL"],
])("%s is an error that shows nothing of what was printed", (script, what) => {
  expect(printing(script)).toThrow(
    `apprun:secretsCommand: ${process.execPath} ${what}; its output is not shown, because it can hold secrets: run it by hand in the project's directory`,
  );
  expect(printing(script)).not.toThrow("hunter2");
});

it("names a program that is not there", () => {
  expect(() => runSecretsCommand(["/nowhere/vault"], import.meta.dirname)).toThrow(
    "apprun:secretsCommand: /nowhere/vault did not run: ENOENT",
  );
});
