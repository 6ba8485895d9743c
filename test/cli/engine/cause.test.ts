import { expect, it } from "vitest";
import { causeOf, tellingLines } from "../../../cli/engine/cause.ts";

it.each<[string, string | undefined]>([
  ["update failed\n", undefined],
  [
    "1 error occurred:\n\t* container failed to be in healthy state: provider=docker@5.2.0\n\n",
    "container failed to be in healthy state",
  ],
  [
    "  sdk-v2/provider2.go:571: sdk.helper_schema: Unable to read Docker image into resource: unable to pull image x:1: error pulling image x:1: no such host",
    "error pulling image x:1: no such host",
  ],
  [
    "  sdk-v2/provider2.go:571: sdk.helper_schema: Unable to update a container: Error response from daemon: Cannot update container 6ff713: runc did not terminate successfully: exit status 1: unable to set memory limit to 52428800 (current usage: 54444032, peak usage: 56102912): provider=docker@5.2.0",
    "it uses 52Mi, above its new limit of 50Mi; raise resources.limits.memory, or restart it (npm run restart -- SERVICE) and run npm run up again at once",
  ],
  ["creating urn:pulumi:dev::apprun::x::apprun: 1 error occurred:\n\t* no\n", "no"],
  ["\u001b[31merror: incorrect passphrase\u001b[0m\n    at Object.open (/x.js:1:2)\n", "incorrect passphrase"],
])("the cause in %j", (message, cause) => {
  expect(causeOf(message)).toBe(cause);
});

it.each<[string, string[], string[]]>([
  [
    "those that say why, the newest of each, without traces",
    [
      "12:00:01 starting",
      "12:00:01 fatal: no key",
      "    at main (x.js:1:2) failed",
      "12:00:02 starting",
      "12:00:02 fatal: no key",
    ],
    ["12:00:02 fatal: no key"],
  ],
  ["the last of all where none does", ["one", "two", "", "three"], ["two", "three"]],
  ["no more than asked for", ["error a", "error b", "error c"], ["error b", "error c"]],
])("lines of a log: %s", (_, lines, told) => {
  expect(tellingLines(lines, 2)).toEqual(told);
});
