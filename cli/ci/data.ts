import type { Change } from "./preview.ts";

/** Resources whose loss is, or brings, the loss of data: each by its whole type, because one word is a name of many things. */
const HOLDS_DATA: Readonly<Record<string, string>> = {
  "docker:index/volume:Volume": "a volume",
  "kubernetes:core/v1:Namespace": "a namespace and everything in it",
  "kubernetes:core/v1:PersistentVolume": "a persistent volume",
  "kubernetes:core/v1:PersistentVolumeClaim": "a claim",
  "kubernetes:storage.k8s.io/v1:StorageClass": "a storage class, which says whether volumes are kept",
  "kubernetes:apps/v1:StatefulSet": "a StatefulSet",
  "kubernetes:postgresql.cnpg.io/v1:Cluster": "a database cluster",
  "kubernetes:postgresql.cnpg.io/v1:Database": "a database",
  "kubernetes:postgresql.cnpg.io/v1:Backup": "a backup",
  "kubernetes:barmancloud.cnpg.io/v1:ObjectStore": "the place of a database cluster's backups",
  "postgresql:index/database:Database": "a database",
  "postgresql:index/schema:Schema": "a schema of a database",
  "postgresql:index/extension:Extension": "an extension of a database, and the columns of its types",
  "postgresql:index/role:Role": "a database role",
  "postgresql:index/publication:Publication": "a publication",
  "postgresql:index/subscription:Subscription": "a subscription",
  "postgresql:index/replicationSlot:ReplicationSlot": "a replication slot",
  "postgresql:index/physicalReplicationSlot:PhysicalReplicationSlot": "a replication slot",
  "cloudflare:index/r2Bucket:R2Bucket": "a bucket",
  "aws:s3/bucket:Bucket": "a bucket",
  "aws:s3/bucketV2:BucketV2": "a bucket",
  "random:index/randomPassword:RandomPassword": "a secret that data is encrypted or guarded with",
  "random:index/randomBytes:RandomBytes": "a secret that data is encrypted or guarded with",
};

/** Services whose container is the database itself. */
const DATABASES = ["postgres", "cache", "nats"];

/** What a change does to data, or undefined where it does nothing. Only replacing and deleting lose any. */
export function dataTouched({ operation, type, name, kept }: Change): string | undefined {
  if (operation !== "delete" && operation !== "replace") return undefined;
  const what = HOLDS_DATA[type] ?? (kept ? "what the program protects" : undefined);
  if (what !== undefined) return `${operation}s ${what}`;
  if (operation === "delete" && type === "docker:index/container:Container" && DATABASES.includes(name))
    return "deletes a database server";
  return undefined;
}
