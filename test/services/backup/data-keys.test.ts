import { secret } from "@pulumi/pulumi";
import { expect, it } from "vitest";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import { fingerprint } from "../../../components/services/backup/secrets.ts";
import { inputsOf, stackOf } from "../../support/record/stacks.ts";

it("data is encrypted with the keys that the settings give, and the generated ones stay in the state", async () => {
  const [encryptionKey, kratosCipher] = ["a".repeat(32), "b".repeat(32)] as const;
  const recording = await stackOf({}, "dev", {
    encryptionKey: secret(encryptionKey),
    kratosCipher: secret(kratosCipher),
  });
  const file = (container: string, path: string) =>
    inputsOf<RecordedContainer>(recording, "docker:index/container:Container", container).uploads?.find(
      (upload) => upload.file === path,
    )?.content;
  expect(file("apprun", "/run/secrets/encryption-key")).toBe(encryptionKey);
  expect(file("kratos", "/run/secrets/kratos.yml")).toContain(kratosCipher);
  expect(JSON.parse(file("backup", "/run/secrets/key-fingerprints.json") ?? "")).toEqual({
    "apprun-encryption-key": fingerprint(encryptionKey),
    "kratos-cipher": fingerprint(kratosCipher),
  });
  expect(file("backup", "/etc/backup/config/kratos/etc/config/kratos/kratos.yml")).toBe(
    file("kratos", "/etc/config/kratos/kratos.yml"),
  );
  expect(inputsOf(recording, "random:index/randomPassword:RandomPassword", "apprun-encryption-key")).toMatchObject({
    length: 32,
  });
  expect(inputsOf(recording, "random:index/randomPassword:RandomPassword", "kratos-cipher")).toMatchObject({
    length: 32,
  });
});
