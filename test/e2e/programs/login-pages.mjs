/* An app with the pages of a login: it draws whatever form Kratos asks for, and shows at / who is logged in. */
import { createServer } from "node:http";

const { LOGIN_URL, LOGIN_INSIDE } = process.env;
const escaped = (text) => String(text ?? "").replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
const ask = (path, { headers }) =>
  fetch(LOGIN_INSIDE + path, { headers: { accept: "application/json", cookie: headers.cookie ?? "" } });

/** One field of a form, as Kratos describes it. */
function field({ type, attributes, meta }) {
  if (type === "text") return `<code id="${escaped(attributes.id)}">${escaped(attributes.text.text)}</code>`;
  if (type !== "input") return "";
  const { name, type: kind, value } = attributes;
  const label = escaped(meta?.label?.text);
  if (kind === "submit" || kind === "button")
    return `<button name="${escaped(name)}" value="${escaped(value)}">${label}</button>`;
  return `<label>${kind === "hidden" ? "" : label}<input name="${escaped(name)}" type="${escaped(kind)}" value="${escaped(value)}"></label>`;
}

/** A form for each way; what belongs to all is in each. */
function forms({ action, nodes, messages = [] }) {
  const shared = nodes.filter(({ group }) => group === "default");
  const groups = [...new Set(nodes.map(({ group }) => group))].filter((group) => group !== "default");
  const said = [...messages, ...nodes.flatMap((node) => node.messages)];
  const each = groups.map((group) => {
    const own = nodes.filter((node) => node.group === group);
    return `<form id="${escaped(group)}" method="post" action="${escaped(action)}">${[...shared, ...own].map(field).join("")}</form>`;
  });
  return [...said.map(({ text }) => `<p class="message">${escaped(text)}</p>`), ...each].join("");
}

async function page(request) {
  const { pathname, search, searchParams } = new URL(request.url, "http://app");
  const flow = /^\/auth\/(login|recovery|registration|settings|verification)$/.exec(pathname)?.[1];
  if (flow === undefined) {
    const session = await (await ask("/sessions/whoami", request)).json();
    if (session.identity === undefined) return `<p id="who">nobody</p>`;
    const logout = await (await ask("/self-service/logout/browser", request)).json();
    const { authenticator_assurance_level: level, identity } = session;
    return `<p id="who">${escaped(identity.traits.email)} ${escaped(level)}</p><a id="leave" href="${escaped(logout.logout_url)}">Leave</a>`;
  }
  const id = searchParams.get("flow");
  if (id === null) return `<a id="begin" href="${LOGIN_URL}/self-service/${flow}/browser${escaped(search)}">Begin</a>`;
  const begun = await ask(`/self-service/${flow}/flows?id=${encodeURIComponent(id)}`, request);
  return forms((await begun.json()).ui);
}

createServer(async (request, answer) => {
  try {
    const body = request.url === "/health" ? "ok" : await page(request);
    answer.setHeader("Content-Type", "text/html; charset=utf-8");
    answer.end(`<!doctype html><title>Login</title>${body}`);
  } catch (error) {
    console.error(error);
    answer.statusCode = 500;
    answer.end("failed");
  }
}).listen(8080);
