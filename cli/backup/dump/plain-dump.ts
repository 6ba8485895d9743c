import { CliError, EXIT } from "../../kit/exit.ts";

/** Statements that make another system's owners, rights and copies of data; each is one line. */
const LEFT_OUT = [
  /^ALTER .+ OWNER TO .+;$/,
  /^ALTER DEFAULT PRIVILEGES .+;$/,
  /^(GRANT|REVOKE) .+;$/,
  /^SET SESSION AUTHORIZATION .+;$/,
  /^SECURITY LABEL .+;$/,
  /^(CREATE|ALTER) (PUBLICATION|SUBSCRIPTION) .+;$/,
  // Of an extension that every database has, and of those that the stack makes.
  /^COMMENT ON EXTENSION .+;$/,
  /^CREATE EXTENSION IF NOT EXISTS plpgsql .+;$/,
  // Newer versions of pg_dump close psql's commands off with it, older ones of psql do not know it.
  /^\\(un)?restrict \w+$/,
];

const COPY = /^COPY ((?:"(?:[^"]|"")*"|[^" ])+) .*FROM stdin;$/;
const END_OF_ROWS = "\\.";

/** What ends or begins something outside of quotes; a name goes first, because it may have a `$`. */
const TOKEN =
  /[A-Za-z_\u0080-\u00ff][\w$\u0080-\u00ff]*|'|"|\$(?:[A-Za-z_\u0080-\u00ff][\w\u0080-\u00ff]*)?\$|--|\/\*|\\|;|\S/g;

/**
 * Reads a plain dump line by line and says of each what is loaded. Lines of one
 * byte a letter: a dump may have any encoding. What is left out becomes an
 * empty line, so that psql's numbers are those of the file.
 */
export class PlainDump {
  /** Rows by table, as the dump writes its name; those of INSERT are not counted. */
  readonly rows = new Map<string, number>();
  #line = 0;
  /** The table whose rows come. */
  #copy: string | undefined;
  /** What ends the quote that the line begins in. */
  #quote: string | undefined;
  /** Whether a statement begins with the line. */
  #fresh = true;

  /** @throws CliError for what only psql would do */
  take(line: string): string {
    this.#line += 1;
    const bare = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (this.#copy !== undefined) {
      if (bare === END_OF_ROWS) this.#copy = undefined;
      else this.rows.set(this.#copy, (this.rows.get(this.#copy) ?? 0) + 1);
      return line;
    }
    if (this.#quote === undefined && this.#fresh) {
      if (LEFT_OUT.some((pattern) => pattern.test(bare))) return "";
      const table = COPY.exec(bare)?.[1];
      if (table !== undefined) {
        this.#copy = table;
        this.rows.set(table, this.rows.get(table) ?? 0);
        return line;
      }
    }
    this.#scan(bare);
    return line;
  }

  /** What the dump was about when it ended; nothing for one that is whole. */
  get unfinished(): string | undefined {
    if (this.#copy !== undefined) return `the rows of ${this.#copy}`;
    return this.#quote === undefined ? undefined : "a quoted text";
  }

  #scan(line: string): void {
    let at = 0;
    while (at < line.length) {
      if (this.#quote !== undefined) {
        const end = line.indexOf(this.#quote, at);
        if (end === -1) return;
        at = end + this.#quote.length;
        this.#quote = undefined;
      }
      TOKEN.lastIndex = at;
      const token = TOKEN.exec(line)?.[0];
      if (token === undefined || token === "--") return;
      at = TOKEN.lastIndex;
      if (token === "\\") throw this.#refusal(line);
      if (token === "/*") this.#quote = "*/";
      else if (token === "'" || token === '"' || token.startsWith("$")) this.#quote = token;
      this.#fresh = token === ";";
    }
  }

  #refusal(line: string): CliError {
    const command = /\\\S*/.exec(line)?.[0] ?? "\\";
    return new CliError(
      {
        got: `line ${this.#line}: got psql's command ${command}`,
        allowed: "the dump of one database, without --create",
        fix: "make it again: pg_dump --format custom; nothing was changed",
      },
      EXIT.usage,
    );
  }
}
