import { CliError } from "../kit/exit.ts";
import { challengeOf, type Challenge } from "./challenge.ts";
import { fetched } from "./fetched.ts";
import { badAnswer } from "./registry-refusal.ts";

/** User and password, in plain text: they go to the registry and nowhere else. */
interface Login {
  readonly username: string;
  readonly password: string;
}

/** The login for a registry's host. Asked only of a registry that wants one: it may decrypt, and run the operator's command. */
export type LoginFor = (host: string) => Promise<Login | undefined>;

/** What is read, and from where. */
interface Place {
  /** The registry's address, to which user and password may go. */
  readonly base: string;
  readonly host: string;
  readonly repository: string;
}

/**
 * The header that a registry asks for, or nothing where none is known.
 * @throws CliError for a login that is refused, or that would go over a network unencrypted
 */
export async function authorizationFor(
  header: string | null,
  place: Place,
  loginFor: LoginFor,
): Promise<string | undefined> {
  const challenge = challengeOf(header);
  if (challenge === undefined) return undefined;
  const login = await loginFor(place.host);
  const own = login && basic(place.host, login, challenge === "basic" ? place.base : challenge.realm);
  return challenge === "basic" ? own : `Bearer ${await tokenFor(challenge, place, own, login?.username)}`;
}

function basic(host: string, { username, password }: Login, to: string): string {
  const { protocol, hostname } = new URL(to);
  if (protocol !== "https:" && !/^(localhost|127\.0\.0\.1)$/.test(hostname))
    throw new CliError({
      happened: `the registry ${host} wants the login of apprun:registries.${host} at ${hostname} without TLS`,
      fix: "nothing was sent: ask who runs the registry",
    });
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

async function tokenFor(
  { realm, service, scope }: Challenge,
  { host, repository }: Place,
  authorization: string | undefined,
  username: string | undefined,
): Promise<string> {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.set("scope", scope ?? `repository:${repository}:pull`);
  const response = await fetched(url.href, {
    Accept: "application/json",
    ...(authorization !== undefined && { Authorization: authorization }),
  });
  const { token, access_token: access } = response.ok
    ? ((await response.json()) as { token?: string; access_token?: string })
    : {};
  const given = token ?? access;
  if (given !== undefined) return given;
  throw badAnswer(
    response.status,
    username === undefined
      ? {
          happened: `${url.host} gives no token to read ${repository} without a login (${response.status})`,
          fix: `look whether the repository is public, or set apprun:registries.${host} with a login and name the stack with --stack`,
        }
      : {
          happened: `${url.host} gives no token to read ${repository} to ${username}, the login of apprun:registries.${host} (${response.status})`,
          fix: "set its password again, or give it the right to pull",
        },
  );
}
