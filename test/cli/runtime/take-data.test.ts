import { beforeAll, describe, expect, it, vi } from "vitest";
import type { State } from "../../../cli/engine/state.ts";
import type { Project } from "../../../cli/kit/project.ts";
import { refuseForeignData } from "../../../cli/runtime/foreign-data.ts";
import type { FoundVolume } from "../../../cli/runtime/runtime.ts";
import { takeData, type Taken } from "../../../cli/runtime/take-data.ts";
import { settingsOf, stackOf } from "../../support/record/stacks.ts";

const VOLUME = "docker:index/volume:Volume";
const removalCommand = (volumes: readonly string[]) => `remove ${volumes.join(" ")}`;
const id = (name: string) => `apprun-dev-${name}`;
const ids = (names: readonly string[]) => names.map(id).join(", ");
const there = (...names: readonly string[]): FoundVolume[] => names.map((name) => ({ id: id(name) }));
/** A state that has these volumes. */
const knows = (...names: readonly string[]): State => ({
  resources: names.map((name) => ({ urn: `urn::${name}`, type: VOLUME, inputs: { name: id(name) } })),
});

const DID_NOT_MAKE = (...names: readonly string[]) =>
  `stack dev: there are data volumes that this state did not make: ${ids(names)}; ` +
  "allowed: volumes of this state, which has the secrets that they need; nothing was changed: ";
const BRING_BACK = "bring back the state that made them (`.apprun` of another clone, or its backend)";
const REMOVE = (...names: readonly string[]) => `or remove what is not needed with: remove ${names.map(id).join(" ")}`;
const OLD_ROWS = "its rows end where the state forgot it, and it may have passwords that the state no longer has";

let project: Project;
beforeAll(async () => {
  const settings = { nats: { enabled: true } };
  project = { directory: ".", stack: "dev", settings: settingsOf(settings), recording: await stackOf(settings) };
});

describe("data that the state does not know", () => {
  const guard = (state: State, found: readonly FoundVolume[], takes?: boolean) => () => {
    refuseForeignData(project, state, found, { removalCommand }, takes);
  };

  it.each<[string, State, readonly FoundVolume[]]>([
    ["there is none", knows("postgres-17"), there("postgres-17")],
    ["nothing is there at all", {}, []],
    [
      "an update that was interrupted made it",
      { pending_operations: [{ resource: knows("nats").resources![0]! }] },
      there("nats"),
    ],
  ])("is nothing to refuse where %s", (_, state, found) => {
    expect(guard(state, found)).not.toThrow();
  });

  it.each([false, true])(
    "is another's where the state knows no data that is there, with the flag (%s) or not",
    (takes) => {
      expect(guard({}, there("nats", "grafana"), takes)).toThrow(
        `${DID_NOT_MAKE("nats", "grafana")}${BRING_BACK}, ${REMOVE("nats", "grafana")}`,
      );
      expect(guard(knows("elsewhere"), there("nats"), takes)).toThrow(/made them \(.* remove apprun-dev-nats$/);
    },
  );

  it("is taken up where the operator says so, and only then", () => {
    const state = knows("postgres-17");
    const found = there("nats", "postgres-17", "grafana");
    expect(guard(state, found)).toThrow(
      `${DID_NOT_MAKE("nats", "grafana")}take them up as they are: npm run up -- --take-data; or ${BRING_BACK}, ${REMOVE("nats", "grafana")}`,
    );
    expect(guard(state, found, true)).not.toThrow();
  });

  it.each<[string, FoundVolume, string]>([
    ["its own facts bar it", { id: id("postgres-17") }, OLD_ROWS],
    ["the place says that it is strange", { id: id("nats"), strange: "a guest uses it" }, "a guest uses it"],
    ["both do", { id: id("postgres-17"), strange: "a guest uses it" }, OLD_ROWS],
  ])("is refused with the reason where %s, and the others with it", (_, barred, why) => {
    const name = barred.id.replace("apprun-dev-", "");
    const found = [barred, ...there("grafana", "cache")];
    for (const takes of [false, true])
      expect(guard(knows("cache"), found, takes)).toThrow(
        `${DID_NOT_MAKE(name, "grafana")}${barred.id} cannot be taken up (${why}); ${BRING_BACK}, ${REMOVE(name)}; ` +
          "then take up the others: npm run up -- --take-data",
      );
    expect(guard(knows("cache"), [barred, ...there("cache")], true)).toThrow(new RegExp(`remove ${barred.id}$`));
  });
});

describe("up --take-data", () => {
  const take = (state: State, found: readonly FoundVolume[], confirm?: string) =>
    takeData(project, state, { removalCommand, findData: () => Promise.resolve(found) }, confirm);
  const said = (taken: Taken) => {
    const noted = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    taken.report();
    const text = noted.mock.calls.map(([line]) => String(line)).join("");
    noted.mockRestore();
    return text;
  };

  it("goes on only for whoever types the stack's name", async () => {
    await expect(take(knows("cache"), there("cache", "nats"), "prod")).rejects.toThrow(
      '--take-data: got "prod"; allowed: "dev", the stack\'s name; nothing was changed; name the stack',
    );
  });

  it("names at the end what was taken up, and what is left to do", async () => {
    expect(said(await take(knows("cache"), there("cache", "grafana", "nats"), "dev"))).toBe(
      "taken up: apprun-dev-grafana, apprun-dev-nats\n" +
        "apprun-dev-grafana: its database has the administrator's old password: set apprun:rotation.grafana-admin to 2 and run npm run up\n",
    );
  });

  it("says that there is nothing to take up, and asks for nobody's name then", async () => {
    expect(said(await take(knows("cache"), there("cache")))).toBe(
      "--take-data: there is no data that the state does not know\n",
    );
  });

  it.each<[string, State, readonly FoundVolume[], string]>([
    ["a state that was lost", {}, there("nats"), BRING_BACK],
    ["data that is of no use any more", knows("cache"), there("cache", "postgres-17"), OLD_ROWS],
  ])("asks for no name before it refuses %s", async (_, state, found, message) => {
    await expect(take(state, found)).rejects.toThrow(message);
  });
});
