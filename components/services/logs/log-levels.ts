/** How serious a line is, and the words that programs use for it. */
const LEVELS = {
  debug: ["trace", "trc", "debug", "dbg"],
  info: ["info", "inf", "informational", "notice", "log"],
  warn: ["warn", "warning", "wrn"],
  error: ["error", "err", "eror"],
  fatal: ["fatal", "ftl", "panic", "dpanic", "critical", "crit", "alert", "emergency"],
} as const satisfies Record<string, readonly string[]>;

/** Every value of the label `level`; the last is for lines that do not say. */
export const LOG_LEVELS = [...Object.keys(LEVELS), "unknown"] as const;

const WORDS = Object.values<readonly string[]>(LEVELS).flat();

/** The word in a line of text, as logfmt (`level=warn`), PostgreSQL (`[1] ERROR:`) and NATS (`[INF]`) write it; RE2. */
export const LEVEL_IN_TEXT = String.raw`(?i)(?:\blevel="?|\] |\[)(?P<text_level>${WORDS.join("|")})\b`;

/** A template of Go that turns the word of a JSON line or of a text into a value of the label. */
export const LEVEL_TEMPLATE = [
  '{{ $word := ToLower (printf "%v" (or .json_level .text_level "")) }}',
  ...Object.entries(LEVELS).map(
    ([level, words], index) =>
      `{{ ${index === 0 ? "if" : "else if"} eq $word ${words.map((word) => `"${word}"`).join(" ")} }}${level}`,
  ),
  "{{ else }}unknown{{ end }}",
].join("");
