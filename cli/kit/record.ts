import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import * as rpc from "@pulumi/pulumi/runtime/rpc.js";
import { secretMark } from "../../components/model/secret-mark.ts";

/** A resource as the program registered it. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** The provider's reference, empty for components and default providers. */
  readonly provider: string;
  /** Whether the engine is asked to refuse its deletion. */
  readonly protect: boolean;
}

export interface Recording<T> {
  /** In the order of registration. */
  readonly resources: readonly RecordedResource[];
  readonly result: T;
}

export interface RecordOptions {
  /** The value of a generated secret. @default - a mark that `holdsSecret` finds */
  readonly secret?: (name: string, length: number) => string;
  /** The hash of one, as the proxy compares it. @default - the same mark */
  readonly hash?: (value: string) => string;
}

type Outputs = (inputs: Record<string, unknown>, name: string) => Record<string, unknown>;

/** Outputs that only a provider knows, by type: what a dry run stands in for them. */
function providerOutputs({ secret, hash }: Required<RecordOptions>): Record<string, Outputs> {
  return {
    "random:index/randomPassword:RandomPassword": ({ length }, name) => {
      const result = secret(name, Number(length));
      return { result, bcryptHash: hash(result) };
    },
    "tls:index/privateKey:PrivateKey": (_, name) => ({ privateKeyPem: secretMark(name) }),
    "tls:index/certRequest:CertRequest": (_, name) => ({ certRequestPem: pem(name) }),
    "tls:index/selfSignedCert:SelfSignedCert": (_, name) => ({ certPem: pem(name) }),
    "tls:index/locallySignedCert:LocallySignedCert": (_, name) => ({
      certPem: pem(name),
      validityEndTime: RECORDED_END,
    }),
    "cloudflare:index/originCaCertificate:OriginCaCertificate": (_, name) => ({ certificate: pem(name) }),
    "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": (_, name) => ({ aud: `aud-of-${name}` }),
    "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken": (_, name) => ({
      clientId: `client-id-of-${name}`,
      clientSecret: secretMark(name),
    }),
    "docker:index/remoteImage:RemoteImage": ({ name }) => ({ imageId: name }),
    "kubernetes:core/v1:ConfigMap": named,
    "kubernetes:core/v1:Secret": named,
    "docker:index/container:Container": ({ attach }) => (attach === true ? { exitCode: 0, containerLogs: "" } : {}),
  };
}

/** The mocks hand over a property that is secret as a whole inside a wrapper that says so. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  const map = value as Record<string, unknown>;
  if (map[rpc.specialSigKey] === rpc.specialSecretSig) return unwrapped(map["value"]);
  return Object.fromEntries(Object.entries(map).map(([key, inner]) => [key, unwrapped(inner)]));
}

/** Look-ups that a dry run answers with a stand-in. */
const ANSWERS: Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>> = {
  "cloudflare:index/getZone:getZone": ({ filter }) => ({ zoneId: `zone-id-of-${(filter as { name: string }).name}` }),
};

/** When a certificate ends that is made in the update. */
const RECORDED_END = "2028-01-01T00:00:00Z";

/** What stands for a certificate, which a provider makes. */
function pem(name: string): string {
  return `certificate of ${name}\n`;
}

/** The engine gives these a new name with every change; here the name tells one content from another. */
function named(inputs: Record<string, unknown>, name: string): Record<string, unknown> {
  return { metadata: { ...(inputs["metadata"] as object), name: autoName(name, inputs) } };
}

/** A name with eight hexadecimal digits of the content. */
export function autoName(name: string, inputs: Record<string, unknown>): string {
  return `${name}-${createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 8)}`;
}

/**
 * Runs a program against the SDK's own mocks and returns what it registered:
 * no engine, no provider, no secret. Provider diffs and real state are not seen.
 * @throws whatever the program throws
 */
export async function record<T>(
  identity: { project: string; stack: string },
  program: () => T | Promise<T>,
  { secret = secretMark, hash = (value) => value }: RecordOptions = {},
): Promise<Recording<T>> {
  const outputs = providerOutputs({ secret, hash });
  const resources: RecordedResource[] = [];
  let protect = false;
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, provider, id }) {
        const given = unwrapped(inputs) as Record<string, unknown>;
        resources.push({ type, name, inputs: given, provider: provider ?? "", protect });
        return {
          id: id === undefined || id === "" ? `${name}-id` : id,
          state: { ...given, ...outputs[type]?.(given, name) },
        };
      },
      call({ token, inputs }) {
        const answer = ANSWERS[token]?.(inputs as Record<string, unknown>);
        if (answer !== undefined) return answer;
        throw new Error(`the program calls ${token}, which a recording cannot answer`);
      },
    },
    identity.project,
    identity.stack,
    false,
  );
  watchRequests((request) => (protect = request.getProtect() ?? false));
  const result = await program();
  // Registrations are asynchronous; without this the last of them are missed.
  await pulumi.runtime.disconnect();
  return { resources, result };
}

/** The mocks leave a resource's options out: they are read from the request, just before the mocks get it. */
function watchRequests(before: (request: RegisterResourceRequest) => void): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) => {
    before(request);
    return register(request, callback);
  };
}
