import { expect, it } from "vitest";
import { complaints, requireGood } from "../../../cli/runtime/verify.ts";
import { fakeRuntime } from "../../support/fakes/runtime.ts";

const seen = (...states: string[]) =>
  states.map((state, index) => ({
    service: `s${index}`,
    kind: "workload" as const,
    instance: `apprun-dev-s${index}`,
    state,
  }));
const said = (...states: string[]) => requireGood(fakeRuntime({ log: [] }), seen(...states), "do this");

it("a service that reads its data back comes by itself, and whatever else is wrong needs somebody", async () => {
  await said("healthy", "done");
  await expect(said("healthy", "recovering")).rejects.toThrow(
    "s1 is recovering; it reads its data back and comes by itself: see npm run status; nothing that runs is replaced for it",
  );
  await expect(said("unhealthy", "recovering")).rejects.toThrow("s0 is unhealthy; do this");
});

it("a job that failed is shown with all that it wrote, a service with the lines that say why", async () => {
  const lines = ["the server is not what the stack needs:", ...Array.from({ length: 9 }, (_, at) => `  role r${at}`)];
  const runtime = { lastLogLines: () => Promise.resolve([...lines, "", "  fatal: no key"]) };
  const [service, job] = await complaints(runtime, seen("unhealthy", "failed (1)"));
  expect(service?.why).toEqual(["  fatal: no key"]);
  expect(job?.why).toEqual([...lines, "  fatal: no key"]);
});
