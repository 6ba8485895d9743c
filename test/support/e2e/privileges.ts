/** What a role may do, found by trying; databases by name. */
export interface Privileges {
  readonly role: string;
  /** The role that logs in and becomes it. @default - it logs in itself */
  readonly by?: string;
  readonly connects: readonly string[];
  readonly createsTables: readonly string[];
  /** The owner's tables. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Rows that row security hides from everybody, the owner too. */
  readonly passesRowSecurity: readonly string[];
  readonly createsDatabases: boolean;
  readonly createsRoles: boolean;
  /** Hashes of passwords. */
  readonly readsPasswords: boolean;
  /** As the server shows it to the role. */
  readonly statementTimeout: string;
}

/** The databases that services own; `postgres` is empty and everybody's to connect to. */
export const OWNED = ["apprun", "kratos", "temporal", "temporal_visibility"] as const;
const NOTHING = {
  createsTables: [],
  reads: [],
  writes: [],
  passesRowSecurity: [],
  createsDatabases: false,
  createsRoles: false,
  readsPasswords: false,
};
const owner = (role: string, databases: readonly string[], statementTimeout: string): Privileges => ({
  ...NOTHING,
  role,
  connects: [...databases, "postgres"],
  createsTables: databases,
  reads: databases,
  writes: databases,
  statementTimeout,
});

/** Every role with every database, with all settings that make roles; written by hand from what each is for. */
export const MATRIX: readonly Privileges[] = [
  {
    role: "postgres",
    connects: [...OWNED, "postgres"],
    createsTables: [...OWNED, "postgres"],
    reads: OWNED,
    writes: OWNED,
    passesRowSecurity: OWNED,
    createsDatabases: true,
    createsRoles: true,
    readsPasswords: true,
    statementTimeout: "0",
  },
  owner("apprun", ["apprun"], "1min"),
  owner("kratos", ["kratos"], "15min"),
  owner("temporal", ["temporal", "temporal_visibility"], "15min"),
  // pg_read_all_data covers the catalogue too.
  {
    ...NOTHING,
    role: "backup",
    connects: [...OWNED, "postgres"],
    reads: OWNED,
    passesRowSecurity: OWNED,
    readsPasswords: true,
    statementTimeout: "0",
  },
  {
    ...NOTHING,
    role: "monitoring",
    connects: ["kratos", "temporal", "temporal_visibility", "postgres"],
    statementTimeout: "30s",
  },
  { ...NOTHING, role: "replicator", connects: ["postgres"], statementTimeout: "0" },
  { ...NOTHING, role: "grafana", connects: ["apprun", "postgres"], reads: ["apprun"], statementTimeout: "30s" },
  { ...NOTHING, role: "authenticator", connects: ["apprun", "postgres"], statementTimeout: "8s" },
  { ...NOTHING, role: "anon", by: "authenticator", connects: [], statementTimeout: "8s" },
  { ...NOTHING, role: "authenticated", by: "authenticator", connects: [], statementTimeout: "8s" },
];

/** The matrix as the table of docs/databases.md. */
export function matrixTable(): string {
  const list = (names: readonly string[]) =>
    names.length === 0 ? "–" : names.length >= OWNED.length ? "all" : names.join(", ");
  const server = ({ createsDatabases, createsRoles, readsPasswords }: Privileges) =>
    [
      createsDatabases && "creates databases",
      createsRoles && "creates roles",
      readsPasswords && "reads hashes of passwords",
    ]
      .filter(Boolean)
      .join(", ") || "–";
  const rows = MATRIX.map((row) => [
    row.by === undefined ? `\`${row.role}\`` : `\`${row.role}\`, by \`${row.by}\``,
    list(row.connects.filter((name) => name !== "postgres")),
    list(row.createsTables),
    list(row.reads),
    list(row.writes),
    list(row.passesRowSecurity),
    server(row),
    row.statementTimeout === "0" ? "none" : row.statementTimeout,
  ]);
  const head = [
    "role",
    "connects to",
    "makes tables in",
    "reads",
    "writes",
    "past row security",
    "on the server",
    "statement time-out",
  ];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
