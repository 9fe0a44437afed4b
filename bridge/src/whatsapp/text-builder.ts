/** Builds texts. A URL in a text is never fetched: no preview is made. */
import { BridgeError } from "../errors.js";
import { BuildRefused, type BuildRequest, type Built, type ContentBuilder } from "../sending/ports.js";
import { generateWAMessageContent, proto } from "./baileys.js";
import type { Link } from "./link.js";

export class TextBuilder implements ContentBuilder {
  check({ content }: BuildRequest): Promise<void> {
    return content.type === "text" ? Promise.resolve() : Promise.reject(new BridgeError("content_not_possible"));
  }

  async build(_link: Link, { content }: BuildRequest): Promise<Built> {
    if (content.type !== "text") throw new BuildRefused("content_not_possible");
    const message = await generateWAMessageContent(
      { text: content.text, linkPreview: null },
      { upload: () => Promise.reject(new Error("a text has nothing to upload")) },
    );
    return { encoded: proto.Message.encode(message).finish() };
  }

  release(): void {
    // A text has no files.
  }
}
