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
