// The app of a stack that has no app of its own yet: it shows what it is connected to.
// Plain Node, without packages and without a build. The stack tells it of the services by SAMPLE, a JSON text.
import { createServer, request } from "node:http";
import { connect } from "node:net";

const { stack, port, services, pages } = JSON.parse(process.env.SAMPLE);
const TIMEOUT = 1000;
/** Upper bounds in seconds, as the alerts on slow requests need them. */
const BUCKETS = [0.005, 0.05, 0.1, 0.5, 1, 5];
const requests = new Map();

/** How a service answers: first whether its port takes a connection, then what HTTP says where it speaks that. */
async function look(service) {
  const begun = performance.now();
  const [ok, says] = await opened(service);
  const status = ok && service.http ? await httpStatus(service) : undefined;
  // Any answer below 500 is one: a service need not have a page at "/".
  const state = status === undefined ? says : status < 500 ? "speaks HTTP" : `HTTP ${status}`;
  return { ...service, ok, state, ms: Math.round(performance.now() - begun) };
}

function opened({ host, port }) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT });
    const end = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => end([true, "connected"]));
    socket.once("timeout", () => end([false, "no answer"]));
    socket.once("error", ({ code }) => end([false, code]));
  });
}

function httpStatus({ host, port }) {
  return new Promise((resolve) => {
    const call = request({ host, port, path: "/", timeout: TIMEOUT, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.once("timeout", () => call.destroy());
    call.once("error", () => resolve(undefined));
    call.end();
  });
}

const escaped = (text) =>
  String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

function page(found) {
  const good = found.filter(({ ok }) => ok).length;
  const rows = found.map(
    ({ name, host, port, ok, state, ms }) =>
      `<tr><td><span class="dot ${ok ? "ok" : "bad"}" aria-hidden="true"></span>${escaped(name)}<code>${escaped(host)}:${port}</code></td><td>${ok ? "answers" : "does not answer"}</td><td>${escaped(state)}, ${ms} ms</td></tr>`,
  );
  const links = pages.map(
    ({ name, url }) => `<li><a href="${escaped(url)}">${escaped(name)}</a><span>${escaped(url)}</span></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="10">
<title>apprun: stack ${escaped(stack)}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 52rem; padding: 1.5rem }
h1 { font-size: 1.7rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } p { margin: .4rem 0 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #8884; vertical-align: top } td:last-child { padding-right: 0 } td:first-child { padding-left: 1.3rem; text-indent: -1.3rem } td code { display: block; text-indent: 0; white-space: nowrap; opacity: .75 }
.dot { display: inline-block; width: .7rem; height: .7rem; border-radius: 50%; margin-right: .6rem } .ok { background: #2e8540 } .bad { background: #c5221f }
ul { list-style: none; padding: 0 } li { padding: .4rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere } li span { display: block; font-size: .85rem; opacity: .75 }
code { font-size: .9rem }
@media (max-width: 30rem) { th, td { font-size: .9rem; padding-right: .4rem } td code { font-size: .8rem } }
</style>
</head>
<body>
<main>
<h1>apprun runs</h1>
<p>Stack <strong>${escaped(stack)}</strong>: ${good} of ${found.length} connected services answer.</p>
<p>This is the sample app. Name your own with <code>apprun:app.image</code>.</p>
<h2>Services</h2>
<table>
<thead><tr><th scope="col">service</th><th scope="col">state</th><th scope="col">check</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
<h2>Pages</h2>
<ul>
${links.join("\n")}
</ul>
</main>
</body>
</html>
`;
}

/** The names that apprun promises; what the sample does not do is 0. */
function metrics() {
  const lines = [];
  const series = (name, type, values) =>
    lines.push(`# TYPE ${name} ${type}`, ...values.map(([labels, value]) => `${name}${labels} ${value}`));
  const all = [...requests.values()];
  const labels = ({ method, path, status }) => `{method="${method}",path="${path}",status="${status}"}`;
  series(
    "apprun_http_requests_total",
    "counter",
    all.map((each) => [labels(each), each.count]),
  );
  lines.push("# TYPE apprun_http_request_duration_seconds histogram");
  for (const each of all) {
    const own = `method="${each.method}",path="${each.path}"`;
    const named = (suffix, value, more = "") =>
      lines.push(`apprun_http_request_duration_seconds_${suffix}{${own},status="${each.status}"${more}} ${value}`);
    BUCKETS.forEach((bound, index) => named("bucket", each.buckets[index], `,le="${bound}"`));
    named("bucket", each.count, ',le="+Inf"');
    named("sum", each.seconds);
    named("count", each.count);
  }
  series("apprun_workflow_executions_total", "counter", [['{status="completed"}', 0]]);
  series("apprun_function_invocations_total", "counter", [['{status="completed"}', 0]]);
  series("apprun_db_connections_active", "gauge", [["", 0]]);
  series("apprun_db_connections_max", "gauge", [["", 1]]);
  series("apprun_memory_usage_bytes", "gauge", [["", process.memoryUsage.rss()]]);
  return `${lines.join("\n")}\n`;
}

function count(method, path, status, seconds) {
  const key = `${method} ${path} ${status}`;
  const entry = requests.get(key) ?? { method, path, status, count: 0, seconds: 0, buckets: BUCKETS.map(() => 0) };
  entry.count += 1;
  entry.seconds += seconds;
  BUCKETS.forEach((bound, index) => (entry.buckets[index] += seconds <= bound ? 1 : 0));
  requests.set(key, entry);
}

const ANSWERS = {
  "/": async () => [200, "text/html; charset=utf-8", page(await Promise.all(services.map(look)))],
  "/health": async () => [200, "application/json", JSON.stringify({ status: "ok", service: "sample" })],
  "/ready": async () => {
    const found = await Promise.all(services.filter(({ required }) => required).map(look));
    const status = found.every(({ ok }) => ok) ? 200 : 503;
    return [
      status,
      "application/json",
      JSON.stringify({ ready: status === 200, services: found.map(({ name, ok }) => ({ name, ok })) }),
    ];
  },
  "/metrics": async () => [200, "text/plain; version=0.0.4", metrics()],
};

const server = createServer(async ({ method, url }, response) => {
  const begun = performance.now();
  const path = new URL(url, "http://sample").pathname;
  const known = Object.hasOwn(ANSWERS, path);
  const [status, type, body] = known ? await ANSWERS[path]() : [404, "text/plain", "not found\n"];
  response.writeHead(status, {
    "content-type": type,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(method === "HEAD" ? undefined : body);
  // Paths that nobody knows would make a series each.
  count(
    /^(GET|HEAD|POST)$/.test(method) ? method : "other",
    known ? path : "other",
    status,
    (performance.now() - begun) / 1000,
  );
});
server.listen(port, () => console.log(JSON.stringify({ level: "info", message: `the sample app listens on ${port}` })));
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => server.close(() => process.exit(0)));
