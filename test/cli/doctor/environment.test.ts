import type Docker from "dockerode";
import { expect, it } from "vitest";
import { containerFindings } from "../../../cli/doctor/containers.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";

const WANTED = ["LOG_LEVEL=info", "DB_PASSWORD=__secret_database__"];

/** What is said of the environment of a container that has these lines. */
function found(lines: readonly string[]): readonly string[] {
  const actual = {
    Config: { Env: [...lines] },
    HostConfig: {},
    NetworkSettings: { Networks: {} },
    State: {},
  } as unknown as Docker.ContainerInspectInfo;
  const wanted = { name: "app", envs: WANTED } as unknown as RecordedContainer;
  return containerFindings({ wanted, actual, imageId: undefined, runs: "" })
    .map(({ message }) => message)
    .filter((message) => message.includes("environment"));
}

it("a secret's variable must be there, whatever it holds", () => {
  expect(found(["LOG_LEVEL=info", "DB_PASSWORD=0123456789abcdef", "PATH=/bin"])).toEqual([]);
  expect(found(["LOG_LEVEL=info"])).toEqual([
    "container app: its environment is another for DB_PASSWORD; the model says otherwise",
  ]);
});

it("another one must hold what the model says", () => {
  expect(found(["LOG_LEVEL=debug", "DB_PASSWORD=x"])).toEqual([
    "container app: its environment is another for LOG_LEVEL; the model says otherwise",
  ]);
});
