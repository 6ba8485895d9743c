import { output, secret, type Output } from "@pulumi/pulumi";
import type { Database } from "../../../components/services/postgres/database.ts";
import { endpoint } from "./specs.ts";

/** Kratos' database on a server of the stack's own. */
export const database: Database = {
  name: "kratos",
  role: "kratos",
  password: secret("pw"),
  connectionLimit: 17,
  server: { host: "postgres", port: 5432, sslMode: "disable", endpoint: endpoint("postgres", 5432, { zone: "data" }) },
  ready: { name: "x", kind: "job", resource: output(undefined) } as unknown as Database["ready"],
};

export function valueOf<T>(from: Output<T>): Promise<T> {
  return new Promise((resolve) => void from.apply(resolve));
}
