import { describe, expect, it } from "vitest";
import { registryLogins } from "../../../cli/engine/registry-logins.ts";
import { settingsOf } from "../../support/record/stacks.ts";

const settings = {
  ...settingsOf({}),
  registries: {
    "ghcr.io": { username: "ci", password: { secret: "pull" } },
    "quay.io": { mirror: "harbor.example.com/quay" },
  },
};
const at = (more: object) =>
  ({ directory: ".", settings: { ...settings, ...more } }) as Parameters<typeof registryLogins>[0];
const config = (value: string | undefined, asked: string[] = []) => ({
  getConfig: (key: string) => {
    asked.push(key);
    return value === undefined ? Promise.reject(new Error("no such key")) : Promise.resolve({ value });
  },
});

describe("logins of registries", () => {
  it("have the password that the engine decrypts", async () => {
    expect(await registryLogins(at({}), config('{"pull":"a-b-c"}'), ["ghcr.io", "docker.io"])).toEqual([
      { host: "ghcr.io", username: "ci", password: "a-b-c" },
    ]);
  });

  it("have the password that the operator's command prints where the engine has none", async () => {
    const secretsCommand = ["printf", '{"pull":"printed"}'];
    expect(await registryLogins(at({ secretsCommand }), config(undefined), ["ghcr.io"])).toEqual([
      { host: "ghcr.io", username: "ci", password: "printed" },
    ]);
  });

  it("decrypt nothing for hosts without one", async () => {
    const asked: string[] = [];
    expect(await registryLogins(at({}), config("{}", asked), ["docker.io", "quay.io"])).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("without a value are refused by the name of the secret", async () => {
    await expect(registryLogins(at({}), config("{}"), ["ghcr.io"])).rejects.toThrow(
      'apprun:registries.ghcr.io.password: got the secret "pull", which has no value',
    );
  });
});
