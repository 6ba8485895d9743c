import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Image } from "../../../../components/model/images.ts";
import type { Resources, WorkloadSpec } from "../../../../components/model/workload.ts";
import type { Made } from "../../../../components/services/kit/made.ts";
import { generatedSecret } from "../../../../components/services/kit/secrets.ts";
import type { ServiceArgs } from "../../../../components/services/kit/service-args.ts";
import { shownWorkload } from "../../../../components/services/kit/shown.ts";
import { GREETER_PORT } from "./index.ts";
import { greeterObservability } from "./observability.ts";

export interface GreeterArgs extends ServiceArgs<"greeter"> {
  readonly replicas: number;
}

export class Greeter extends ComponentResource implements Made {
  readonly pages: NonNullable<Made["pages"]>;
  readonly logins: NonNullable<Made["logins"]>;

  constructor(name: string, args: GreeterArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Greeter", name, {}, opts);
    const password = generatedSecret(`${name}-password`, { protect: false, rotation: args.rotation, parent: this });
    const workload = args.platform.workload(
      name,
      greeterWorkload({ ...args, image: args.image("greeter"), password }),
      { parent: this },
    );
    this.pages = { greeter: workload.endpoint("http") };
    this.logins = { greeter: { username: "greeter", password } };
    this.registerOutputs(shownWorkload(workload));
  }
}

export interface GreeterWorkloadArgs {
  readonly image: Image;
  readonly password: Output<string>;
  readonly resources: Resources;
  readonly replicas: number;
}

export function greeterWorkload({ image, password, resources, replicas }: GreeterWorkloadArgs): WorkloadSpec<"app"> {
  return {
    tier: "app",
    zone: "backend",
    image,
    secretFiles: [{ path: "/run/secrets/greeter-password", content: password }],
    resources,
    replicas,
    runAs: { uid: image.uid, gid: image.gid },
    ports: { http: { port: GREETER_PORT, exposure: "proxied" } },
    probe: { kind: "http", port: "http", path: "/health" },
    metrics: { port: "http", path: "/metrics" },
    observability: greeterObservability(),
  };
}
