/** Files of a stack that the engine and the commands must read alike. */
export interface StackFiles {
  readonly name: string;
  /** Below `config` in Pulumi.yaml. */
  readonly project?: string;
  /** The stack's file. */
  readonly stack: string;
}

const file = (name: string, stack: string, project?: string): StackFiles => ({
  name,
  stack: `config:\n${stack.replaceAll(/^/gm, "  ")}\n`,
  ...(project !== undefined && { project }),
});

/** What is accepted. */
export const GOOD_FILES: readonly StackFiles[] = [
  { name: "an empty file", stack: "" },
  { name: "no settings", stack: "config: {}\n" },
  { name: "settings that are nothing", stack: "config:\n" },
  { name: "a byte order mark", stack: "\uFEFFconfig:\n  apprun:domain: a.example.com\n" },
  file("a domain", "apprun:domain: a.example.com"),
  file("a key without a prefix", "domain: a.example.com"),
  file("a key in the old form", "apprun:config:domain: a.example.com"),
  file("a key of the engine", "pulumi:disable-default-providers: ['*']"),
  file("a key in quotes", '"apprun:domain": "a.example.com"'),
  file("a text in single quotes", "apprun:domain: 'a.example.com'"),
  file("a text over lines", "apprun:domain: >-\n  a.example.com"),
  file("a map as JSON", 'apprun:app: {"replicas": 2}'),
  file("a map as a text of JSON", "apprun:app: '{\"replicas\": 2}'"),
  file("a map in block style", "apprun:app:\n  replicas: 2\n  logLevel: debug"),
  file("a whole number for CPU", "apprun:host: { cpu: 2 }"),
  file("a fraction for CPU", "apprun:host: { cpu: 2.5 }"),
  file("a text for CPU", 'apprun:host: { cpu: "2" }'),
  file("thousandths for CPU", "apprun:host: { cpu: 2500m }"),
  file("a number of bytes in a text", "apprun:host: { memory: 8Gi }"),
  file("a number with a sign", "apprun:app: { replicas: +2 }"),
  file("a number with an exponent", "apprun:app: { replicas: 2e0 }"),
  file("a number as a fraction", "apprun:app: { replicas: 2.0 }"),
  file("a number to the base of 16", "apprun:proxy: { port: 0x2000 }"),
  file("a number to the base of 8", "apprun:proxy: { port: 020000 }"),
  file("a number to the base of 8 with its letter", "apprun:proxy: { port: 0o20000 }"),
  file("a number to the base of 2", "apprun:app: { replicas: 0b10 }"),
  file("a number in groups", "apprun:proxy: { port: 8_192 }"),
  file("a flag", "apprun:volumes: { protect: false }"),
  file("a flag in capitals", "apprun:volumes: { protect: FALSE }"),
  file("a merge key", "apprun:app: &small\n  replicas: 2\napprun:kratos:\n  <<: *small"),
  file(
    "a merge key that is written over",
    "apprun:app: &small\n  replicas: 2\napprun:kratos:\n  <<: *small\n  replicas: 3",
  ),
  file("an alias", "apprun:app: &small\n  replicas: 2\napprun:kratos: *small"),
  file("a tag", "apprun:domain: !!str a.example.com"),
  file("a date as a reason", "apprun:policies: { accept: { image-digest: 2026-01-02 } }"),
  file("a time as a reason", "apprun:policies: { accept: { image-digest: 2026-01-02T03:04:05Z } }"),
  file("a word that was a flag", "apprun:policies: { accept: { image-digest: yes } }"),
  file("the project's value", "{}", "apprun:domain: b.example.com"),
  file("the project's value without a prefix", "{}", "domain: b.example.com"),
  file("the stack's value over the project's", "apprun:domain: a.example.com", "domain: b.example.com"),
  file(
    "the stack's value without a prefix over the project's",
    "domain: a.example.com",
    "apprun:domain: b.example.com",
  ),
  file("a default of the project", "{}", "apprun:domain: { default: b.example.com }"),
  file("a value of the project", "{}", "apprun:domain: { value: b.example.com }"),
  file("a default with its description", "{}", "domain: { description: where, default: b.example.com }"),
  file("a map of the project", "{}", "apprun:app: { default: { replicas: 2 } }"),
  file("a map of the stack over the project's", "apprun:app: { logLevel: debug }", "app: { value: { replicas: 2 } }"),
  file("a path of the project", "{}", "app.replicas: 2"),
  file("a path of the project beside the stack's", "apprun:app: { logLevel: debug }", "app.replicas: 2"),
  file("the stack's value over the project's path", "apprun:app: { replicas: 3 }", "app.replicas: 2"),
  file("a flag of the project", "{}", "volumes.protect: false"),
];

/** What is refused. */
export const BAD_FILES: readonly StackFiles[] = [
  file("a domain that is a number", "apprun:domain: 7"),
  file("a domain that is a number in a text", 'apprun:domain: "7"'),
  file("a domain that is nothing", "apprun:domain:"),
  file("a domain that is a flag", "apprun:domain: true"),
  file("an address for a domain", "apprun:domain: 192.168.1.10"),
  file("umlauts", "apprun:domain: bücher.example.com"),
  file("a key of another project", "shop:domain: a.example.com"),
  file("a key of a provider", "docker:host: tcp://192.0.2.1:2375"),
  file("a path that was set without --path", "apprun:app.replicas: 2"),
  file("a misspelt key", "apprun:app: { replica: 2 }"),
  file("an unknown key without a prefix", "grafanna: {}"),
  file("a flag that is a word", "apprun:volumes: { protect: yes }"),
  file("a map that is a list", "apprun:app: [1]"),
  file("a map that is a text", "apprun:app: small"),
  file("a map that is nothing", "apprun:app:"),
  file("a number that is a text", 'apprun:app: { replicas: "2" }'),
  file("memory that is a number", "apprun:host: { memory: 8 }"),
  file("a secret in plain text", "apprun:smtpUri: smtps://mail.example.com"),
  file("a secret of the project", "{}", "apprun:smtpUri: smtps://mail.example.com"),
  file("a wrong value of the project", "{}", "domain: 7"),
  file("another project's value in the project", "{}", "shop:domain: b.example.com"),
  file("a list of the project", "{}", "apprun:app: [1]"),
];
