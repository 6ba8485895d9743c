/** Who may connect to which port in a stack with every core service: written by hand from the seeds' architecture, not from the model. */
export const ARROWS: readonly string[] = [
  "cache-exporter -> cache:6379",
  "grafana -> alertmanager:9093",
  "postgres-exporter -> postgres:5432",
  "postgres-exporter-role -> postgres:5432",
  "prometheus -> alertmanager:9093",
  "prometheus -> cache-exporter:9121",
  "prometheus -> kube-state-metrics:8080",
  "prometheus -> postgres-exporter:9187",

  "postgres-provision -> postgres:5432",
  "kratos-migrate -> postgres:5432",
  "kratos -> postgres:5432",
  "temporal-schema -> postgres:5432",
  "temporal -> postgres:5432",
  "temporal-namespace -> temporal:7233",
  "temporal-ui -> temporal:7233",
  "apprun -> postgres:5432",
  "apprun -> cache:6379",
  "apprun -> kratos:4433",
  "apprun -> kratos:4434",
  "apprun -> temporal:7233",
  "grafana -> prometheus:9090",
  "prometheus -> apprun:8080",
  "prometheus -> grafana:3000",
  "prometheus -> kratos:4434",
  "prometheus -> temporal:9090",
];

/** What backups add to them. */
export const BACKUP_ARROWS: readonly string[] = ["backup -> postgres:5432", "prometheus -> backup-metrics:9100"];

/** What a bucket inside of the stack adds to them. */
export const OBJECT_STORAGE_ARROWS: readonly string[] = [
  "apprun -> seaweedfs:8333",
  "prometheus -> seaweedfs-copy:9326",
  "prometheus -> seaweedfs:9327",
  "seaweedfs-bucket -> seaweedfs:8333",
  "seaweedfs-copy -> seaweedfs:8333",
];

/** What events, messages, traces, logs, a bucket, the app's data in Grafana and calls of the login to the app add to them. */
export const OPTIONAL_ARROWS: readonly string[] = [
  "apprun -> nats:4222",
  "nats-exporter -> nats:8222",
  "prometheus -> nats-exporter:7777",

  "apprun -> jaeger:4318",
  "apprun -> jaeger:14268",
  "grafana -> jaeger:16686",
  "prometheus -> jaeger:8888",

  "alloy -> loki:3100",
  "grafana -> loki:3100",
  "prometheus -> loki:3100",
  "prometheus -> alloy:12345",

  "grafana -> postgres:5432",

  "apprun -> pgbouncer:6432",
  "pgbouncer -> postgres:5432",
  "pgbouncer-exporter -> pgbouncer:6432",
  "prometheus -> pgbouncer-exporter:9127",

  "apprun -> centrifugo:9000",
  "centrifugo -> cache:6379",
  "prometheus -> centrifugo:9000",

  "apprun -> postgrest:3000",
  "postgrest -> postgres:5432",
  "postgrest-schema -> postgres:5432",
  "prometheus -> postgrest:3001",

  "kratos -> apprun:8080",

  ...OBJECT_STORAGE_ARROWS,
];

/** What a PostgreSQL cluster of several instances adds to them: each follows another. */
export const OPERATED_ARROWS: readonly string[] = ["postgres -> postgres:5432"];

/** What the own services of the stack with everything on add to them. */
export const OWN_ARROWS: readonly string[] = [
  "cleanup -> postgres:5432",
  "prometheus -> reports:9001",
  "reports -> centrifugo:9000",
  "reports -> kratos:4433",
  "reports -> kratos:4434",
  "reports -> postgres:5432",
  "web -> apprun:8080",
  "web -> reports:9000",
  "worker -> cache:6379",
  "worker -> jaeger:14268",
  "worker -> jaeger:4318",
  "worker -> nats:4222",
  "worker -> pgbouncer:6432",
  "worker -> postgres:5432",
  "worker -> temporal:7233",
];
