import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceOutputsRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { record } from "../../../cli/kit/record.ts";
import { Stack } from "../../../components/stack/stack.ts";
import type { Settings } from "../../../components/stack/settings.ts";
import { settingsOf } from "./stacks.ts";

/** What one component registered for readers, as the engine gets it: a secret is a map with a signature. */
export interface ComponentOutputs {
  readonly type: string;
  readonly name: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The outputs of every component of the stack that settings make. */
export async function componentOutputs(
  values: Record<string, unknown>,
  stack = "dev",
  secrets: Settings["secrets"] = {},
): Promise<readonly ComponentOutputs[]> {
  const settings = settingsOf(values, stack, secrets);
  const found: ComponentOutputs[] = [];
  await record(settings.identity, () => {
    const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
    const register = monitor.registerResourceOutputs.bind(monitor);
    monitor.registerResourceOutputs = (request: RegisterResourceOutputsRequest, callback) => {
      const [type = "", name = ""] = request.getUrn().split("::").slice(2);
      const outputs = (request.getOutputs()?.toJavaScript() ?? {}) as Record<string, unknown>;
      found.push({ type: type.split("$").at(-1) ?? "", name, outputs });
      register(request, callback);
    };
    return new Stack(settings);
  });
  return found;
}
