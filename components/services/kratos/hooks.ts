import { bodyPath } from "./files.ts";
import type { WebHookSettings } from "./login-settings.ts";
import type { KratosSettings } from "./settings.ts";

type Hook = Readonly<Record<string, unknown>>;
type Values = Readonly<Record<string, string>>;
type WebHooks = KratosSettings["webHooks"];

/** Methods with which users register; each names its hooks, because Kratos takes the common ones only for those that name none. */
export function registeringMethods({ methods, providers }: Pick<KratosSettings, "methods" | "providers">) {
  return [
    ...(methods.password ? ["password"] : []),
    ...(methods.code === "login" ? ["code"] : []),
    ...(methods.webauthn === "login" ? ["webauthn"] : []),
    ...(methods.passkey ? ["passkey"] : []),
    ...(Object.keys(providers).length > 0 ? ["oidc"] : []),
  ] as const;
}

/** Names of the secrets that the calls carry. */
export function hookSecrets(webHooks: WebHooks): readonly string[] {
  return Object.values(webHooks).flatMap(({ auth }) => (auth === undefined ? [] : [auth.secret]));
}

/** Whether a call goes to the app, inside of the stack. */
export function callsApp({ url }: Pick<WebHookSettings, "url">): boolean {
  return url.startsWith("/");
}

export interface HooksArgs extends Pick<KratosSettings, "webHooks" | "methods" | "providers"> {
  /** Where the app listens inside of the stack. */
  readonly appInside: string;
}

const FLOWS = ["registration", "login", "settings", "recovery", "verification"] as const;

/**
 * What calls do in each flow. Kratos replaces a list by a later file's, so a
 * list with a secret in it is whole in the secret file. Without `values` these
 * are the lists of the plain file, with them those of the secret one.
 */
export function flowHooks(args: HooksArgs, values?: Values): Readonly<Record<string, object>> {
  return Object.fromEntries(
    FLOWS.flatMap((flow) => {
      const before = listOf(args, flow, "before", values);
      const after = listOf(args, flow, "after", values);
      const hooks = {
        ...(before.length > 0 && { before: { hooks: before } }),
        ...(flow === "registration"
          ? afterRegistration(args, after, values)
          : after.length > 0 && { after: { hooks: after } }),
      };
      return Object.keys(hooks).length > 0 ? [[flow, hooks]] : [];
    }),
  );
}

/** Whoever registers is logged in, after what others say to it. */
function afterRegistration(args: HooksArgs, calls: readonly Hook[], values: Values | undefined) {
  if (values !== undefined && calls.length === 0) return {};
  const hooks = [...calls, { hook: "session" }];
  return { after: Object.fromEntries(registeringMethods(args).map((method) => [method, { hooks }])) };
}

/** The calls of a flow, where they are in the file that is asked for. */
function listOf(
  { webHooks, appInside }: HooksArgs,
  flow: WebHookSettings["flow"],
  when: WebHookSettings["when"],
  values: Values | undefined,
): readonly Hook[] {
  const calls = Object.entries(webHooks)
    .filter(([, hook]) => hook.flow === flow && hook.when === when)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const isSecret = calls.some(([, { auth }]) => auth !== undefined);
  if (isSecret !== (values !== undefined)) return [];
  return calls.map(([name, hook]) => call(name, hook, appInside, values ?? {}));
}

function call(name: string, hook: WebHookSettings, appInside: string, values: Values): Hook {
  const { url, method, answer, auth } = hook;
  return {
    hook: "web_hook",
    config: {
      url: callsApp(hook) ? `${appInside}${url}` : url,
      method,
      ...(method !== "GET" && { body: `file://${bodyPath(name, hook)}` }),
      ...(answer !== "wait" && { response: { [answer]: true } }),
      ...(auth && {
        auth: { type: "api_key", config: { name: auth.header, value: values[auth.secret] ?? "", in: "header" } },
      }),
    },
  };
}
