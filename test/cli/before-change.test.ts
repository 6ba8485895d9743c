import { expect, it } from "vitest";
import { dataImagesThatChange } from "../../cli/backup/before-change.js";
import type { Project } from "../../cli/project.js";

const TYPE = "docker:index/remoteImage:RemoteImage";
const recordingOf = (images: Record<string, string>) =>
  ({
    recording: {
      resources: Object.entries(images).map(([name, reference]) => ({ type: TYPE, name: `image-${name}`, inputs: { name: reference }, provider: "" })),
    },
  }) as unknown as Project;
const stateOf = (images: Record<string, string>) => ({
  resources: Object.entries(images).map(([name, reference]) => ({
    type: TYPE,
    urn: `urn:pulumi:dev::apprun::x$${TYPE}::image-${name}`,
    inputs: { name: reference },
  })),
});

it.each<[string, Record<string, string>, Record<string, string>, string[]]>([
  ["nothing changes", { kratos: "kratos:1" }, { kratos: "kratos:1" }, []],
  ["a migrating service changes", { kratos: "kratos:2", apprun: "app:1" }, { kratos: "kratos:1", apprun: "app:1" }, ["kratos"]],
  ["the proxy changes, which holds no data", { traefik: "traefik:2" }, { traefik: "traefik:1" }, []],
  ["a service is new", { kratos: "kratos:1" }, {}, []],
])("when %s", (_what, wanted, there, expected) => {
  expect(dataImagesThatChange(recordingOf(wanted), stateOf(there))).toEqual(expected);
});
