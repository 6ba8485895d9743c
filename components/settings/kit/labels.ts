import { z } from "zod";

const LABELS = 'a map of labels such as {"kubernetes.io/arch": "amd64"}';

/** Of a key without its prefix, and of a value: at most 63 characters. */
const NAME = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
/** A DNS subdomain of at most 253 characters. */
const PREFIX = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** Labels of Kubernetes' objects. What its API would refuse in the middle of an update is refused here. */
export const labels = () =>
  z.record(z.string(), z.string({ error: LABELS }), { error: LABELS }).superRefine((map, context) => {
    for (const [key, value] of Object.entries(map))
      if (!isLabel(key, value)) context.addIssue({ code: "custom", path: [key], message: LABELS, input: value });
  });

function isLabel(key: string, value: string): boolean {
  const parts = key.split("/");
  const [prefix, name = ""] = parts.length === 2 ? parts : [undefined, ...parts];
  return (
    parts.length <= 2 &&
    (prefix === undefined || PREFIX.test(prefix)) &&
    NAME.test(name) &&
    (value === "" || NAME.test(value))
  );
}
