import type { Pins } from "../app/rules.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import type { SettingsProblem } from "../../settings/kit/settings-problem.ts";
import type { OwnServiceFacts } from "./preset.ts";
import type { ownServices } from "./settings.ts";

/** What the rules read. */
export type Read = Slice<{ services: typeof ownServices }> & {
  readonly platform: "docker" | "kubernetes";
  readonly images: Pins;
  readonly app: { readonly image?: { readonly probeTool?: string | undefined } | undefined };
};

/** A rule over one service; `path` is that of its settings. */
export type OwnServiceRule = (
  service: OwnServiceFacts,
  path: string,
  settings: Pick<Read, "platform" | "app" | "images">,
) => SettingsProblem | undefined;
