import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import type Docker from "dockerode";
import { create, Parser, type ReadEntry } from "tar";

interface FakeImage {
  readonly id: string;
  readonly layers: readonly string[];
}

export const digestOf = (content: string): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** What a Docker Engine has of images, and how it saves and loads them: as `docker save` of 25 and newer, and as the engine that reads it. */
export class FakeImageEngine {
  readonly images = new Map<string, FakeImage>();
  /** Names of the files in the archives that it was given. */
  readonly taken: string[] = [];
  readonly #facts: { readonly id: string; readonly architecture: string; readonly containerd: boolean };
  /** What the next load answers in place of loading. */
  refusal: string | undefined;

  constructor({
    id,
    architecture = "amd64",
    containerd = false,
  }: {
    id: string;
    architecture?: string;
    containerd?: boolean;
  }) {
    this.#facts = { id, architecture, containerd };
  }

  /** Gives it an image of these layers, the lowest first. */
  add(reference: string, ...contents: readonly string[]): this {
    this.images.set(reference, { id: digestOf([reference, ...contents].join()), layers: contents.map(digestOf) });
    contents.forEach((content) => CONTENTS.set(digestOf(content), content));
    return this;
  }

  docker(): Docker {
    const { id: ID, architecture, containerd } = this.#facts;
    return {
      info: () =>
        Promise.resolve({ ID, DriverStatus: containerd ? [["driver-type", "io.containerd.snapshotter.v1"]] : [] }),
      version: () => Promise.resolve({ Os: "linux", Arch: architecture, ApiVersion: "1.48", Version: "28.0.4" }),
      listImages: () => Promise.resolve([...this.images].map(([tag, { id }]) => ({ Id: id, RepoTags: [tag] }))),
      getImage: (name: string) => ({
        inspect: () => this.#inspect(name),
        get: () => Promise.resolve(this.#saved(name)),
      }),
      loadImage: async (archive: Readable) => Object.assign(new PassThrough(), { last: await this.#load(archive) }),
      modem: {
        followProgress: (stream: { last: object }, end: (error: null, events: object[]) => void) => {
          end(null, [stream.last]);
        },
      },
    } as unknown as Docker;
  }

  #inspect(name: string): Promise<object> {
    const image = this.images.get(name) ?? [...this.images.values()].find(({ id }) => id === name);
    if (image === undefined) return Promise.reject(Object.assign(new Error("no such image"), { statusCode: 404 }));
    const { id: Id, layers: Layers } = image;
    return Promise.resolve({ Id, Os: "linux", Architecture: this.#facts.architecture, RootFS: { Layers }, Size: 1000 });
  }

  #saved(reference: string): Readable {
    const { id, layers } = this.images.get(reference) ?? { id: "", layers: [] };
    const directory = mkdtempSync(join(tmpdir(), "image-"));
    mkdirSync(join(directory, "blobs/sha256"), { recursive: true });
    for (const layer of layers) writeFileSync(join(directory, blob(layer)), CONTENTS.get(layer) ?? "");
    writeFileSync(join(directory, "manifest.json"), JSON.stringify({ reference, id, layers }));
    return Readable.from(create({ cwd: directory, portable: true }, ["blobs", "manifest.json"]));
  }

  /** Its answer's last event. A layer is read from the archive only where no image begins with it and all below it. */
  async #load(archive: Readable): Promise<object> {
    const files = await read(archive);
    this.taken.push(...files.keys());
    if (this.refusal !== undefined) return { error: this.refusal };
    const { reference, id, layers } = JSON.parse(files.get("manifest.json") ?? "") as FakeImage & { reference: string };
    const chains = new Set(
      [...this.images.values()].flatMap((image) => image.layers.map((_, at) => chain(image.layers, at))),
    );
    const lost = layers.find(
      (layer, at) => (this.#facts.containerd || !chains.has(chain(layers, at))) && !files.has(blob(layer)),
    );
    if (lost !== undefined) return { error: `open ${blob(lost)}: no such file or directory` };
    this.images.set(reference, { id, layers });
    return { stream: `Loaded image: ${reference}\n` };
  }
}

/** What is in each layer, by its digest. */
const CONTENTS = new Map<string, string>();

export function blob(layer: string): string {
  return `blobs/${layer.replace(":", "/")}`;
}

function chain(layers: readonly string[], at: number): string {
  return layers.slice(0, at + 1).join();
}

/** Contents of the files in an archive by their names. */
export async function read(archive: Readable): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry: ReadEntry) => {
      let content = "";
      entry.on("data", (chunk: Buffer) => (content += chunk.toString()));
      entry.on("end", () => {
        if (entry.type === "File") files.set(entry.path, content);
      });
    },
  });
  const ended = new Promise<void>((resolve, reject) => parser.on("end", resolve).on("error", reject));
  archive.pipe(parser);
  await ended;
  return files;
}
