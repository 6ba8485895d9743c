import * as k8s from "@pulumi/kubernetes";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { ContainerSpec } from "../../model/workload.ts";
import type { KubernetesContext } from "./context.ts";
import { configData, hasSecrets, secretData } from "./files.ts";
import { objectLabels } from "./labels.ts";
import type { PodSources } from "./pod.ts";

/**
 * What a pod reads. The provider gives both objects a new name with every
 * change, so that exactly their pods roll, and the old ones keep what they read.
 */
export function podFiles(
  context: KubernetesContext,
  name: string,
  spec: ContainerSpec,
  options: CustomResourceOptions,
): Pick<PodSources, "configMap" | "secret"> {
  const metadata = { namespace: context.namespace, labels: objectLabels(context.identity, name, "files") };
  const { files = [], secretFiles = [], secretEnv = {} } = spec;
  const configMap =
    files.length > 0
      ? new k8s.core.v1.ConfigMap(`${name}-files`, { metadata, data: configData(files) }, options)
      : undefined;
  const secret = hasSecrets(spec)
    ? new k8s.core.v1.Secret(`${name}-secrets`, { metadata, stringData: secretData(secretFiles, secretEnv) }, options)
    : undefined;
  return { configMap: configMap?.metadata.name, secret: secret?.metadata.name };
}
