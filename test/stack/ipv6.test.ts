import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { planOf } from "../../cli/kit/plan.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { inputsOf, settingsOf, stackOf } from "../support/record/stacks.ts";

const CONTAINER = "docker:index/container:Container";
const NETWORK = "docker:index/network:Network";
const PUBLIC = { proxy: { bind: "public", port: 80, teamPort: 10_080 } };
const WITH = { proxy: { ...PUBLIC.proxy, ipv6: true } };

type Recorded = Awaited<ReturnType<typeof stackOf>>;

const proxy = (recording: Recorded) => inputsOf<RecordedContainer>(recording, CONTAINER, "proxy");
const networks = ({ resources }: Recorded) => resources.filter(({ type }) => type === NETWORK).map(({ name }) => name);
const withoutRoutes = ({ resources }: Recorded, names: readonly string[]) =>
  resources.filter(({ name }) => !names.includes(name));

describe("a stack on a Docker host", () => {
  it("has no IPv6 unless it is asked for", async () => {
    const recording = await stackOf(PUBLIC);
    expect(networks(recording)).toEqual(["network-edge", "network-backend", "network-data"]);
    expect(JSON.stringify(recording.resources)).not.toMatch(/ipv6/i);
  });

  it("with it has a network of its own for the proxy, and every other resource stays as it is", async () => {
    const [without, recording] = [await stackOf(PUBLIC), await stackOf(WITH)];
    expect(networks(recording)).toEqual(["network-edge", "network-backend", "network-data", "network-edge-ipv6"]);
    expect(inputsOf(recording, NETWORK, "network-edge-ipv6")).toMatchObject({ ipv6: true, internal: false });
    expect(proxy(recording).networksAdvanced?.map(({ name }) => name)).toEqual([
      "apprun-dev-edge",
      "apprun-dev-backend",
      "apprun-dev-edge-ipv6",
    ]);
    const changed = ["proxy", "proxy-routes", "network-edge-ipv6"];
    expect(withoutRoutes(recording, changed)).toEqual(withoutRoutes(without, changed));
  });

  it("listens in both families where the model says, and plan shows both", async () => {
    const recording = await stackOf(WITH);
    expect(proxy(recording).ports?.map(({ ip, external }) => `${ip ?? ""} ${external ?? ""}`)).toEqual([
      "0.0.0.0 80",
      ":: 80",
      "127.0.0.1 10080",
      "::1 10080",
    ]);
    const { published } = planOf({ settings: settingsOf(WITH), stack: "dev", recording });
    expect(published.map(({ listens }) => listens)).toEqual([
      "0.0.0.0:80",
      "[::]:80",
      "127.0.0.1:10080",
      "[::1]:10080",
    ]);
  });

  it("counts a network of 64 bits as one client", async () => {
    const file = inputsOf<RecordedContainer>(await stackOf(WITH), CONTAINER, "proxy-routes").uploads?.[0]?.content;
    const { http } = parse(file ?? "") as { http: { middlewares: Record<string, { rateLimit?: object }> } };
    const rates = Object.values(http.middlewares).flatMap(({ rateLimit }) => rateLimit ?? []);
    expect(rates).toHaveLength(3);
    for (const rate of rates) expect(rate).toMatchObject({ sourceCriterion: { ipStrategy: { ipv6Subnet: 64 } } });
  });
});

describe("a stack on Kubernetes", () => {
  const CLUSTER = { platform: "kubernetes", domain: "example.com" };
  const rates = ({ resources }: Recorded) =>
    resources
      .filter(({ type, name }) => type.endsWith(":Middleware") && name.includes("rate-"))
      .map(({ inputs }) => JSON.stringify(inputs["spec"]));

  it("counts a network of 64 bits as one client where the cluster has both families", async () => {
    const both = { ...CLUSTER, kubernetes: { clusterCidrs: ["10.42.0.0/16", "10.43.0.0/16", "fd00:42::/56"] } };
    expect(rates(await stackOf(CLUSTER))).toHaveLength(3);
    for (const rate of rates(await stackOf(CLUSTER))) expect(rate).not.toContain("ipv6Subnet");
    for (const rate of rates(await stackOf(both))) expect(rate).toContain('"ipStrategy":{"ipv6Subnet":64}');
  });
});
