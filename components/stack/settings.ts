import type { Output } from "@pulumi/pulumi";
import type { StackIdentity } from "../model/identity.ts";
import type { ImageFacts } from "../model/images.ts";
import { ownImages } from "../services/catalogue.ts";
import type { Service } from "../services/service.ts";
import type { Environment } from "../settings/kit/environment.ts";
import { STACK_NAME } from "../settings/kit/scalars.ts";
import { mirrorsOf } from "./mirrors.ts";
import type { OwnSecrets } from "./own-secrets.ts";
import type { ProjectFiles } from "./project-files.ts";
import type { ParsedSettings, SecretKey } from "./schema.ts";

/** Everything the program needs to know about a stack: as written, plus what its name decides. */
export interface Settings extends Omit<
  ParsedSettings,
  "domain" | "images" | "proxy" | "volumes" | "backup" | "logs" | "cloudflare"
> {
  readonly identity: StackIdentity;
  readonly environment: Environment;
  readonly domain: string;
  readonly images: ParsedSettings["images"] & {
    readonly own?: Readonly<Record<string, ImageFacts>>;
    readonly mirrors?: Readonly<Record<string, string>>;
  };
  readonly proxy: ParsedSettings["proxy"] & {
    readonly port: number;
    readonly tlsPort: number;
    readonly teamPort: number;
    readonly audience: "public" | "preview";
  };
  readonly cloudflare: ParsedSettings["cloudflare"] & { readonly firewall: { readonly managedRules: boolean } };
  readonly volumes: { readonly protect: boolean };
  readonly backup: ParsedSettings["backup"] & { readonly enabled: boolean };
  readonly logs: ParsedSettings["logs"] & { readonly port: number };
  /** The secrets that were given. */
  readonly secrets: Partial<Record<SecretKey, Output<string>>>;
  /** The operator's own, by name. */
  readonly ownSecrets: OwnSecrets;
  /** Files of the project that the settings name. */
  readonly projectFiles: ProjectFiles;
}

/** Distance of the operators' loopback port from a public proxy's port. */
const TEAM_PORT_OFFSET = 10_000;

/** Fills in what derives from the stack's name. */
export function deriveSettings(
  identity: StackIdentity,
  environment: Environment,
  parsed: ParsedSettings,
  given: Pick<Settings, "secrets" | "ownSecrets" | "projectFiles">,
  services: readonly Service<Settings>[],
): Settings {
  const port = parsed.proxy.port ?? environment.port;
  // Whatever is in front passes on every host name, operators' pages among them: those have a port of their own.
  const isAlone = parsed.proxy.bind === "loopback" && parsed.front === undefined;
  const teamPort = parsed.proxy.teamPort ?? (isAlone ? port : port + TEAM_PORT_OFFSET);
  const settings: Settings = {
    ...parsed,
    identity,
    environment,
    domain: (parsed.domain ?? `${STACK_NAME}.localhost`).replace(STACK_NAME, identity.stack),
    proxy: {
      ...parsed.proxy,
      port,
      tlsPort: parsed.proxy.tlsPort ?? environment.tlsPort,
      teamPort,
      audience:
        parsed.proxy.audience ?? (environment.kind === "pr" && parsed.platform === "docker" ? "preview" : "public"),
    },
    cloudflare: {
      ...parsed.cloudflare,
      firewall: {
        ...parsed.cloudflare.firewall,
        managedRules: parsed.cloudflare.firewall.managedRules ?? parsed.cloudflare.plan !== "free",
      },
    },
    volumes: { protect: parsed.volumes.protect ?? environment.kind !== "pr" },
    backup: { ...parsed.backup, enabled: parsed.backup.enabled ?? environment.kind !== "pr" },
    // The number of a TCP port that is this stack's alone on its host; UDP has numbers of its own.
    logs: { ...parsed.logs, port: parsed.logs.port ?? teamPort },
    secrets: given.secrets,
    ownSecrets: given.ownSecrets,
    projectFiles: given.projectFiles,
  };
  return {
    ...settings,
    images: { ...settings.images, own: ownImages(settings, services), mirrors: mirrorsOf(settings) },
  };
}
