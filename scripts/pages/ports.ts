import { parseSettings } from "../../components/stack/parse.ts";
import { Stack } from "../../components/stack/stack.ts";
import { record } from "../../cli/kit/record.ts";
import { portsDocument } from "../../cli/render/ports.ts";
import type { Page } from "./page.ts";

/** The stack of docs/ports.md: everything that is on by default, public with TLS. */
const VALUES = {
  domain: "example.com",
  // The app itself listens behind the proxy: any stands for yours.
  images: { pins: { apprun: { tag: "1.0.0" } } },
  proxy: { bind: "public" },
  tls: { mode: "acme", acme: { email: "ops@example.com" } },
};

/** What listens where on a public host. */
export const ports: Page = {
  file: "docs/ports.md",
  content: async () => {
    const settings = parseSettings(
      { project: "apprun", stack: "prod" },
      { values: VALUES, secrets: {}, plainSecrets: [] },
    );
    const { result } = await record(settings.identity, () => new Stack(settings));
    return portsDocument(result.inventory);
  },
};
