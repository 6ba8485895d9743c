import { describe, expect, it } from "vitest";
import { recordEverything, TARGETS } from "../everything.ts";
import { OWN_SERVICES } from "../support/record/own-services.ts";
import { stackOf } from "../support/record/stacks.ts";

const TAKEN = "taken up as it is";
const OLD_ROWS = "its rows end where the state forgot it, and it may have passwords that the state no longer has";
const GAP = "the log that was written since is missing in it";
const OLD_COPY = "it is an old copy of the primary's data, of which a new replica makes a new one";
const GRAFANA =
  "its database has the administrator's old password: set apprun:rotation.grafana-admin to 2 and run npm run up";
const REPORTS =
  "its database has a new password: where its files hold the old one, write what npm run credentials -- reports-database shows";

/** By hand: what a volume holds that the state has forgotten no program can look up. */
const BOTH = {
  backups: { never: "nobody can read its sets: their password went with the state" },
  cache: TAKEN,
  grafana: { then: GRAFANA },
  loki: TAKEN,
  nats: TAKEN,
  prometheus: TAKEN,
  "reports-drafts": { then: REPORTS },
  "reports-files": { then: REPORTS },
  seaweedfs: TAKEN,
  "seaweedfs-copy": TAKEN,
};
const EXPECTED = {
  docker: {
    ...BOTH,
    "postgres-16": { never: OLD_ROWS },
    "postgres-16-replica": { never: OLD_COPY },
    "postgres-16-wal": { never: GAP },
    "postgres-17": { never: OLD_ROWS },
    "postgres-17-replica": { never: OLD_COPY },
    "postgres-17-wal": { never: GAP },
  },
  kubernetes: BOTH,
};

describe("a data volume that the state has forgotten", () => {
  it.each(TARGETS)("is on %s what its service says of it", async (target) => {
    const { volumes } = (await recordEverything(target)).result.inventory;
    const said = volumes
      .filter(({ retention }) => retention === "data")
      .map(({ name, ifForgotten = TAKEN }) => [name, ifForgotten]);
    expect(Object.fromEntries(said)).toEqual(EXPECTED[target]);
    const caches = volumes.filter(({ retention }) => retention === "cache");
    expect(caches.length).toBeGreaterThan(0);
    expect(caches.filter(({ ifForgotten }) => ifForgotten !== undefined)).toEqual([]);
  });

  it("of a service of your own without a database is taken up as it is", async () => {
    const [path, size] = ["/var/lib/web", "1Gi"];
    const services = { web: { image: OWN_SERVICES["reports"]!.image, port: 80, volumes: { files: { path, size } } } };
    const { volumes } = (await stackOf({ services })).result.inventory;
    expect(volumes.find(({ name }) => name === "web-files")).not.toHaveProperty("ifForgotten");
  });

  it("has the app's files, whose key stays in the state", async () => {
    const { volumes } = (await stackOf({})).result.inventory;
    expect(volumes.find(({ name }) => name === "apprun-storage")).toMatchObject({ retention: "data" });
    expect(volumes.find(({ name }) => name === "apprun-storage")).not.toHaveProperty("ifForgotten");
  });

  it("has an administrator of Grafana whose password is set by the start itself, where it was rotated", async () => {
    const { volumes } = (await stackOf({ rotation: { "grafana-admin": 2 } })).result.inventory;
    expect(volumes.find(({ name }) => name === "grafana")).not.toHaveProperty("ifForgotten");
  });
});
