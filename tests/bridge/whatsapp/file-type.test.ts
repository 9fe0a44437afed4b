import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileType } from "../../../bridge/src/whatsapp/media/file-type.js";

const of = (head: string, claimed = "application/octet-stream"): string => fileType(Buffer.from(head, "latin1"), claimed);

describe("the type of a file", () => {
  it("is what its bytes say, whatever its sender says", () => {
    for (const [head, type] of [["\xff\xd8\xff\xe0", "image/jpeg"], ["GIF89a", "image/gif"], ["RIFF....WEBPVP8 ", "image/webp"], ["%PDF-1.7", "application/pdf"], ["\0\0\0\x20ftypisom", "video/mp4"], ["OggS\0", "audio/ogg"], ["\x1a\x45\xdf\xa3", "video/webm"]] as const) {
      assert.equal(of(head, "text/html"), type);
    }
  });

  it("is its sender's choice only among kinds that begin the same", () => {
    const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    assert.equal(of("PK\x03\x04", docx), docx);
    assert.equal(of("PK\x03\x04", "text/html"), "application/zip");
    assert.equal(of("\0\0\0\x20ftypM4V ", "audio/mp4"), "audio/mp4");
    assert.equal(of("OggS", "audio/ogg; codecs=opus"), "audio/ogg");
    assert.equal(of("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"), "application/msword");
  });

  it("is plain text for anything one could read, also markup and scripts", () => {
    for (const text of ["<html><script>", "<svg onload=x>", "#!/bin/sh\n", "a;b;c\r\n"]) assert.equal(of(text, "text/html"), "text/plain");
    assert.equal(fileType(Buffer.from("ção".repeat(200)).subarray(0, 511), "text/plain"), "text/plain");
    assert.equal(of("\0\x01\x02", "text/html"), "application/octet-stream");
    assert.equal(of("", "image/png"), "application/octet-stream");
  });
});
