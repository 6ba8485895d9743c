import { expect, it } from "vitest";
import { pictureOf } from "../../scripts/pages/terminal-picture.ts";

/** What a browser would draw of the first line. */
const firstLine = async (recording: string) => /<text [^>]*>.*<\/text>/.exec(await pictureOf(recording))?.[0];

it("keeps the columns of a table, which a browser shrinks to one space", async () => {
  expect(await firstLine("proxy      healthy")).toBe(
    '<text x="12" y="25.5" textLength="151"><tspan fill="#d4d4d4">proxy\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0healthy</tspan></text>',
  );
});

it("has what a terminal shows in the end, in its colours", async () => {
  expect(await firstLine("starting\r\u001b[2K\u001b[32mok\u001b[0m <a> & b")).toBe(
    '<text x="12" y="25.5" textLength="84"><tspan fill="#23d18b">ok</tspan><tspan fill="#d4d4d4">\u00a0&lt;a&gt;\u00a0&amp;\u00a0b</tspan></text>',
  );
});
