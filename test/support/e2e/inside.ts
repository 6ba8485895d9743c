import { kubectl } from "./cluster.ts";
import { docker } from "./e2e.ts";

/** Runs a command inside of a container and returns what it printed. */
export type Inside = (...command: readonly string[]) => Promise<string>;

export const inContainer =
  (container: string): Inside =>
  (...command) =>
    docker("exec", container, ...command);

/** `pod` is its name, or what it belongs to, such as `deployment/apprun`. */
export const inPod =
  (namespace: string, pod: string): Inside =>
  (...command) =>
    kubectl("--namespace", namespace, "exec", pod, "--", ...command);
