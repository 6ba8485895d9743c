import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import type { DockerAddress } from "../../model/docker-address.ts";
import { ModelError } from "../../model/errors.ts";
import { connectionTo } from "./connection.ts";

/**
 * The identity of the engine at an address. It is kept with the engine's data,
 * so an engine that came up without its disk has another one.
 * @throws ModelError when none answers
 */
export async function engineId(address: DockerAddress): Promise<string> {
  const { protocol, ...connection } = connectionTo(address);
  const request = protocol === "https" ? tlsRequest : plainRequest;
  try {
    const info = await new Promise<string>((resolve, reject) => {
      const call = request({ ...connection, path: "/info" }, (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (body += chunk));
        response.once("end", () => {
          if (response.statusCode === 200) resolve(body);
          else reject(new Error(body.trim()));
        });
      });
      call.once("error", reject).end();
    });
    return (JSON.parse(info) as { readonly ID: string }).ID;
  } catch (error) {
    throw new ModelError({
      happened: `no Docker Engine answers at ${address.host} (${error instanceof Error ? error.message : String(error)})`,
      fix: "start it, or name another with apprun:docker.host",
    });
  }
}
