// Asks SeaweedFS' port for other servers to take an administrator of ours: PutIdentity over gRPC, written out.
import { connect } from "node:http2";

const [host, port, name, key] = process.argv.slice(-4);
const field = (number, content) => Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
const credential = Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(key))]);
const identity = Buffer.concat([field(1, Buffer.from(name)), field(2, credential), field(3, Buffer.from("Admin"))]);
const message = field(1, identity);
const frame = Buffer.alloc(5);
frame.writeUInt32BE(message.length, 1);

const end = (text) => {
  console.log(text);
  process.exit(0);
};
const session = connect(`http://${host}:${port}`);
session.on("error", (error) => end(`refused: ${error.message}`));
session.on("close", () => end("refused: the connection was closed"));
const request = session.request({
  ":method": "POST",
  ":path": "/messaging_pb.SeaweedS3IamCache/PutIdentity",
  "content-type": "application/grpc",
  te: "trailers",
});
request.on("trailers", (trailers) => end(`answered: ${String(trailers["grpc-status"])}`));
request.on("error", (error) => end(`refused: ${error.message}`));
request.end(Buffer.concat([frame, message]));
setTimeout(() => end("refused: no answer"), 5000);
