import { expect, it } from "vitest";
import { sharedLayers } from "../../../../cli/runtime/docker/shared-layers.ts";

it.each<[string, string, readonly string[], string]>([
  ["an engine without images", "abc", [], ""],
  ["another image of the same base", "abc", ["xyz", "abd"], "ab"],
  ["the longest of several starts", "abcd", ["a", "abc", "ab"], "abc"],
  ["the whole image under another name", "abc", ["abcd"], "abc"],
  ["the same layer upon another base, which is another one there", "abc", ["xbc"], ""],
  ["a layer that comes again further up", "abab", ["ab"], ""],
  ["one of two layers that comes again", "abcb", ["abx"], "a"],
])("with %s there, %s is sent without what is there", (_, layers, there, shared) => {
  const letters = (word: string) => Array.from(word);
  expect([...sharedLayers(letters(layers), there.map(letters))].join("")).toBe(shared);
});
