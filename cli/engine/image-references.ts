import { CNPG } from "../../components/platform/kubernetes/postgres-cluster.ts";
import { resourceName, type State } from "./state.ts";

const IMAGE = "docker:index/remoteImage:RemoteImage";
const POD_OWNER = /^kubernetes:(apps\/v1:(Deployment|StatefulSet)|batch\/v1:Job)$/;
const CLUSTER = `kubernetes:${CNPG.version}:Cluster`;

/** A resource of a state or of a recording. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: { readonly name?: unknown; readonly spec?: unknown };
}

export function registered({ resources = [] }: State): readonly Registered[] {
  return resources.map(({ type, urn, inputs = {} }) => ({ type, name: resourceName(urn), inputs }));
}

/** References of images by the resource that names them: an image on a Docker host, what runs it on a cluster. */
export function imageReferences(resources: readonly Registered[]): ReadonlyMap<string, string> {
  return new Map(
    resources.flatMap(({ type, name, inputs }) => {
      const reference = referenceOf(type, inputs);
      return typeof reference === "string" ? [[name, reference]] : [];
    }),
  );
}

function referenceOf(type: string, { name, spec }: Registered["inputs"]): unknown {
  if (type === IMAGE) return name;
  const { imageName, template } = (spec ?? {}) as {
    imageName?: string;
    template?: { spec?: { containers?: { image?: string }[] } };
  };
  if (type === CLUSTER) return imageName;
  return POD_OWNER.test(type) ? template?.spec?.containers?.[0]?.image : undefined;
}
