import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { expect, it } from "vitest";
import { newest, symptomOf } from "../../../../cli/runtime/kubernetes/symptoms.ts";
import type { Plain } from "../../../../cli/runtime/kubernetes/plain.ts";

type Status = Partial<Plain<V1ContainerStatus>>;

const pod = (status: Status, more: object = {}): Plain<V1Pod> => ({
  status: {
    containerStatuses: [{ image: "", imageID: "", name: "x", ready: false, restartCount: 0, ...status }],
    ...more,
  },
});
const waiting = (reason: string, message?: string): Status => ({
  state: { waiting: { reason, ...(message !== undefined && { message }) } },
});

it.each<[string, Plain<V1Pod>, { what: string; graceMs: number } | undefined]>([
  ["that is being made", pod(waiting("ContainerCreating")), undefined],
  ["that has only begun", pod({ state: { running: {} } }), undefined],
  [
    "whose image cannot be pulled",
    pod(waiting("ImagePullBackOff", "no such image")),
    { what: "cannot pull its image: no such image", graceMs: 7000 },
  ],
  [
    "whose image cannot be a name",
    pod(waiting("InvalidImageName")),
    { what: "cannot pull its image: InvalidImageName", graceMs: 0 },
  ],
  [
    "that ends again and again",
    pod({ ...waiting("CrashLoopBackOff"), restartCount: 3, lastState: { terminated: { exitCode: 3 } } }),
    { what: "ends (exit code 3) again and again", graceMs: 0 },
  ],
  [
    "that its limit ends",
    pod({ restartCount: 1, lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } } }),
    { what: "needs more memory than its limit (exit code 137) again and again", graceMs: 7000 },
  ],
  [
    "that is ready, whatever was before",
    pod({ restartCount: 5 }, { conditions: [{ type: "Ready", status: "True" }] }),
    undefined,
  ],
])("what speaks against the start of a pod %s", (_, one, symptom) => {
  expect(symptomOf("deployment/x", [one])).toEqual(symptom && { instance: "deployment/x", ...symptom });
});

it("pods of the revision before do not count: they run on until the new ones are ready", () => {
  const of = (hash: string) => ({ metadata: { labels: { "pod-template-hash": hash } } });
  expect(newest([of("b"), of("a"), of("b")])).toEqual([of("b"), of("b")]);
  expect(newest([])).toEqual([]);
});
