import { describe, expect, it } from "vitest";
import { CLAIMS, NOT_VERIFIED } from "../../components/model/image-sources.ts";
import { CATALOGUE } from "../../components/services/catalogue.ts";

const images = Object.entries(CATALOGUE);

describe("what the catalogue says of an image", () => {
  it.each(images)("%s has a public page for each claim, or says that none was found", (_, { sources }) => {
    for (const claim of CLAIMS) {
      const source = sources[claim];
      if (source === NOT_VERIFIED) continue;
      expect(new URL(source).protocol).toBe("https:");
      // A branch says something else next month.
      if (source.startsWith("https://github.com/"))
        expect(source).toMatch(
          /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/blob\/([0-9a-f]{40}|v?\d+(\.\d+)+)\/[\w./-]+$/,
        );
    }
  });

  it.each(images)("%s was looked up on a day that has been", (_, { sources: { lookedUp } }) => {
    expect(lookedUp).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    const day = new Date(lookedUp);
    expect(day.toISOString().slice(0, 10)).toBe(lookedUp);
    expect(day.getTime()).toBeLessThanOrEqual(Date.now());
  });
});
