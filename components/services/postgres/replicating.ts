import type { WorkloadSpec } from "../../model/workload.ts";

/** A role that may copy the server's data over the network, and the clients that it may come from. */
export interface Replicating {
  readonly role: string;
  /** In the words of pg_hba.conf: every address, or those of the networks that the server is in. */
  readonly from: "all" | "samenet";
}

/** In the directory of the archive's files, as servers have it that run: another path would start them again. */
const FILE = "/etc/wal-archive/pg_hba.conf";

/** The server's spec, with these roles let in for replication; without any the image's own rules stay. */
export function letReplicate(spec: WorkloadSpec<"data">, who: readonly Replicating[]): WorkloadSpec<"data"> {
  if (who.length === 0) return spec;
  return {
    ...spec,
    args: [...(spec.args ?? []), "-c", `hba_file=${FILE}`],
    files: [...(spec.files ?? []), { path: FILE, content: hostBasedAuthentication(who) }],
  };
}

/** The image's own rules, which let nobody replicate from another host, and the roles that may. */
function hostBasedAuthentication(who: readonly Replicating[]): string {
  return [
    "local all all trust",
    "host all all 127.0.0.1/32 trust",
    "host all all ::1/128 trust",
    ...who.map(({ role, from }) => `host replication ${role} ${from} scram-sha-256`),
    "host all all all scram-sha-256",
    "",
  ].join("\n");
}
