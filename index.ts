import { all, secret } from "@pulumi/pulumi";
import { loadSettings } from "./components/stack/load.ts";
import { Stack } from "./components/stack/stack.ts";

// The engine's library takes a stack trace for every resource, and translating each by source maps took a third of a preview. Node strips
// types in place, so the program's own positions are right without it.
Reflect.deleteProperty(Error, "prepareStackTrace");

const stack = new Stack(loadSettings());

/** URL of each page, by route name. */
export const urls = stack.urls;

/** Certificate in PEM that clients must trust, with `tls.mode` local-ca. */
export const localCa = stack.localCa;

/** What data is encrypted with; secret. */
export const dataKeys = secret(all(stack.dataKeys));

/** Username and password by service; secret. */
export const credentials = secret(all(stack.credentials));
