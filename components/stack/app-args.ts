import type { AppArgs } from "../services/app/args.ts";
import { pathOf } from "../services/app/paths-settings.ts";
import { filesFrom } from "./project-files.ts";
import { isSample } from "../services/app/rules.ts";
import type { SampleArgs } from "../services/app/sample.ts";
import { pagesOf } from "./pages.ts";
import type { Settings } from "./settings.ts";

/** What the settings say of the app, in the app's own terms. */
export function appArgs(
  settings: Settings,
): Pick<AppArgs, "bucket" | "objectives" | "encryptionKey" | "paths" | "probeCommand" | "secrets" | "files"> &
  Omit<Settings["app"], "image" | "paths" | "files"> {
  const { app, slo, secrets } = settings;
  const { image, paths, files, ...rest } = app;
  return {
    ...rest,
    paths: { health: pathOf(paths.health), ready: paths.ready, metrics: pathOf(paths.metrics) },
    files: filesFrom(files, settings.projectFiles),
    probeCommand: image?.probeCommand,
    secrets: settings.ownSecrets,
    bucket: bucketOf(settings),
    // The settings give percentages, the rules need parts.
    objectives: { availability: slo.availability / 100, latency: slo.latency / 100 },
    encryptionKey: secrets.encryptionKey,
  };
}

/** What the sample app shows, in a stack whose settings name no app. `url` gives the address of a page. */
export function sampleOf(settings: Settings, url: (page: string) => string): SampleArgs | undefined {
  const { app, images, identity } = settings;
  if (!isSample(app, images)) return undefined;
  const pages = pagesOf(settings).filter(({ on, path }) => on && path === undefined);
  return {
    stack: identity.stack,
    port: app.port,
    pages: pages.map(({ name }) => ({ name, url: url(name) })),
  };
}

/** The bucket of the app's files; the settings' rules make sure that its keys are there. */
function bucketOf({
  storage: { s3 },
  secrets: { storageAccessKeyId, storageSecretAccessKey },
}: Settings): AppArgs["bucket"] {
  if (s3 === undefined || storageAccessKeyId === undefined || storageSecretAccessKey === undefined) return undefined;
  return { ...s3, keys: { accessKeyId: storageAccessKeyId, secretAccessKey: storageSecretAccessKey } };
}
