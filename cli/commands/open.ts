import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { note, print, printJson } from "../kit/output.ts";
import { loadProject, type CommonOptions } from "../kit/project.ts";
import { named } from "../kit/services.ts";

/** Prints the address of a page, and shows it where somebody sits at a terminal that has a browser. */
export async function open(page: string, options: CommonOptions): Promise<void> {
  const { recording } = await loadProject(options);
  const { urls, access, pages, credentials } = recording.result;
  const { name, url } = named(
    "page",
    page,
    Object.entries(urls).map(([key, value]) => ({ name: key, url: value })),
  );
  const way = access[name];
  if (options.json === true) printJson({ page: name, url, ...(way !== undefined && { after: way }) });
  else print(url);
  // A page of a cluster that has no address of its own answers only while this runs.
  if (way !== undefined) note(`after: ${way}`);
  const behind = pages[name];
  if (behind !== undefined && behind in credentials && options.json !== true)
    note(`log in with: npm run credentials -- ${behind}`);
  const program = process.stdout.isTTY && options.json !== true && way === undefined ? browser(process.env) : undefined;
  if (program !== undefined) spawn(program, [url], { detached: true, stdio: "ignore" }).unref();
}

/** The program that shows an address; none over a connection without a screen. */
export function browser(
  { PATH = "", DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME, SSH_CONNECTION }: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const found = (program: string) => PATH.split(delimiter).some((directory) => existsSync(join(directory, program)));
  if (platform === "darwin") return SSH_CONNECTION === undefined ? "open" : undefined;
  if (WSL_DISTRO_NAME !== undefined && found("wslview")) return "wslview";
  const screen = DISPLAY !== undefined || WAYLAND_DISPLAY !== undefined;
  return screen && found("xdg-open") ? "xdg-open" : undefined;
}
