import { all, secret } from "@pulumi/pulumi";
import { engineId } from "./components/platform/docker/engine-id.ts";
import { loadSettings } from "./components/stack/load.ts";
import { Stack } from "./components/stack/stack.ts";

// The engine's library takes a stack trace for every resource, and translating each by source maps took a third of a preview. Node strips
// types in place, so the program's own positions are right without it.
Reflect.deleteProperty(Error, "prepareStackTrace");

const settings = loadSettings();
const stack = new Stack(settings);

/** URL of each page, by route name. */
export const urls = stack.urls;

/** Certificate in PEM that clients must trust, with `tls.mode` local-ca. */
export const localCa = stack.localCa;

/** What data is encrypted with; secret. */
export const dataKeys = secret(all(stack.dataKeys));

/** Username and password by service; secret. */
export const credentials = secret(all(stack.credentials));

/** Where the data is. The commands compare it before they change anything; a refresh does not alter it. */
export const place = {
  ...(settings.platform === "docker" && { engine: engineId(settings.docker) }),
  data: stack.dataVolumes,
};
