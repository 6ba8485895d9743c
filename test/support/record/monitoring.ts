import type { Recording } from "../../../cli/kit/record.ts";
import type { Settings } from "../../../components/stack/settings.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import { stackOf } from "./stacks.ts";

/** The files of one container of a recorded stack, by path. */
export type Files = ReadonlyMap<string, string>;

/** What a recorded stack gives one of its containers. */
export function filesOf({ resources }: Pick<Recording<unknown>, "resources">, container: string): Files {
  const found = resources.find(({ type, name }) => type === "docker:index/container:Container" && name === container);
  const { uploads } = (found?.inputs ?? {}) as RecordedContainer;
  return new Map(plain(uploads ?? []).map(({ file, content = "" }) => [file, content]));
}

/** What a stack with these settings gives each of its containers. */
export async function recordedFiles(
  values: Record<string, unknown>,
  secrets: Settings["secrets"] = {},
): Promise<(container: string) => Files> {
  const recording = await stackOf(values, "dev", secrets);
  return (container) => filesOf(recording, container);
}

/** The files without a secret of a recorded stack on Kubernetes: ConfigMaps hold each under its path with underscores. */
export function configMapsOf({ resources }: Pick<Recording<unknown>, "resources">): Files {
  const maps = resources
    .filter(({ type }) => type === "kubernetes:core/v1:ConfigMap")
    .map(({ inputs }) => inputs["data"] as Record<string, string>);
  return new Map(maps.flatMap((data) => Object.entries(data)));
}

/** The same of a stack with these settings. */
export async function recordedConfigMaps(values: Record<string, unknown>): Promise<Files> {
  return configMapsOf(await stackOf({ platform: "kubernetes", ...values }));
}

/** A list with a given secret in it is recorded as one secret value. */
function plain<T>(list: readonly T[] | { readonly value: readonly T[] }): readonly T[] {
  return "value" in list ? list.value : list;
}
