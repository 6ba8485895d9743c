import xterm from "@xterm/headless";

/** Columns and lines of the terminal that was recorded. */
export const SCREEN = { cols: 100, rows: 40 };

const CELL = { width: 8.4, height: 18 };
const MARGIN = 12;
const PLAIN = "#d4d4d4";
/** The first colours of a terminal's palette, as far as they are used. */
const PALETTE: Readonly<Record<number, string>> = {
  1: "#f14c4c",
  2: "#23d18b",
  3: "#e5c07b",
  4: "#3b8eea",
  6: "#29b8db",
};

interface Piece {
  text: string;
  readonly colour: string;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** What a terminal shows after everything that was written to it, as an SVG that shows the same everywhere. */
export async function pictureOf(recording: string): Promise<string> {
  const terminal = new xterm.Terminal({ ...SCREEN, scrollback: 1000, allowProposedApi: true });
  await new Promise<void>((resolve) => {
    terminal.write(recording, resolve);
  });
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, row) => piecesOf(active.getLine(row)));
  while (lines.at(-1)?.every(({ text }) => text.trim() === "") === true) lines.pop();
  const [width, height] = [SCREEN.cols * CELL.width + 2 * MARGIN, lines.length * CELL.height + 2 * MARGIN];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<rect width="100%" height="100%" rx="6" fill="#1e1e1e"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    ...lines.map((pieces, row) => lineOf(pieces, MARGIN + (row + 0.75) * CELL.height)),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

type BufferLine = ReturnType<InstanceType<typeof xterm.Terminal>["buffer"]["active"]["getLine"]>;

function piecesOf(line: BufferLine): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let column = 0; column < SCREEN.cols; column += 1) {
    const cell = line?.getCell(column);
    if (cell === undefined) continue;
    const colour = (cell.isFgPalette() ? PALETTE[cell.getFgColor() % 8] : undefined) ?? PLAIN;
    const [bold, dim, text] = [cell.isBold() !== 0, cell.isDim() !== 0, cell.getChars() || " "];
    const last = pieces.at(-1);
    if (last?.colour === colour && last.bold === bold && last.dim === dim) last.text += text;
    else pieces.push({ text, colour, bold, dim });
  }
  return pieces;
}

/** Each line has its width said, so that another font does not move its end. */
function lineOf(pieces: readonly Piece[], y: number): string {
  const length = pieces
    .map(({ text }) => text)
    .join("")
    .trimEnd().length;
  if (length === 0) return "";
  let left = length;
  const spans = pieces.map(({ text, colour, bold, dim }) => {
    const shown = escaped(text.slice(0, Math.max(0, left)));
    left -= text.length;
    return shown === ""
      ? ""
      : `<tspan fill="${colour}"${bold ? ' font-weight="bold"' : ""}${dim ? ' opacity="0.6"' : ""}>${shown}</tspan>`;
  });
  return `<text x="${MARGIN}" y="${y}" textLength="${Math.round(length * CELL.width)}">${spans.join("")}</text>`;
}

/** Browsers no longer keep spaces for `xml:space`: they shrink to one, and the line's length stretches its letters. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(" ", "\u00a0");
}
