import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly inputs: Record<string, unknown>;
  /** The provider's reference, empty for components and default providers. */
  readonly provider: string;
  readonly custom: boolean;
}

export interface Recording<T> {
  /** In the order of registration. */
  readonly resources: readonly RecordedResource[];
  readonly result: T;
}

/** Outputs that only a provider knows, by type: what a dry run stands in for them. */
const OUTPUTS: Record<string, (inputs: Record<string, unknown>, name: string) => Record<string, unknown>> = {
  "random:index/randomPassword:RandomPassword": (_, name) => ({ result: `recorded-${name}` }),
  "docker:index/remoteImage:RemoteImage": (inputs) => ({ imageId: `sha256:${String(inputs["name"])}` }),
  "docker:index/container:Container": (inputs) => (inputs["attach"] === true ? { exitCode: 0, containerLogs: "" } : {}),
};

/**
 * Runs a program against the SDK's own mocks and returns what it registered:
 * no engine, no provider, no secret. Provider diffs and real state are not seen.
 * @throws whatever the program throws
 */
export async function record<T>(identity: { project: string; stack: string }, program: () => T | Promise<T>): Promise<Recording<T>> {
  const resources: RecordedResource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, provider, custom, id }) {
        const given = inputs as Record<string, unknown>;
        resources.push({ type, name, urn: `${type}::${name}`, inputs: given, provider: provider ?? "", custom: custom ?? false });
        return { id: id ?? `${name}-id`, state: { ...given, ...OUTPUTS[type]?.(given, name) } };
      },
      call({ token }) {
        throw new Error(`the program calls ${token}, which a recording cannot answer`);
      },
    },
    identity.project,
    identity.stack,
    false,
  );
  const result = await program();
  // Registrations are asynchronous; without this the last of them are missed.
  await pulumi.runtime.disconnect();
  return { resources, result };
}
