import { expect, it } from "vitest";
import { egressProblems } from "../../../../cli/runtime/kubernetes/egress-check.ts";
import { phrase } from "../../../../components/model/problem.ts";
import { settingsOf } from "../../../support/record/stacks.ts";
import { secret } from "@pulumi/pulumi";

const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  "db.example.internal": ["10.1.2.3"],
  "s3.example.com": ["203.0.113.9"],
  "both.example.com": ["10.1.2.3", "2001:db8::9"],
};
const resolve = (name: string) => Promise.resolve(ADDRESSES[name] ?? []);

const settings = (host: string, kubernetes = {}) =>
  settingsOf({ platform: "kubernetes", kubernetes, postgres: { mode: "external", external: { host } } }, "dev", {
    postgresAdminPassword: secret("password"),
  });

it("a server at an address that pods may not reach is named, with its setting", async () => {
  const { problems, unknown } = await egressProblems(settings("db.example.internal"), resolve);
  expect(problems.map(phrase)).toEqual([
    "postgres.external.host: db.example.internal is 10.1.2.3, which network policies keep pods from; allowed: a public address, or one within kubernetes.egressCidrs; add its address or its network there",
  ]);
  expect(unknown).toEqual([]);
});

it("one that the settings open is not, nor one with a public address", async () => {
  const opened = await egressProblems(settings("db.example.internal", { egressCidrs: ["10.1.0.0/16"] }), resolve);
  expect(opened.problems).toEqual([]);
  expect((await egressProblems(settings("s3.example.com"), resolve)).problems).toEqual([]);
  expect((await egressProblems(settings("both.example.com"), resolve)).problems).toEqual([]);
});

it("one that this machine does not know is said to be unknown", async () => {
  const { problems, unknown } = await egressProblems(settings("other.example.internal"), resolve);
  expect(problems).toEqual([]);
  expect(unknown).toEqual([{ setting: "postgres.external.host", host: "other.example.internal" }]);
});
