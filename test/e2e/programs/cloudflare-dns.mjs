// A zone of one domain: TXT records made through the part of Cloudflare's API that orders certificates, and answered
// over DNS. Every other name has no answer, as a name server that knows only its own zone.
import { createSocket } from "node:dgram";
import { createServer } from "node:http";

const [zone, server, token] = process.argv.slice(2);
const ZONE_ID = "zone-1";
const [TXT, SOA, NS] = [16, 6, 2];
const records = new Map();
let made = 0;

createServer((request, response) => {
  let text = "";
  request.on("data", (part) => (text += part));
  request.on("end", () => {
    const answer = (status, body) => {
      console.log(`${request.method} ${request.url} ${status}`);
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    };
    const result = (value) => answer(200, { success: true, errors: [], messages: [], result: value });
    if (request.headers.authorization !== `Bearer ${token}`)
      return answer(403, { success: false, errors: [{ code: 9109, message: "Invalid access token" }], result: null });
    const { pathname, searchParams } = new URL(request.url, "http://cloudflare");
    if (pathname === "/client/v4/zones")
      return result([undefined, null, zone].includes(searchParams.get("name")) ? [{ id: ZONE_ID, name: zone }] : []);
    const [, id] = new RegExp(`^/client/v4/zones/${ZONE_ID}/dns_records(?:/([\\w-]+))?$`).exec(pathname) ?? [];
    if (request.method === "POST") {
      const record = { ...JSON.parse(text), id: `record-${++made}` };
      records.set(record.id, record);
      return result(record);
    }
    if (request.method === "DELETE") {
      records.delete(id);
      return result({ id });
    }
    return result([...records.values()]);
  });
}).listen(8080);

const labels = (name) =>
  Buffer.concat([...name.split(".").map((part) => Buffer.from([part.length, ...Buffer.from(part)])), Buffer.from([0])]);

/** The data of each answer to a question (RFC 1035). */
function dataOf(name, type) {
  if (type === TXT)
    return [...records.values()]
      .filter((record) => record.name === name)
      .map(({ content }) => content.replaceAll('"', ""))
      .map((content) => Buffer.from([content.length, ...Buffer.from(content)]));
  if (name !== zone) return [];
  if (type === NS) return [labels(server)];
  if (type === SOA) return [Buffer.concat([labels(server), labels(`hostmaster.${zone}`), Buffer.alloc(20, 1)])];
  return [];
}

const socket = createSocket("udp4");
socket.on("message", (query, { port, address }) => {
  const parts = [];
  let at = 12;
  for (let length = query[at]; length > 0; length = query[at]) {
    parts.push(query.subarray(at + 1, at + 1 + length).toString());
    at += length + 1;
  }
  const name = parts.join(".").toLowerCase();
  const type = query.readUInt16BE(at + 1);
  const question = query.subarray(12, at + 5);
  const answers = dataOf(name, type).map((data) => {
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0xc00c, 0); // the name of the question
    head.writeUInt16BE(type, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt32BE(1, 6);
    head.writeUInt16BE(data.length, 10);
    return Buffer.concat([head, data]);
  });
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8580, 2); // an answer with authority
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(answers.length, 6);
  socket.send(Buffer.concat([head, question, ...answers]), port, address);
});
socket.bind(53);
