import type { Endpoint } from "../../model/workload.ts";
import { earlyEndpoint } from "../kit/early-endpoint.ts";

/** The name of the app's workload. */
export const APP = "apprun";

/** The app as those see it that it waits for. */
export function appEndpoint({ port }: { readonly port: number }): Endpoint<"app"> {
  return earlyEndpoint(APP, port);
}
