// A server that streams, answers late, says of its pages what browsers may do, counts bodies and echoes over WebSockets, without packages.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  let size = 0;
  request.on("data", (chunk) => (size += chunk.length));
  request.on("end", () => {
    if (pathname === "/stream") {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write("data: 0\n\n");
      const beat = setInterval(() => response.write("data: next\n\n"), 1000);
      response.on("close", () => clearInterval(beat));
    } else if (pathname === "/poll") {
      const late = setTimeout(() => response.end("late"), Number(searchParams.get("seconds")) * 1000);
      response.on("close", () => clearTimeout(late));
    } else if (pathname === "/page") {
      response.setHeader("Permissions-Policy", "camera=*");
      response.setHeader("X-Frame-Options", "ALLOW-FROM https://old.example.com");
      response.setHeader("Content-Security-Policy", "frame-ancestors https://own.example.com");
      response.end();
    } else response.end(`got ${size}`);
  });
});

const ACCEPT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

server.on("upgrade", (request, socket) => {
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${ACCEPT}`).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  // A short masked frame comes back unmasked.
  socket.on("data", (frame) => {
    const length = frame[1] & 0x7f;
    const [mask, data] = [frame.subarray(2, 6), frame.subarray(6, 6 + length)];
    const plain = data.map((byte, at) => byte ^ mask[at % 4]);
    socket.write(Buffer.concat([Buffer.from([frame[0], length]), plain]));
  });
  socket.on("error", () => socket.destroy());
});

server.listen(8080);
