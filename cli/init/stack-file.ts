import { stringify } from "yaml";
import { bucketAt } from "../backup/bucket/given-bucket.ts";
import type { Answers } from "./answers.ts";
import { imageParts } from "./image-parts.ts";

type Part = (answers: Answers) => readonly string[];

const isProd = ({ stack }: Answers) => stack === "prod";
const onDocker = ({ target }: Answers) => target === "docker";

/** A value as YAML writes it on one line: with quotes where it would be a number or a comment. */
function value(given: string): string {
  return stringify(given, { lineWidth: 0 }).trim();
}

const docker: Part = ({ dockerHost }) =>
  dockerHost === undefined
    ? []
    : ["# The Docker Engine that it runs on; ssh:// uses your own keys.", "docker:", `  host: ${value(dockerHost)}`];

const kubernetes: Part = ({ target, storageClass, domain, clusterIssuer = "letsencrypt" }) => [
  "platform: kubernetes",
  "kubernetes:",
  "  # The context of your kubeconfig; its current one without this line.",
  "  # context: default",
  ...(target === "k3s"
    ? []
    : [
        "  # The class of volumes that hold data.",
        `  storageClass: ${value(storageClass ?? "")}`,
        "  # What ends HTTP in this cluster, where it is not Traefik.",
        "  # ingress: { class: nginx, controller: other }",
      ]),
  ...(domain === undefined
    ? ["  ingress: {}"]
    : [
        "  ingress:",
        "    # cert-manager orders the certificate: https://cert-manager.io/docs/installation",
        `    clusterIssuer: ${value(clusterIssuer)}`,
      ]),
];

const way: Part = (answers) => {
  const { domain, acmeEmail } = answers;
  if (domain === undefined) return [];
  const name = [
    "# Its DNS records, and those of every name below it, lead to where it runs.",
    `domain: ${value(domain)}`,
  ];
  if (!onDocker(answers)) return [...name, "tls:", "  mode: acme"];
  return [
    ...name,
    "proxy:",
    "  bind: public",
    ...(isProd(answers)
      ? []
      : [
          "  # The authority asks on port 80: no other stack of this host can have it.",
          "  port: 80",
          "  tlsPort: 443",
        ]),
    "tls:",
    "  mode: acme",
    "  acme:",
    `    email: ${value(acmeEmail ?? "")}`,
  ];
};

const app: Part = (answers) => {
  const { appImage, appPort = "8080" } = answers;
  const parts = appImage === undefined ? undefined : imageParts(appImage);
  if (parts === undefined) return ["# Without app.image the sample app runs; docs/your-app.md."];
  return [
    "# docs/your-app.md says what each line is for.",
    "app:",
    "  image:",
    `    registry: ${value(parts.registry)}`,
    `    repository: ${value(parts.repository)}`,
    `    tag: ${value(parts.tag)}`,
    "    # The user that the image is made for, never root.",
    "    uid: 1000",
    "    gid: 1000",
    ...(onDocker(answers)
      ? ["    # What the image has to ask paths.health with: wget or curl.", "    probeTool: wget"]
      : []),
    `  port: ${appPort}`,
    "  paths:",
    "    health: /health",
    "    metrics: none",
    "  # The names under which your app is told of the database and the rest.",
    "  variablesPreset: none",
    "  variables:",
    '    DATABASE_URL: "{database.url}"',
    '    BASE_URL: "{app.url}"',
    ...(isProd(answers) && !onDocker(answers) ? ["  replicas: 2"] : []),
  ];
};

const kratos: Part = (answers) => {
  const lines = [
    ...(answers.mailFrom === undefined ? [] : [`  mailFrom: ${value(answers.mailFrom)}`]),
    // Each of several replicas would send every mail.
    ...(isProd(answers) && !onDocker(answers) && answers.mailFrom === undefined ? ["  replicas: 2"] : []),
  ];
  return lines.length === 0 ? [] : ["# The login; docs/your-login.md.", "kratos:", ...lines];
};

const backup: Part = ({ backupBucket, region }) => {
  if (backupBucket === undefined)
    return ["# Backups stay where the stack runs; backup.remote copies them to a bucket."];
  const { endpoint, bucket, prefix } = bucketAt({ address: backupBucket });
  return [
    "# Every set, and the engine's state, encrypted; docs/backups.md.",
    "backup:",
    "  remote:",
    `    endpoint: ${value(endpoint)}`,
    ...(region === undefined ? [] : [`    region: ${value(region)}`]),
    `    bucket: ${value(bucket)}`,
    ...(prefix === undefined ? [] : [`    prefix: ${value(prefix)}`]),
  ];
};

const accepted: Part = (answers) => {
  if (!isProd(answers)) return [];
  return [
    "# What this file leaves open; without its line the policy stops an `up`.",
    "policies:",
    "  accept:",
    "    image-digest: tags of versions are enough here; images.pins and app.image.digest pin digests",
    ...(answers.backupBucket === undefined ? ["    backup-remote: no bucket was named when this file was made"] : []),
  ];
};

/** The stack's file, as these answers want it. */
export function stackFileText(project: string, answers: Answers): string {
  const parts = [...(onDocker(answers) ? [docker] : [kubernetes]), way, app, kratos, backup, accepted];
  const lines = parts
    .flatMap((part) => part(answers))
    .map((line) => (/^[a-z]/.test(line) ? `${project}:${line}` : line));
  return [
    "# yaml-language-server: $schema=./Pulumi.schema.json",
    "# docs/settings.md has every setting.",
    "config:",
    ...lines.map((line) => `  ${line}`),
    ...(lines.some((line) => !line.startsWith("#")) ? [] : ["  {}"]),
    "",
  ].join("\n");
}

/** Paths of the secrets that such a file asks for. */
export function secretsOf({ mailFrom, backupBucket }: Answers): readonly string[] {
  return [
    ...(mailFrom === undefined ? [] : ["smtpUri"]),
    ...(backupBucket === undefined ? [] : ["backupAccessKeyId", "backupSecretAccessKey"]),
  ];
}
