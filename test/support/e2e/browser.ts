import { existsSync } from "node:fs";
import { launch, type Browser, type Page } from "puppeteer-core";
import { totp } from "./totp.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** What the browser has drawn of an element. */
interface Drawn {
  readonly textContent: string | null;
}

export const hasChromium = (): boolean => CHROMIUM !== undefined;

/** A browser for which every name below localhost is this machine, and a certificate of a test is good. */
export function openBrowser(): Promise<Browser> {
  return launch({
    executablePath: CHROMIUM!,
    // QUIC takes no certificate that is good for the test alone.
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--host-resolver-rules=MAP *.localhost 127.0.0.1"],
    acceptInsecureCerts: true,
  });
}

/** Somebody who uses the pages of `programs/login-pages.mjs` in a browser. */
export class LoginVisitor {
  readonly #page: Page;
  readonly #app: string;

  /** `app` is the address of its first page, with a slash at the end. */
  constructor(page: Page, app: string) {
    this.#page = page;
    this.#app = app;
  }

  /** Who the app says is logged in, and how surely. */
  async who(): Promise<string> {
    await this.#goto(this.#app);
    return this.#textOf("#who");
  }

  async begin(flow: "login" | "recovery" | "registration" | "settings", query = ""): Promise<void> {
    await this.#goto(`${this.#app}auth/${flow}${query}`);
    await this.#follow("#begin");
  }

  /** Fills in fields of one form by their names, and sends it by its button. */
  async send(form: string, fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) {
      const input = await this.#page.$(`#${form} input[name="${name}"]`);
      if (input === null) throw new Error(`the form ${form} has no ${name}: ${await this.#page.content()}`);
      // The field may hold what was sent before.
      await input.click({ count: 3 });
      await input.type(value);
    }
    await this.#follow(`#${form} button`);
  }

  /** What Kratos said above the form. */
  messages(): Promise<string[]> {
    return this.#page.$$eval(".message", (all: readonly Drawn[]) => all.map(({ textContent }) => textContent ?? ""));
  }

  /** The secret that an authenticator app would read off the page. */
  totpSecret(): Promise<string> {
    return this.#textOf("#totp_secret_key");
  }

  async sendCode(secret: string): Promise<void> {
    await this.send("totp", { totp_code: totp(secret) });
  }

  async leave(): Promise<void> {
    await this.#goto(this.#app);
    await this.#follow("#leave");
  }

  /** Follows a link that the browser got from elsewhere, such as a mail. */
  async open(link: string): Promise<void> {
    await this.#goto(link);
  }

  address(): string {
    return this.#page.url();
  }

  /** The session's cookie, as the browser keeps it. */
  async cookie() {
    return (await this.#page.browserContext().cookies()).find(({ name }) => name === "ory_kratos_session");
  }

  /** A network that Docker makes or removes ends what a browser just asks for. */
  async #goto(address: string, tries = 3): Promise<void> {
    try {
      await this.#page.goto(address);
    } catch (error) {
      if (tries <= 1 || !String(error).includes("ERR_NETWORK_CHANGED")) throw error;
      await this.#goto(address, tries - 1);
    }
  }

  async #textOf(selector: string): Promise<string> {
    return this.#page.$eval(selector, ({ textContent }: Drawn) => textContent ?? "");
  }

  async #follow(selector: string): Promise<void> {
    await Promise.all([this.#page.waitForNavigation(), this.#page.click(selector)]);
  }
}
