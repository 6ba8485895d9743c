import { isSample } from "../../../components/services/app/rules.ts";

interface Named {
  readonly app?: { readonly image?: object };
  readonly images?: { readonly pins?: { readonly apprun?: object } };
}

/** Settings that name no app get the one of the catalogue: what the sample app is has tests of its own. */
export function withApp(values: Record<string, unknown>): Record<string, unknown> {
  const { app = {}, images = {} } = values as Named;
  if (!isSample(app, { pins: { ...images.pins } })) return values;
  return { ...values, images: { ...images, pins: { ...images.pins, apprun: { tag: "1.0.0" } } } };
}
