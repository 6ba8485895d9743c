import type { ImageName } from "../services/catalogue.ts";
import type { SharedArgs } from "../services/kit/service-args.ts";

/** What all services of a stack are given alike. */
export type Shared = SharedArgs<ImageName>;
