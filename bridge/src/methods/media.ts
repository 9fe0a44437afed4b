/** media.*: files that came with messages. */
import type { Handlers } from "../rpc/dispatch.js";
import type { MediaFiles } from "../whatsapp/media/media-files.js";

export function mediaMethods(files: MediaFiles): Pick<Handlers, "media.fetch"> {
  return {
    "media.fetch": ({ tenantId, mediaId }, { signal }) => files.fetch(tenantId, mediaId, signal),
  };
}
